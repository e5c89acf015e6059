"""Containers with a pool size that are not among those counted."""

from dataclasses import replace

from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.workloads import PooledWorkload
from tests.budget.orders import document, entry, findings, only


def with_unnamed(*containers: str) -> Plan:
    read = document({"api": entry(tasks=1, containers=["web"], env_prefix="ORDERS_")})
    api = read.workloads["api"]
    assert isinstance(api, PooledWorkload)
    return plan(replace(read, workloads={"api": replace(api, unnamed=containers)}))


def test_a_container_with_a_pool_size_that_is_not_named_is_an_error() -> None:
    made = with_unnamed("side")
    finding = only(made, "uncounted-container")
    assert (finding.severity.value, finding.kind, finding.subject) == ("error", "workloads", "api")
    assert finding.message == (
        "container 'side' of api has ORDERS_POOL_SIZE and is not counted: the budget counts 'web'"
    )
    assert "name 'side' among the containers of api" in finding.fix
    assert not made.fits


def test_each_of_them_is_named() -> None:
    assert len(findings(with_unnamed("side", "beat"), "uncounted-container")) == 2


def test_where_all_are_named_there_is_nothing_to_say() -> None:
    assert findings(with_unnamed(), "uncounted-container") == []
