"""Pools too small to be of use."""

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from tests.budget.orders import entry, findings, only, planned


def test_fewer_connections_than_sqlalchemy_keeps_by_default_are_a_warning() -> None:
    """670 // 140 = 4: 2 + 1 = 3 by the split."""
    made = planned({"api": entry(tasks=140)})
    finding = only(made, "starved-pool")
    assert (finding.severity.value, finding.subject) == ("warning", "api")
    assert finding.message == (
        "each pool of api has a share of 4, which gives 2 + 1: orders is divided among 140 pools, and SQLAlchemy alone"
        " would keep 5"
    )
    assert made.fits


def test_a_share_of_as_many_as_sqlalchemy_keeps_is_enough() -> None:
    """670 // 134 = 5; 670 // 135 = 4."""
    assert findings(planned({"api": entry(tasks=134)}), "starved-pool") == []
    assert "has a share of 4, which" in only(planned({"api": entry(tasks=135)}), "starved-pool").message


def test_a_pool_that_was_fixed_and_a_celery_child_are_as_small_as_they_are_meant_to_be() -> None:
    members = {"api": entry(pool_size=1, max_overflow=0), "workers": entry(kind="celery", concurrency=4)}
    assert findings(planned(members), "starved-pool") == []


def test_a_larger_class_is_no_advice_where_the_parameter_group_has_the_number() -> None:
    """187 // 150 = 1 of 200 − 3 − 10; with 37 pools each had 5, and either has 75."""
    members = {name: entry(tasks=150 // 2) for name in ("a", "b")}
    group = {"engine": "postgres", "instance_class": "db.r6g.large", "parameter_max_connections": 200}
    server = {**group, "reserved": {"engine": 3, "admin": 10}}
    made = plan(Document.read({"schema": 1, "databases": {"orders": server}, "workloads": members}))
    found = findings(made, "starved-pool")
    assert [finding.subject for finding in found] == ["a", "b"]
    for finding in found:
        assert finding.fix == (
            "run fewer processes or tasks, surge less, raise max_connections in the parameter group, as far as the"
            " memory allows, or put an RDS Proxy in front"
        )
