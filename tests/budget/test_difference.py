"""What a change does to a budget."""

from dataclasses import replace
from typing import Any

from constructs_lib.budget.difference import Difference, differences
from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from constructs_lib.budget.workloads import Service
from tests.budget.orders import entry, planned

Json = dict[str, Any]


def test_every_value_that_changed_is_named_with_both_and_no_other() -> None:
    """4 pools of 167, 116 + 50; then 8 of 83, 58 + 24."""
    base, head = planned({"api": entry(tasks=4)}), planned({"api": entry(tasks=8)})
    database, workload = differences(base, head)
    assert (database.kind, database.name, database.what) == ("databases", "orders", "changed")
    assert {value.key: (value.before, value.after) for value in workload.values} == {
        "tasks": (4, 8),
        "pools": (4, 8),
        "pool_size": (116, 58),
        "max_overflow": (50, 24),
        "peak": (664, 656),
    }


def test_what_comes_and_what_goes_is_named() -> None:
    base = planned({"api": entry(tasks=1, pool_size=1, max_overflow=0)})
    head = planned({"web": entry(tasks=1, pool_size=1, max_overflow=0)})
    assert [(item.name, item.what) for item in differences(base, head)] == [("api", "removed"), ("web", "added")]


def test_a_percentage_that_a_deployment_does_not_go_by_is_no_change() -> None:
    members = [entry(tasks=1, deployment="canary", maximum_percent=percent) for percent in (100, 200)]
    assert differences(planned({"api": members[0]}), planned({"api": members[1]})) == ()


def of(stack: str, logical_id: str) -> Json:
    return {"logical_id": logical_id, "template": f"{stack}.template.json"}


def stage(stack: str, database: str, workload: str, tasks: int = 4) -> Document:
    """A server with a proxy in front of it and a service behind the proxy, all of one stack."""
    front = workload.replace("api", "front")
    service = {"proxy": front, "tasks": tasks, "pool_size": 10, "max_overflow": 0, "resource": of(stack, "Api")}
    return Document.read(
        {
            "schema": 1,
            "databases": {database: {"max_connections": 600, "resource": of(stack, "Db")}},
            "proxies": {front: {"database": database, "resource": of(stack, "Front")}},
            "workloads": {workload: service},
        }
    )


def both(one: Document, other: Document) -> Document:
    return Document(
        databases={**one.databases, **other.databases},
        proxies={**one.proxies, **other.proxies},
        workloads={**one.workloads, **other.workloads},
    )


def between(base: Document, head: Document) -> list[tuple[str, str, str | None]]:
    return [(item.what, item.name, item.where) for item in differences(plan(base), plan(head))]


def values(found: tuple[Difference, ...], name: str) -> Json:
    (item,) = (item for item in found if item.name == name)
    return {value.key: (value.before, value.after) for value in item.values}


PROD = stage("Prod", "orders", "api")
BESIDE = both(stage("Alpha", "orders", "api", 1), stage("Prod", "Prod/orders", "Prod/api"))
"""Of two apps' entries of one name the second has its app before its own: here the one that was there before."""


def test_what_stood_alone_does_not_change_where_another_of_its_name_comes_before_it() -> None:
    where = "Alpha.template.json"
    assert between(PROD, BESIDE) == [("added", name, where) for name in ("orders", "front", "api")]


def test_what_stands_alone_does_not_change_where_another_of_its_name_before_it_goes() -> None:
    where = "Alpha.template.json"
    assert between(BESIDE, PROD) == [("removed", name, where) for name in ("orders", "front", "api")]


def test_a_value_of_what_is_called_otherwise_is_held_against_its_own() -> None:
    """Prod's 4 tasks become 6, and not Alpha's 1 task."""
    head = both(stage("Alpha", "orders", "api", 1), stage("Prod", "Prod/orders", "Prod/api", 6))
    assert values(differences(plan(PROD), plan(head)), "Prod/api")["tasks"] == (4, 6)
    assert "database" not in values(differences(plan(PROD), plan(head)), "Prod/api")


def test_another_name_is_a_change_of_one_entry_and_not_of_what_refers_to_it() -> None:
    found = differences(plan(PROD), plan(stage("Prod", "main", "api")))
    assert [(item.what, item.name) for item in found] == [("changed", "main")]
    assert values(found, "main") == {"name": ("orders", "main")}


def test_what_is_created_beside_the_one_of_its_name_is_a_replacement() -> None:
    """As the transition counts both: 4 × 10 until it is gone, and 4 × 10 that are new."""
    api = entry(tasks=4, pool_size=10, max_overflow=0)
    base, head = (planned({"api": {**api, "resource": {"logical_id": name}}}) for name in ("Api", "ApiV2"))
    (found,) = differences(base, head)
    assert (found.what, found.name) == ("replaced", "api")
    assert values((found,), "api") == {"resource": ("Api", "ApiV2")}


def test_a_service_of_the_same_name_in_another_stack_is_not_its_replacement() -> None:
    base, head = stage("Prod", "orders", "api"), stage("Alpha", "orders", "api")
    assert ("replaced", "api", None) not in between(base, head)
    assert ("removed", "api", "Prod.template.json") in between(base, head)
    assert ("added", "api", "Alpha.template.json") in between(base, head)


def test_what_moves_to_another_server_is_changed_by_its_server() -> None:
    """That server has the name of the one that goes: both are told by where they are defined."""
    base, head = both(PROD, stage("Alpha", "Alpha/orders", "Alpha/api")), stage("Alpha", "orders", "Alpha/api")
    front = replace(base.proxies["front"], name="prod", database="orders")
    head = replace(head, proxies={**head.proxies, "prod": front})
    found = differences(plan(base), plan(head))
    assert values(found, "prod")["database"] == ("orders (Prod.template.json)", "orders")


def test_what_a_resource_is_replaced_for_is_named_only_where_it_changes() -> None:
    def made(**identity: str) -> Document:
        api = PROD.workloads["api"]
        assert isinstance(api, Service)
        return replace(PROD, workloads={"api": replace(api, identity=identity)})

    assert differences(plan(made(Cluster="a", LaunchType="EC2")), plan(made(Cluster="a", LaunchType="EC2"))) == ()
    found = differences(plan(made(Cluster="a", LaunchType="EC2")), plan(made(Cluster="b", LaunchType="EC2")))
    assert [(item.what, item.name) for item in found] == [("replaced", "api")]
    assert values(found, "api") == {"Cluster": ("a", "b")}
    gone = differences(plan(made(Cluster="a")), plan(replace(PROD, workloads={})))
    assert "Cluster" not in values(gone, "api")
