"""Σ (pools × (pool_size + max_overflow)) + reservations ≤ capacity, or there is an error finding: for any input."""

from typing import Any

import pytest
from hypothesis import event, given, settings

from tests.laws.planning import plan_json
from tests.laws.strategies import LAW, documents
from tests.laws.sums import SCENARIOS, sums

Json = dict[str, Any]


NOT_OF_THE_SUM = {"stale-facts", "unbudgeted-proxy"}
"""Errors that a sum which is shown to fit may have: its terms are known, and known to be wrong."""


def errors(plan: Json) -> list[str]:
    return [finding["id"] for finding in plan["findings"] if finding["severity"] == "error"]


def roles(database: Json) -> list[int]:
    """Limits on the application's role, or on its database within the server, that the document knows."""
    facts = database.get("facts", {})
    limits = [
        database.get("parameter_per_role"),
        *map(facts.get, ("role_connection_limit", "database_connection_limit")),
    ]
    return [limit for limit in limits if isinstance(limit, int)]


@settings(LAW, max_examples=400)
@given(documents())
def test_a_sum_above_the_usable_connections_or_unknown_is_an_error_finding(document: Json) -> None:
    plan = plan_json(document)
    total = sums(document, plan)
    shown = True
    for name, database in plan["databases"].items():
        usable, counted = database["usable"], total.databases[name]
        if database["max_connections"] is not None:
            left = max(0, database["max_connections"] - database["reserved"])
            assert usable == min([left, *roles(document["databases"][name])])
            shown = shown and database["max_connections"] >= database["reserved"]
        shown = shown and usable is not None and counted is not None and max(counted) <= usable
    for name, proxy in plan["proxies"].items():
        ceiling, counted = proxy["max_connections"], total.proxies[name]
        shown = shown and ceiling is not None and counted is not None and max(counted) <= ceiling
    event(f"shown to fit: {shown}")
    assert plan["fits"] == (not errors(plan))
    assert shown or errors(plan)
    if shown:
        assert set(errors(plan)) <= NOT_OF_THE_SUM


@LAW
@given(documents())
def test_the_plans_own_sums_are_those_of_its_pools(document: Json) -> None:
    plan = plan_json(document)
    total = sums(document, plan)
    for written, counted in (
        *((plan["databases"][name], counted) for name, counted in total.databases.items()),
        *((plan["proxies"][name], counted) for name, counted in total.proxies.items()),
    ):
        assert written["scenarios"] == dict(zip(SCENARIOS, counted or (None, None, None), strict=True))
        assert written["peak"] == (counted and max(counted))
    for database in plan["databases"].values():
        known = database["usable"] is not None and database["peak"] is not None
        assert database["headroom"] == (database["usable"] - database["peak"] if known else None)


@LAW
@given(documents())
def test_every_workload_without_a_number_has_an_error_of_its_own_or_its_servers(document: Json) -> None:
    """One that is acknowledged hides no other: only a limit that is unknown is said once, of the server."""
    plan = plan_json(document)
    found = {(item["subject"], item["id"]) for item in plan["findings"] if item["severity"] == "error"}
    for name, item in plan["workloads"].items():
        entry = document["workloads"][name]
        database = entry.get("database") or document["proxies"][entry["proxy"]]["database"]
        if plan["databases"][database]["max_connections"] is None:
            assert (database, "unknown-limit") in found
        elif item["peak"] is None:
            assert {rule for subject, rule in found if subject == name} & {"unknown-tasks", "unbounded-pool", "no-room"}


@LAW
@given(documents(wild=False))
def test_where_every_term_is_known_a_pool_is_sized_or_there_is_no_room_for_it(document: Json) -> None:
    plan = plan_json(document)
    without = {name for name, item in plan["workloads"].items() if item.get("pool_size", 1) is None}
    assert without <= {finding["subject"] for finding in plan["findings"] if finding["id"] == "no-room"}


def test_the_law_would_notice_a_sum_that_is_one_too_many() -> None:
    """Two tasks, doubled by a deployment: 4 pools of 5 + 5 = 40 connections, where 39 + 10 are accepted."""
    api = {"database": "orders", "tasks": 2, "pool_size": 5, "max_overflow": 5}
    for max_connections, fits in ((50, True), (49, False)):
        database = {"max_connections": max_connections, "reserved": {"engine": 0, "admin": 10}}
        document = {"schema": 1, "databases": {"orders": database}, "workloads": {"api": api}}
        plan = plan_json(document)
        assert sums(document, plan).databases == {"orders": (20, 20, 40)}
        assert plan["fits"] is fits


@pytest.mark.parametrize("missing", ["tasks", "max_tasks", "maximum_percent", "deployment", "processes"])
def test_one_unknown_factor_is_enough_not_to_fit(missing: str) -> None:
    api = {"database": "orders", "tasks": 1, "max_tasks": 1, missing: {"unknown": "Fn::If …"}}
    api.pop("max_tasks" if missing == "tasks" else "", None)
    plan = plan_json({"schema": 1, "databases": {"orders": {"max_connections": 5000}}, "workloads": {"api": api}})
    assert errors(plan) == ["unknown-tasks"]
