"""A smaller instance in the writer's place."""

from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from tests.budget.orders import findings, only

WRITER = {"engine": "postgres", "engine_version": "18.1", "instance_class": "db.r6g.large", "reserved": {"admin": 10}}


def with_failover(connections: int, **database: Any) -> Plan:
    orders = {**WRITER, **database}
    reports = {"database": "orders", "kind": "reserved", "connections": connections}
    return plan(Document.read({"schema": 1, "databases": {"orders": orders}, "workloads": {"reports": reports}}))


def test_a_sum_that_the_promoted_instance_does_not_accept_is_a_warning() -> None:
    """A db.t4g.large has 8 GiB: an estimate of 822, less 9 and 10 leaves 803."""
    made = with_failover(804, failover_class="db.t4g.large")
    finding = only(made, "failover-too-small")
    assert (finding.severity.value, finding.subject) == ("warning", "orders")
    assert finding.message == (
        "after a failover of orders its workloads can ask for 804 connections of a reader of db.t4g.large, which"
        " accepts 803 = 822 max_connections (estimated) − 9 reserved by the engine − 10 administrative reserve"
    )
    assert finding.fix.endswith("or plan for the smaller one with max_connections=822")
    assert made.fits
    assert findings(with_failover(803, failover_class="db.t4g.large"), "failover-too-small") == []


def test_an_instance_of_the_same_class_takes_over_all_of_it() -> None:
    assert findings(with_failover(1600, failover_class="db.r6g.large"), "failover-too-small") == []
    assert findings(with_failover(1600), "failover-too-small") == []


def test_what_was_declared_was_read_on_the_writer_and_says_nothing_of_another_class() -> None:
    made = with_failover(900, failover_class="db.t4g.large", max_connections=2000)
    assert "accepts 803 = " in only(made, "failover-too-small").message


def test_a_class_that_cannot_be_read_cannot_be_shown_to_take_over() -> None:
    message = only(with_failover(1, failover_class={"unknown": "Ref Class"}), "failover-too-small").message
    assert "a reader of unknown class, which accepts unknown: Ref Class" in message
