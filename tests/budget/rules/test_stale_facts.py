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


UNNAMED = {"looked_up": "2026-01-01", "engine": "postgres", "engine_version": "16.8", "max_connections": 1700}


def test_more_than_all_of_the_memory_gives_was_looked_up_on_another_class() -> None:
    """A db.t4g.micro has 1 GiB: 2^30 / 9531392 = 112."""
    made = with_facts(engine_version="16.8", instance_class="db.t4g.micro", facts=UNNAMED)
    assert only(made, "stale-facts").message.endswith(
        "looked up on 2026-01-01 with 1700 connections, and all of the memory of db.t4g.micro gives at most 112"
    )
    at_most = {**UNNAMED, "max_connections": 112}
    assert findings(with_facts(instance_class="db.t4g.micro", facts=at_most), "stale-facts") == []


def test_a_look_up_that_does_not_say_its_class_is_assumed_to_be_of_the_documents() -> None:
    made = with_facts(engine_version="16.8", instance_class="db.r6g.large", facts=UNNAMED)
    assert findings(made, "stale-facts") == []
    words = "the look-up of 2026-01-01 does not say its instance class: db.r6g.large is assumed"
    assert words in only(made, "assumed").message
    assert words not in only(with_facts(instance_class="db.r6g.large"), "assumed").message


def test_what_a_parameter_group_or_the_user_sets_is_not_held_against_the_class() -> None:
    for key in ("max_connections", "parameter_max_connections"):
        made = with_facts(instance_class="db.t4g.micro", facts=UNNAMED, **{key: 500})
        assert findings(made, "stale-facts") == []


def test_more_connections_than_it_is_said_to_accept_were_open_on_another_server() -> None:
    for highest, found in ((683, []), (684, ["stale-facts"])):
        made = with_facts(max_connections=683, facts={**FACTS, "highest_connections": highest})
        assert [finding.id for finding in findings(made, "stale-facts")] == found


def test_a_parameter_that_waits_for_a_reboot_lowers_what_was_looked_up() -> None:
    made = with_facts(facts={**FACTS, "max_connections": 1678, "parameter": "100", "pending_reboot": True})
    assert made.to_json()["databases"]["orders"]["max_connections"] == 100
    in_force = with_facts(facts={**FACTS, "max_connections": 1678, "parameter": "100"})
    assert in_force.to_json()["databases"]["orders"]["max_connections"] == 1678
    own = with_facts(
        facts={**FACTS, "max_connections": 1678, "parameter": "100", "pending_reboot": True},
        parameter_max_connections=500,
    )
    assert own.to_json()["databases"]["orders"]["max_connections"] == 500
