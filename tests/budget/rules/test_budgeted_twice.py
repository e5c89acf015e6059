"""One server with two budgets."""

from dataclasses import replace
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from tests.budget.orders import ORDERS, document, findings, only


def two(one: dict[str, Any], other: dict[str, Any]) -> Plan:
    return plan(Document.read({"schema": 1, "databases": {"a": {**ORDERS, **one}, "b": {**ORDERS, **other}}}))


def of(logical_id: str, template: str | None = None) -> dict[str, Any]:
    return {"resource": {"logical_id": logical_id} | ({"template": template} if template else {})}


def test_an_entry_that_the_templates_show_to_be_another_ones_server_is_an_error() -> None:
    read = document({})
    twin = replace(read.databases["orders"], twins=("shop of App/Shop",))
    made = plan(replace(read, databases={"orders": twin}))
    finding = only(made, "budgeted-twice")
    assert (finding.severity.value, finding.subject) == ("error", "orders")
    assert finding.message.startswith("orders is the same server as shop of App/Shop: ")
    assert not made.fits


def test_two_names_of_one_resource_in_one_document_are_one_server() -> None:
    assert only(two(of("Db"), of("Db")), "budgeted-twice").message.startswith("b is the same server as a of this")


def test_two_resources_are_two_servers_and_so_are_entries_of_which_no_resource_is_known() -> None:
    assert findings(two(of("Db"), of("Other")), "budgeted-twice") == []
    assert findings(two(of("Db", "a.json"), of("Db", "b.json")), "budgeted-twice") == []
    assert findings(two({}, {}), "budgeted-twice") == []


def test_a_construct_has_two_entries_for_a_cluster_that_is_one_resource() -> None:
    own = {**of("Cluster"), "construct_path": "App/Budget"}
    assert findings(two(own, own), "budgeted-twice") == []
