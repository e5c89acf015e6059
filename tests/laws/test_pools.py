"""What every pool's size obeys, whatever the document."""

import copy
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from constructs_lib.budget.split import PoolSize
from tests.laws.planning import chosen, plan_json
from tests.laws.strategies import LAW, documents

Json = dict[str, Any]

SHARED = {
    "schema": 1,
    "databases": {"orders": {"max_connections": 110, "reserved": {"engine": 0, "admin": 0}}},
    "proxies": {"front": {"database": "orders", "max_connections_percent": 10}},
    "workloads": {
        "api": {"proxy": "front", "tasks": 1, "maximum_percent": 100, "multiplexing": 10},
        "batch": {"proxy": "front", "tasks": 5, "maximum_percent": 100},
    },
}
"""11 connections of a proxy among six pools, one of which shares its connections among ten clients each."""


def nowhere_larger(after: dict[str, PoolSize], before: dict[str, PoolSize]) -> None:
    for name, size in after.items():
        assert size.pool_size <= before[name].pool_size, (name, before[name], size)
        assert size.ceiling <= before[name].ceiling, (name, before[name], size)


def grown(document: Json, which: int, key: str, default: str, more: int, kinds: set[str]) -> Json:
    """The document with a larger number in one of its workloads of these kinds."""
    names = sorted(name for name, item in document.get("workloads", {}).items() if item.get("kind", "service") in kinds)
    assume(names)
    larger = copy.deepcopy(document)
    workload = larger["workloads"][names[which % len(names)]]
    workload[key] = workload.get(key, workload.get(default, 1)) + more
    return larger


@LAW
@given(documents())
def test_a_chosen_pool_keeps_at_least_one_connection_and_no_number_is_negative(document: Json) -> None:
    plan = plan_json(document)
    for name, item in plan["workloads"].items():
        for number in (item["peak"], *item["scenarios"].values(), item.get("pools")):
            assert number is None or (type(number) is int and number >= 0)
        if item.get("pool_size") is not None and "pool_size" not in document["workloads"][name]:
            assert item["pool_size"] >= 1
            assert item["max_overflow"] >= 0


@LAW
@given(documents(wild=False), st.integers(1, 200), st.integers(0, 2))
def test_a_server_that_accepts_more_never_has_smaller_pools(document: Json, more: int, which: int) -> None:
    """But for a limit on the role, of which a proxy takes more where the server that its percentage is of grows."""
    for database in document["databases"].values():
        database.pop("parameter_per_role", None)
        database.get("sources", {}).pop("parameter_per_role", None)
    larger = copy.deepcopy(document)
    names = sorted(document["databases"])
    larger["databases"][names[which % len(names)]]["max_connections"] += more
    nowhere_larger(chosen(document), chosen(larger))


@LAW
@given(documents(wild=False), st.integers(1, 200), st.integers(1, 200))
def test_a_role_that_may_open_more_never_has_smaller_pools(document: Json, limit: int, more: int) -> None:
    larger = copy.deepcopy(document)
    for name, database in document["databases"].items():
        database["parameter_per_role"] = limit
        larger["databases"][name]["parameter_per_role"] = limit + more
    nowhere_larger(chosen(document), chosen(larger))


@LAW
@given(documents(wild=False), st.integers(1, 20), st.sampled_from(["tasks", "max_tasks"]), st.integers(0, 4))
@example(document=SHARED, more=1, key="tasks", which=0)
def test_more_tasks_never_have_larger_pools(document: Json, more: int, key: str, which: int) -> None:
    larger = grown(document, which, key, "tasks", more, {"service", "celery"} | ({"task"} if key == "tasks" else set()))
    nowhere_larger(chosen(larger), chosen(document))


@LAW
@given(
    documents(wild=False), st.integers(1, 10), st.sampled_from(["overlap", "reserved_concurrency"]), st.integers(0, 4)
)
def test_more_runs_or_environments_at_once_never_have_larger_pools(
    document: Json, more: int, key: str, which: int
) -> None:
    kind = {"overlap": "task", "reserved_concurrency": "function"}[key]
    nowhere_larger(chosen(grown(document, which, key, "", more, {kind})), chosen(document))


@LAW
@given(documents(wild=False), st.integers(1, 20), st.integers(1, 20))
def test_a_chosen_pool_is_never_larger_than_the_user_lets_it_be(document: Json, most: int, more: int) -> None:
    sizes = []
    for largest in (most, most + more):
        for item in document.get("workloads", {}).values():
            if item.get("kind", "service") not in {"celery", "reserved"}:
                item["largest_pool"] = largest
        sizes.append(chosen(document))
        assert all(size.ceiling <= largest for size in sizes[-1].values())
    nowhere_larger(*sizes)


@LAW
@given(
    documents(wild=False), st.integers(1, 10), st.sampled_from(["processes", "engines_per_process"]), st.integers(0, 4)
)
@example(document=SHARED, more=1, key="processes", which=0)
def test_more_pools_in_a_task_are_never_larger_ones(document: Json, more: int, key: str, which: int) -> None:
    nowhere_larger(chosen(grown(document, which, key, "", more, {"service", "task"})), chosen(document))


@LAW
@given(documents(wild=False), st.integers(1, 10), st.integers(0, 4))
def test_a_heavier_weight_never_has_a_smaller_pool_nor_makes_anothers_larger(
    document: Json, more: int, which: int
) -> None:
    heavier = grown(document, which, "weight", "", more, {"service", "task", "function"})
    before, after = chosen(document), chosen(heavier)
    changed = {name for name, item in heavier["workloads"].items() if item != document["workloads"][name]}
    nowhere_larger({name: after[name] for name in after.keys() - changed}, before)
    nowhere_larger({name: before[name] for name in before.keys() & changed}, after)


ORDERED = {
    "schema": 1,
    "databases": {"orders": {"max_connections": 34}},
    "proxies": {
        "api": {"database": "orders", "max_connections_percent": 3},
        "shop": {"database": "orders", "max_connections_percent": 45},
    },
}


OPEN = {
    "schema": 1,
    "databases": {"orders": {}},
    "workloads": {
        "api": {"database": "orders"},
        "shop": {"database": "orders", "tasks": {"unknown": "Fn::If"}},
        "mail": {"database": "orders", "tasks": {"unknown": "Fn::If"}},
    },
}
TWINS = {"schema": 1, "databases": {name: {"resource": {"logical_id": "Db"}} for name in ("shop", "orders")}}


@LAW
@given(documents(), st.integers(0, 4))
@example(document=ORDERED, turn=0)
@example(document=OPEN, turn=0)
@example(document=TWINS, turn=0)
def test_the_order_of_entries_changes_nothing_but_the_order_of_the_output(document: Json, turn: int) -> None:
    """Turned round, and then rotated."""
    shuffled = {"schema": document["schema"]}
    for section in ("workloads", "proxies", "databases"):
        names = list(document.get(section, {}))[::-1]
        shuffled[section] = {name: document[section][name] for name in names[turn:] + names[:turn]}
    assert plan_json(shuffled) == plan_json(document)
