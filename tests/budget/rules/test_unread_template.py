"""Parts of the templates that cannot be read."""

from dataclasses import replace

from constructs_lib.budget.client import Unread
from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from tests.budget.orders import document, entry, findings

MACRO = Unread(
    name="Services", template=None, words="the macro 'Services' can change every resource", remedy="process it"
)


def beside(read: Document, *parts: Unread) -> Plan:
    return plan(replace(read, databases={name: replace(item, unread=parts) for name, item in read.databases.items()}))


def test_what_cannot_be_read_keeps_a_budget_from_fitting_whatever_its_sum() -> None:
    made = beside(document({}), MACRO)
    (finding,) = findings(made, "unread-template")
    assert not made.fits
    assert finding.message == (
        "what connects to orders cannot all be counted: the macro 'Services' can change every resource"
    )
    assert beside(document({})).fits


def test_a_reservation_for_the_part_says_what_of_it_connects() -> None:
    rest = entry(kind="reserved", connections=5, resource={"logical_id": "Services"})
    assert beside(document({"rest": rest}), MACRO).fits
    elsewhere = replace(MACRO, template="other.json")
    assert not beside(document({"rest": rest}), elsewhere).fits


def test_what_was_read_of_a_workload_that_a_macro_may_change_excuses_nothing() -> None:
    api = entry(tasks=1, resource={"logical_id": "Services"})
    assert not beside(document({"api": api}), MACRO).fits


def test_of_many_parts_the_first_are_said_and_the_rest_counted() -> None:
    parts = [replace(MACRO, name=f"Macro{number}", words=f"macro {number}") for number in range(5)]
    (finding,) = findings(beside(document({}), *parts), "unread-template")
    assert finding.message.endswith("macro 0; macro 1; macro 2; 2 more parts cannot be read either")
