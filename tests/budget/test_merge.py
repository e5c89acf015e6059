"""Several budgets in one document."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings

from constructs_lib.budget.document import Document
from constructs_lib.budget.merge import merged, origins, without
from constructs_lib.budget.plan import plan
from tests.laws.strategies import LAW, documents

Json = dict[str, Any]


def budget(path: str, *, tasks: int = 4) -> Document:
    """One budget as the construct writes it, with names that every budget gives."""
    own = {"construct_path": path}
    return Document.read(
        {
            "schema": 1,
            "databases": {"db": {"max_connections": 683, "reserved": {"engine": 3, "admin": 10}, **own}},
            "proxies": {"front": {"database": "db", "max_connections_percent": 50, **own}},
            "workloads": {
                "api": {"database": "db", "tasks": tasks, "maximum_percent": 100, **own},
                "web": {"proxy": "front", "tasks": tasks, "maximum_percent": 100, **own},
                "reports": {"database": "db", "kind": "reserved", "connections": 5, **own},
            },
        }
    )


def test_a_single_budget_stays_as_it_is() -> None:
    assert merged([budget("App/Orders")]) == budget("App/Orders")


def test_a_name_that_is_taken_gets_that_of_its_budget_before_it() -> None:
    both = merged([budget("App/Orders"), budget("App/Shop", tasks=2)])
    assert list(both.databases) == ["db", "App/Shop/db"]
    assert list(both.proxies) == ["front", "App/Shop/front"]
    assert list(both.workloads) == ["api", "web", "reports", "App/Shop/api", "App/Shop/web", "App/Shop/reports"]
    for group in (both.databases, both.proxies, both.workloads):
        assert all(name == item.name for name, item in group.items())


def test_every_entry_of_a_merge_is_known_by_its_document_and_its_name_there() -> None:
    """The second has the names of the first, and the third those that the first two have together."""
    parts = [budget("App/Orders"), budget("App/Shop"), merged([budget("App/Orders"), budget("App/Shop")])]
    together = merged(parts)
    found = origins(parts, together)
    assert found["workloads", "App/Shop/api"] == (1, "api")
    assert found["proxies", "App/Orders/front"] == (2, "front")
    assert found["databases", "App/Shop/App/Shop/db"] == (2, "App/Shop/db")
    for (kind, name), (number, own) in found.items():
        assert getattr(together, kind)[name].construct_path == getattr(parts[number], kind)[own].construct_path
    assert {kind: sum(of == kind for of, _ in found) for kind in ("databases", "proxies", "workloads")} == {
        kind: len(getattr(together, kind)) for kind in ("databases", "proxies", "workloads")
    }


def test_what_refers_to_a_renamed_entry_follows_it() -> None:
    both = merged([budget("App/Orders"), budget("App/Shop")])
    both.check()
    assert both.proxies["App/Shop/front"].database == "App/Shop/db"
    assert both.workloads["App/Shop/api"].database == "App/Shop/db"
    assert both.workloads["App/Shop/web"].proxy == "App/Shop/front"
    assert both.workloads["web"].proxy == "front"


def test_what_is_deployed_of_two_files_keeps_both_servers() -> None:
    """Each has a `db`, and one of them would be lost; of one file, both budgets bring the same."""
    old, new = budget("App/Orders"), budget("App/Shop")
    both = merged([replace(old, deployed=old), replace(new, deployed=new)]).deployed
    assert both is not None
    assert list(both.databases) == ["db", "App/Shop/db"]
    assert merged([replace(old, deployed=old), replace(new, deployed=old)]).deployed == old


def test_a_renamed_workload_still_calls_itself_as_before_at_the_server() -> None:
    environments = plan(merged([budget("App/Orders"), budget("App/Shop")])).environments()
    assert environments["App/Shop/api"]["DB_APPLICATION_NAME"] == "api"


def test_a_budget_beside_another_is_planned_as_if_it_were_alone() -> None:
    first, second = budget("App/Orders"), budget("App/Shop", tasks=2)
    both, alone = plan(merged([first, second])), plan(second)
    assert both.environments()["App/Shop/api"] == alone.environments()["api"]
    assert both.environments()["api"] == plan(first).environments()["api"]
    assert both.to_json()["databases"]["App/Shop/db"] == alone.to_json()["databases"]["db"]


def test_a_budget_can_be_taken_out_again() -> None:
    both = merged([budget("App/Orders"), budget("App/Shop")])
    assert without(both, "App/Shop") == budget("App/Orders")
    assert list(without(both, "App/Orders").databases) == ["App/Shop/db"]
    assert without(both, "App/Else") == both


def test_a_document_of_several_budgets_survives_json() -> None:
    both = merged([budget("App/Orders"), budget("App/Shop"), budget("App/Mail")])
    assert Document.read(both.to_json()) == both


@settings(LAW, max_examples=60)
@given(documents(wild=False), documents(wild=False))
def test_budgets_of_one_document_do_not_touch_each_other(first: Json, second: Json) -> None:
    for path, document in (("App/One", first), ("App/Two", second)):
        for section in ("databases", "proxies", "workloads"):
            for entry in document.get(section, {}).values():
                entry["construct_path"] = path
    one, two = Document.read(first), Document.read(second)
    both = plan(merged([one, two])).to_json()["databases"].values()
    assert list(both) == [*plan(one).to_json()["databases"].values(), *plan(two).to_json()["databases"].values()]


def test_a_new_name_that_another_entry_of_the_same_budget_has_is_made_longer() -> None:
    first = budget("App/Orders")
    for names in (("api", "App/Shop/api"), ("App/Shop/api", "api")):
        entries = {name: {"database": "db", "tasks": 1, "construct_path": "App/Shop"} for name in names}
        second = Document.read({"schema": 1, "databases": {"db": {"construct_path": "App/Shop"}}, "workloads": entries})
        both = merged([first, second])
        new = [name for name in both.workloads if name not in first.workloads]
        assert sorted(new) == ["App/Shop/App/Shop/api", "App/Shop/api"]
        assert {name: item.name for name, item in both.workloads.items()} == {name: name for name in both.workloads}
        assert both.workloads["App/Shop/api"] == replace(second.workloads["App/Shop/api"], database="App/Shop/db")
