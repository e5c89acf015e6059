"""Apps of nested stacks, whose templates lie in files that no stack of the app has."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds

from constructs_lib.budget.document import Document
from constructs_lib.cdk import ConnectionBudget
from tests.cdk.shop import IMAGE, POSTGRES, Shop, new_app, scaled_by_hand
from tests.cdk.synthesis import Synthesis, synthesize

pytestmark = pytest.mark.synth

Synth = Callable[..., Synthesis]
ARTICLE: dict[str, Any] = {"max_connections": 683, "engine_reserve": 3, "admin_reserve": 10}
UNBOUNDED: dict[str, Any] = {"pool_size": 0, "max_overflow": 5}


class TestNestedStacks:
    @pytest.mark.parametrize("asset_metadata", [False, True], ids=["python app.py", "cdk synth"])
    @pytest.mark.parametrize("nested", ["database", "service", "task definition", "budget", "all"])
    def test_any_part_may_be_in_a_nested_stack(self, tmp_path: Path, nested: str, *, asset_metadata: bool) -> None:
        """The CLI makes the CDK note in a template where the templates of nested stacks lie; nothing else does."""
        app = new_app(tmp_path, **{"aws:cdk:enable-asset-metadata": asset_metadata})
        shop = Shop(app)
        inner = cdk.NestedStack(shop, "Inner")
        home: dict[str, Any] = {
            part: inner if nested in {part, "all"} else shop
            for part in ("database", "service", "task definition", "budget")
        }
        database = rds.DatabaseInstance(
            home["database"], "Orders", engine=POSTGRES, vpc=shop.vpc, vpc_subnets=shop.private
        )
        task = ecs.FargateTaskDefinition(home["task definition"], "Task")
        task.add_container("web", image=IMAGE)
        service = ecs.FargateService(
            home["service"],
            "Api",
            cluster=shop.cluster,
            task_definition=task,
            desired_count=4,
            min_healthy_percent=50,
            max_healthy_percent=100,
        )
        budget = ConnectionBudget(home["budget"], "Budget", database=database, **ARTICLE)
        budget.add_service("api", service=service, processes_per_task=1)

        synthesis = synthesize(app)

        assert synthesis.error == ""
        assert synthesis.ids == []
        assert synthesis.variables()["DB_POOL_SIZE"] == "116"

    def test_a_nested_service_is_held_against_its_template(self, shop: Shop, synth: Synth) -> None:
        inner = cdk.NestedStack(shop, "Inner")
        task = ecs.FargateTaskDefinition(inner, "Task")
        task.add_container("web", image=IMAGE)
        service = ecs.FargateService(
            inner, "Api", cluster=shop.cluster, task_definition=task, desired_count=4, min_healthy_percent=50
        )
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        l1 = service.node.default_child or service.node.find_child("Service")
        assert isinstance(l1, cdk.CfnResource)
        l1.add_property_override("DesiredCount", 8)

        assert synth().errors == ["environment-conflict", "overcommitted"]

    @pytest.mark.parametrize("scaling", ["inside", "outside"])
    def test_autoscaling_of_a_nested_service_is_counted(self, shop: Shop, synth: Synth, scaling: str) -> None:
        """8 tasks: 670 // 8 = 83; 58 + 24."""
        inner = cdk.NestedStack(shop, "Inner")
        task = ecs.FargateTaskDefinition(inner, "Task")
        task.add_container("web", image=IMAGE)
        service = ecs.FargateService(
            inner,
            "Api",
            cluster=shop.cluster,
            task_definition=task,
            desired_count=4,
            min_healthy_percent=50,
            max_healthy_percent=100,
        )
        shop.budget(database=shop.instance()).add_service(
            "api", service=service, processes_per_task=1, max_tasks=8 if scaling == "outside" else None
        )
        if scaling == "inside":
            service.auto_scale_task_count(max_capacity=8)
        else:
            scaled_by_hand(shop, service, 8)

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables()["DB_POOL_SIZE"] == "58"

    @pytest.mark.parametrize("nested", ["target", "service"])
    def test_a_scalable_target_on_the_other_side_of_a_nested_stack_is_counted(
        self, shop: Shop, synth: Synth, nested: str
    ) -> None:
        """8 tasks × 166 = 1328 > 670."""
        inner = cdk.NestedStack(shop, "Inner")
        service = ecs.FargateService(
            inner if nested == "service" else shop,
            "Api",
            cluster=shop.cluster,
            task_definition=shop.task("Api", ["web"]),
            desired_count=4,
            min_healthy_percent=50,
            max_healthy_percent=100,
        )
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        scaled_by_hand(inner if nested == "target" else shop, service, 8)

        assert "overcommitted" in synth().errors

    def test_what_an_earlier_synth_left_behind_is_passed_over(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        """The CDK does not empty its folder: the template of a nested stack that is gone may still lie there."""
        shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1)
        gone = Document.read(
            {
                "schema": 1,
                "databases": {"Gone": {"max_connections": 5, "construct_path": "Shop/Gone/Budget"}},
                "workloads": {"api": {"database": "Gone", "kind": "reserved", "connections": 500}},
            }
        )
        left = Path(app.outdir) / "ShopGone12345678.nested.template.json"
        left.write_text(json.dumps({"Metadata": {"ConnectionBudget": gone.to_json()}}))

        synthesis = synth()

        assert synthesis.ids == []
        assert "Gone" not in synthesis.printed

    def test_a_finding_in_a_nested_stack_can_be_acknowledged_there(self, shop: Shop, synth: Synth) -> None:
        inner = cdk.NestedStack(shop, "Inner")
        task = ecs.FargateTaskDefinition(inner, "Task")
        task.add_container("web", image=IMAGE)
        service = ecs.FargateService(
            inner, "Api", cluster=shop.cluster, task_definition=task, desired_count=4, min_healthy_percent=50
        )
        budget = ConnectionBudget(inner, "Budget", database=shop.instance(), **ARTICLE)
        budget.add_service("api", service=service, processes_per_task=1, **UNBOUNDED)
        cdk.Validations.of(service).acknowledge(
            cdk.Acknowledgment(id="ConnectionBudget::unbounded-pool", reason="load test")
        )

        synthesis = synth()

        assert not synthesis.failed
        assert [item.constructs for item in synthesis.suppressed] == [("Shop/Inner/Api/Service",)]

    @pytest.mark.parametrize("inner", ["group", "database"])
    def test_a_parameter_group_may_be_on_the_other_side_of_a_nested_stack(
        self, shop: Shop, synth: Synth, inner: str
    ) -> None:
        """303 − 13 = 290; 290 // 4 = 72; 50 + 21."""
        nested = cdk.NestedStack(shop, "Inner")
        group = rds.ParameterGroup(
            nested if inner == "group" else shop, "Group", engine=POSTGRES, parameters={"max_connections": "303"}
        )
        database = rds.DatabaseInstance(
            nested if inner == "database" else shop,
            "Orders",
            engine=POSTGRES,
            vpc=shop.vpc,
            vpc_subnets=shop.private,
            parameter_group=group,
        )
        shop.budget(database=database, max_connections=None).add_service(
            "api", service=shop.fargate(), processes_per_task=1
        )

        synthesis = synth()

        assert synthesis.errors == []
        assert synthesis.variables()["DB_POOL_SIZE"] == "50"
