"""Facts of another server."""

from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from tests.budget.orders import findings, only

FACTS = {
    "looked_up": "2026-11-22",
    "engine": "postgres",
    "engine_version": "16.4",
    "instance_class": "db.r6g.large",
    "max_connections": 1700,
}


def with_facts(**database: Any) -> Plan:
    orders = {"engine": "postgres", "engine_version": "16.4", "facts": FACTS, **database}
    return plan(Document.read({"schema": 1, "databases": {"orders": orders}}))


def test_facts_of_another_class_are_an_error_with_both_classes() -> None:
    made = with_facts(instance_class="db.r6g.xlarge")
    finding = only(made, "stale-facts")
    assert (finding.severity.value, finding.subject) == ("error", "orders")
    assert finding.message == (
        "the facts about orders are not of the server that the template describes:"
        " looked up on 2026-11-22 with instance class db.r6g.large, now db.r6g.xlarge"
    )
    assert "connection-budget lookup" in finding.fix
    assert not made.fits


def test_facts_of_the_same_server_are_none() -> None:
    made = with_facts(instance_class="db.r6g.large")
    assert findings(made, "stale-facts") == []
    assert made.to_json()["databases"]["orders"]["max_connections"] == 1700
    assert made.to_json()["databases"]["orders"]["basis"] == "looked-up"


def test_what_the_document_does_not_say_is_not_compared() -> None:
    assert findings(with_facts(), "stale-facts") == []
