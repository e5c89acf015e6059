"""Synthesizing twice."""

from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import pytest

from tests.cdk.shop import Shop, new_app
from tests.cdk.synthesis import Synthesis, synthesize

pytestmark = pytest.mark.synth

Synth = Callable[..., Synthesis]


def test_two_runs_of_an_app_give_the_same_bytes(tmp_path: Path) -> None:
    """As two runs of `cdk synth` do: with two budgets in one stack, and a third in another."""
    written = []
    for run in ("first", "second"):
        app = new_app(tmp_path / run)
        shop, other = Shop(app), Shop(app, "Other")
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=shop.fargate(containers=["web", "proxy"]), processes_per_task=2)
        budget.add_celery_workers("workers", service=other.fargate("Workers"), concurrency=4)
        shop.budget("UserBudget", database=other.instance("Users")).add_reservation("api", connections=5)
        other.budget(database=other.instance()).add_service("api", service=other.fargate())
        synthesize(app)
        written.append({path.name: path.read_bytes() for path in (tmp_path / run).glob("*.template.json")})

    assert set(written[0]) == {"Shop.template.json", "Other.template.json"}
    assert written[0] == written[1]


def test_the_same_app_synthesized_again_gives_the_same_bytes(shop: Shop, synth: Synth) -> None:
    service = shop.fargate()
    shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
    shop.budget("UserBudget", database=shop.instance("Users")).add_service(
        "api", service=service, processes_per_task=1, env_prefix="USERS_"
    )
    shop.budget("StockBudget", database=shop.instance("Stock")).add_reservation("api", connections=5)
    first = synth().template()

    again = synth(force=True)

    assert not again.failed
    assert again.template() == first
    assert list(again.document["workloads"]) == list(first["Metadata"]["ConnectionBudget"]["workloads"])


class TestChangesBetweenTwoSynths:
    """The CDK computes a task definition once, whoever changes it later; such a change must not be lost."""

    def test_autoscaling_that_is_added_is_refused(self, shop: Shop, synth: Synth) -> None:
        """8 tasks × (116 + 50) = 1328 > 670."""
        service = shop.fargate()
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        assert not synth().failed
        service.auto_scale_task_count(max_capacity=8)

        again = synth(force=True)

        assert again.failed
        assert again.errors == ["environment-conflict", "overcommitted"]

    def test_a_workload_that_is_added_is_refused(self, shop: Shop, synth: Synth) -> None:
        """664 + 70 = 734 > 670."""
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=shop.fargate(), processes_per_task=1)
        assert not synth().failed
        budget.add_reservation("psql", connections=70)

        again = synth(force=True)

        assert again.failed
        assert again.errors == ["environment-conflict", "overcommitted"]

    def test_autoscaling_that_changes_no_pool_is_accepted(self, shop: Shop, synth: Synth) -> None:
        """A fixed pool stays what it is: 4 × 20 and then 8 × 20 of 670."""
        service = shop.fargate()
        shop.budget(database=shop.instance()).add_service(
            "api", service=service, processes_per_task=1, pool_size=10, max_overflow=10, env_prefix="ORDERS_"
        )
        assert not synth().failed
        service.auto_scale_task_count(max_capacity=8)

        again = synth(force=True)

        assert not again.failed
        assert again.document["workloads"]["api"]["max_tasks"] == 8


def test_aspects_may_be_stabilized(tmp_path: Path) -> None:
    """With this flag the CDK visits the tree until nothing changes any more."""
    app = new_app(tmp_path, **{"@aws-cdk/core:aspectStabilization": True})
    shop = Shop(app)
    shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1)
    cdk.Tags.of(app).add("team", "shop")

    synthesis = synthesize(app)

    assert synthesis.ids == []
    assert synthesis.variables()["DB_POOL_SIZE"] == "116"
