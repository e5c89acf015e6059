"""A change that can be deployed, and not be taken back."""

from dataclasses import replace
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from tests.budget.orders import document, entry, findings, only

RULE = "rollback-overcommitted"


def over(base: Document, head: Document) -> Plan:
    return plan(replace(head, deployed=base))


def scaled(most: int, ceiling: int) -> dict[str, Any]:
    return entry(tasks=2, max_tasks=most, pool_size=ceiling, max_overflow=0, maximum_percent=200)


def test_a_way_back_to_what_does_not_fit_is_known_to_lead_there() -> None:
    """8 × 100 = 800 of 670 before, 8 × 50 = 400 after, and 800 again."""
    made = over(document({"api": scaled(4, 100)}), document({"api": scaled(4, 50)}))
    assert findings(made, "transition-from-overcommitted")
    assert findings(made, RULE) == []


def test_a_way_back_that_is_worse_than_what_it_leads_to_is_a_warning() -> None:
    """4 tasks of 100, 8 × 100 = 800 in a deployment, become 8 of 30, 16 × 30 = 480.

    Back, 8 tasks of 100 can start beside 8 of 30 before the maximum is 4 again: 1040.
    """
    made = over(document({"api": scaled(4, 100)}), document({"api": scaled(8, 30)}))
    assert made.fits
    assert findings(made, "transition-from-overcommitted")
    finding = only(made, RULE)
    assert "if the change is rolled back, orders can be asked for 1040 connections" in finding.message
    assert "what was deployed before does not" in finding.fix


def test_a_larger_peak_at_the_old_server_is_no_excuse_at_the_new_one() -> None:
    """Both fit: floor(683 × 80 %) = 546 + 80 = 626 of 670, floor(500 × 80 %) = 400 + 80 = 480 of 487.

    Back, 8 tasks of 10 can start beside 8 of 5: 120, which with 400 are 520 of the 487, fewer than 626.
    """
    front = {"front": {"database": "orders", "max_connections_percent": 80}}
    base = document({"api": scaled(4, 10)}, proxies=front)
    head = document({"api": scaled(8, 5)}, proxies=front, max_connections=500)
    made = over(base, head)
    assert made.fits
    assert "orders as it is can be asked for 520 connections" in only(made, RULE).message


def test_where_the_change_cannot_be_deployed_its_way_back_is_not_looked_at() -> None:
    """4 × 100 and 4 × 50 of 670 become 4 × 50 and 4 × 100: 800 there and back."""
    base, head = (
        document({name: entry(tasks=4, pool_size=size, max_overflow=0) for name, size in sizes.items()})
        for sizes in ({"api": 100, "web": 50}, {"api": 50, "web": 100})
    )
    made = over(base, head)
    assert findings(made, "transition-overcommitted")
    assert findings(made, RULE) == []
