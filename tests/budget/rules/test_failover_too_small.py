"""A smaller instance in the writer's place."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from tests.budget.orders import findings, only

Json = dict[str, Any]
PLANNED = "plan for the smaller one with max_connections=822"
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
    assert finding.fix == "give every instance that can be promoted the writer's class"
    assert made.fits
    assert findings(with_failover(803, failover_class="db.t4g.large"), "failover-too-small") == []


@pytest.mark.parametrize(
    ("pool", "ways"),
    [
        ({}, ["give every instance that can be promoted the writer's class", PLANNED]),
        ({"pool_size": 35, "max_overflow": 5}, ["give every instance that can be promoted the writer's class"]),
    ],
)
def test_a_plan_for_the_smaller_one_is_proposed_where_it_fits(pool: Json, ways: list[str]) -> None:
    """20 pools of 1659 are 82 each, 57 + 24 = 1620; of 803 they are 40 each, 28 + 12 = 800.

    A db.t4g.medium accepts 393, which leaves 374: 20 pools of 35 + 5 are 800, whatever is planned.
    """
    promoted = "db.t4g.medium" if pool else "db.t4g.large"
    api = {"database": "orders", "tasks": 10, "maximum_percent": 200, **pool}
    orders = {**WRITER, "failover_class": promoted}
    read: Json = {"schema": 1, "databases": {"orders": orders}, "workloads": {"api": api}}
    finding = only(plan(Document.read(read)), "failover-too-small")
    assert finding.fix == ", or ".join(ways)
    limit = 393 if pool else 822
    smaller = plan(Document.read({**read, "databases": {"orders": {**orders, "max_connections": limit}}}))
    assert smaller.fits is not bool(pool)
    assert findings(smaller, "failover-too-small") == []


def test_an_instance_of_the_same_class_takes_over_all_of_it() -> None:
    assert findings(with_failover(1600, failover_class="db.r6g.large"), "failover-too-small") == []
    assert findings(with_failover(1600), "failover-too-small") == []


def test_what_was_declared_was_read_on_the_writer_and_says_nothing_of_another_class() -> None:
    made = with_failover(900, failover_class="db.t4g.large", max_connections=2000)
    assert "accepts 803 = " in only(made, "failover-too-small").message


def test_a_class_that_cannot_be_read_cannot_be_shown_to_take_over() -> None:
    message = only(with_failover(1, failover_class={"unknown": "Ref Class"}), "failover-too-small").message
    assert "a reader of unknown class, which accepts unknown: Ref Class" in message


READER = {"logical_id": "Reader"}


def with_readers(writing: int, reading: int, *, readers: int = 1, proxies: Any = None, **reader: Any) -> Plan:
    cluster = {**WRITER, "failover": READER, "failover_class": "db.r6g.large", "readers": readers, **reader}
    databases = {
        "orders": cluster,
        "orders-reader": {**WRITER, "instance_class": cluster["failover_class"], "resource": READER},
    }
    workloads = {
        "api": {"database": "orders", "kind": "reserved", "connections": writing},
        "reports": {"database": "orders-reader", "kind": "reserved", "connections": reading},
    }
    return plan(Document.read({"schema": 1, "databases": databases, "proxies": proxies or {}, "workloads": workloads}))


def test_the_only_reader_has_the_clients_of_both_endpoints_after_a_failover() -> None:
    """A db.r6g.large is 1678, less 9 and 10 leaves 1659 for 1000 + 660."""
    finding = only(with_readers(1000, 660), "failover-too-small")
    assert finding.message == (
        "after a failover of orders its workloads can ask for 1660 connections of a reader of db.r6g.large, 660 of"
        " them of orders-reader, which has no other instance left, which accepts 1659 = 1678 max_connections"
        " (estimated) − 9 reserved by the engine − 10 administrative reserve"
    )
    assert finding.fix == "run a second reader, or use a larger instance class"
    assert findings(with_readers(1000, 659), "failover-too-small") == []


def test_beside_a_second_reader_the_readers_clients_have_where_to_go() -> None:
    assert findings(with_readers(1000, 660, readers=2), "failover-too-small") == []


def test_a_smaller_only_reader_has_the_clients_of_both_endpoints_too() -> None:
    """A db.t4g.large is 822, less 9 and 10 leaves 803."""
    assert findings(with_readers(700, 103, failover_class="db.t4g.large"), "failover-too-small") == []
    assert (
        "can ask for 804 " in only(with_readers(700, 104, failover_class="db.t4g.large"), "failover-too-small").message
    )


def test_the_clients_of_a_proxy_get_its_percentage_of_the_promoted_instance() -> None:
    """A proxy of 10 % opens 167 of 1678 and 82 of 822."""
    proxies = {"front": {"database": "orders", "max_connections_percent": 10}}
    orders = {**WRITER, "failover_class": "db.t4g.large"}

    def with_clients(connections: int) -> Plan:
        api = {"proxy": "front", "kind": "reserved", "connections": connections}
        read = {"schema": 1, "databases": {"orders": orders}, "proxies": proxies, "workloads": {"api": api}}
        return plan(Document.read(read))

    assert findings(with_clients(82), "failover-too-small") == []
    made = with_clients(83)
    assert made.fits
    assert only(made, "failover-too-small").message == (
        "after a failover of orders the clients of front can ask for 83 connections, and of a reader of db.t4g.large"
        " it opens at most 82"
    )


def test_memory_that_was_given_for_the_writers_class_says_nothing_of_another() -> None:
    """A class that is newer than the table has the memory it is given; the reader of it does not."""
    made = with_failover(804, instance_class="db.z9.new", memory_bytes=2**36, failover_class="db.t4g.large")
    assert "accepts 803 = " in only(made, "failover-too-small").message
    newer = with_failover(804, memory_bytes=2**36, failover_class="db.z9.new")
    assert "accepts unknown: " in only(newer, "failover-too-small").message
