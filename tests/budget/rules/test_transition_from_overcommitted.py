"""A change that mends what is deployed, and is no worse than that on the way."""

from dataclasses import replace
from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.tally import tally
from tests.budget.orders import document, entry, findings, only

Json = dict[str, Any]
ERROR, WARNING = "transition-overcommitted", "transition-from-overcommitted"


def over(base: Document, head: Document) -> Plan:
    return plan(replace(head, deployed=base))


def fixed(ceiling: int, **keys: Any) -> Json:
    return entry(pool_size=ceiling, max_overflow=0, **{"tasks": 4, **keys})


def behind(ceiling: int, percent: int, **database: Any) -> Document:
    """4 tasks behind a proxy."""
    front = {"front": {"database": "orders", "max_connections_percent": percent}}
    return document({"api": fixed(ceiling, proxy="front")}, proxies=front, **database)


def assert_only(made: Plan, rule: str) -> None:
    assert {finding.id for finding in made.findings} & {ERROR, WARNING} == {rule}


TOO_MANY = document({"api": fixed(200)})
"""4 × 200 = 800 of 670."""


def test_a_change_that_mends_what_is_deployed_is_a_warning_with_all_three_sums() -> None:
    """4 × 200 = 800 of 670 before and on the way, 4 × 100 = 400 after."""
    made = over(TOO_MANY, document({"api": fixed(100)}))
    assert_only(made, WARNING)
    assert made.fits
    finding = only(made, WARNING)
    assert (finding.severity.value, finding.kind, finding.subject) == ("warning", "databases", "orders")
    assert finding.message == (
        "while the change deploys, orders can be asked for 800 connections and accepts 670 = 683 max_connections"
        " (declared) − 3 reserved by the engine − 10 administrative reserve: api 800 (peak before);"
        " that is as many as the 800 that what is deployed can ask for, its own deployments included:"
        " api 800 = 4 tasks × 1 process × (200 + 0);"
        " once it is deployed, at most 400: api 400 = 4 tasks × 1 process × (100 + 0)"
    )
    assert "deploy at a quiet hour" in finding.fix
    assert "scale in before" in finding.fix


def test_a_larger_server_alone_mends_as_well() -> None:
    """800 of 670 as it is; of 1000 − 13 = 987 as it will be."""
    made = over(TOO_MANY, document({"api": fixed(200)}, max_connections=1000))
    assert_only(made, WARNING)
    assert "orders as it is can be asked for 800" in only(made, WARNING).message
    assert "orders as it will be" not in only(made, WARNING).message


def test_a_larger_server_that_the_old_tasks_exceed_too_is_no_worse() -> None:
    """800 of 670, and of 700 − 13 = 687."""
    made = over(TOO_MANY, document({"api": fixed(100)}, max_connections=700))
    assert_only(made, WARNING)
    assert only(made, WARNING).message.count("as many as the 800") == 2


@pytest.mark.parametrize(("new", "rule"), [(200, WARNING), (201, ERROR)])
def test_one_connection_more_than_what_is_deployed_can_have_is_an_error(new: int, rule: str) -> None:
    """3 × 200 + 200 = 800 of 670 now. The old API's 600 beside a new web of 201 are 801."""
    base = document({"api": fixed(200, tasks=3), "web": fixed(200, tasks=1)})
    head = document({"api": fixed(100, tasks=3), "web": fixed(new, tasks=1)})
    assert tally(head).databases["orders"].holds
    assert_only(over(base, head), rule)


def test_what_comes_before_the_old_tasks_are_gone_makes_it_worse() -> None:
    """800 and 20 new ones, of 670; 420 after."""
    head = document({"api": fixed(100), "report": entry(kind="reserved", connections=20)})
    made = over(TOO_MANY, head)
    assert_only(made, ERROR)
    assert not made.fits
    assert "can be asked for 820" in only(made, ERROR).message


def test_a_smaller_server_would_refuse_more_of_as_many() -> None:
    """800 of 670, and of 500 − 13 = 487; 400 after."""
    assert_only(over(TOO_MANY, document({"api": fixed(100)}, max_connections=500)), ERROR)


def test_from_what_fits_it_is_an_error() -> None:
    """400 and 200 of 670 before, 200 and 400 after: 800."""
    base = document({"api": fixed(100), "web": fixed(50)})
    assert_only(over(base, document({"api": fixed(50), "web": fixed(100)})), ERROR)


def test_a_server_that_becomes_too_small_for_what_fits_it_now_is_an_error() -> None:
    """600 fit 670 now; they do not fit the 487 that 400 will."""
    base = document({"api": fixed(150)})
    assert_only(over(base, document({"api": fixed(100)}, max_connections=500)), ERROR)


def test_what_leads_to_a_budget_that_does_not_fit_either_is_an_error() -> None:
    """800 before and 680 after, of 670."""
    made = over(TOO_MANY, document({"api": fixed(170)}))
    assert_only(made, ERROR)
    assert findings(made, "overcommitted")


@pytest.mark.parametrize(
    ("base", "head"),
    [
        (document({"api": fixed(200, tasks={"unknown": "Fn::If"})}), document({"api": fixed(100)})),
        (TOO_MANY, document({"api": fixed(100, tasks={"unknown": "Fn::If"})})),
        (document({"api": fixed(200)}, max_connections={"unknown": "x"}), document({"api": fixed(100)})),
        (TOO_MANY, document({"api": fixed(100)}, max_connections={"unknown": "x"})),
        (document({"api": fixed(0)}), document({"api": fixed(100)})),  # a pool without a limit
        (document({"api": fixed(200)}, reserved={"engine": 3, "admin": 700}), document({"api": fixed(100)})),
    ],
)
def test_what_is_unknown_is_no_less_than_anything(base: Document, head: Document) -> None:
    assert_only(over(base, head), ERROR)


def test_a_proxys_share_that_is_lowered_is_as_large_as_before_until_then() -> None:
    """floor(683 × 100 %) = 683 of 670; floor(683 × 90 %) = 614 after. Its clients have 4 × 100."""
    made = over(behind(100, 100), behind(100, 90))
    assert_only(made, WARNING)
    message = only(made, WARNING).message
    assert "front 683 = floor(683 × 100 %); that is as many as the 683" in message
    assert "once it is deployed, at most 614: front 614 = floor(683 × 90 %)" in message


def test_where_one_bound_is_worse_all_that_is_broken_is_the_error() -> None:
    """The server's 683 of 670 are as before; but of the clients' 680, which had 683, the proxy opens 614."""
    made = over(behind(170, 100), behind(150, 90))
    assert_only(made, ERROR)
    message = only(made, ERROR).message
    assert "orders can be asked for 683" in message
    assert "front can be asked for 680" in message


def test_the_clients_of_a_proxy_are_mended_too() -> None:
    """4 × 100 of floor(683 × 50 %) = 341; 4 × 80 = 320 after."""
    made = over(behind(100, 50), behind(80, 50))
    assert_only(made, WARNING)
    assert "front can be asked for 400 connections and accepts 341" in only(made, WARNING).message


def test_a_proxy_that_goes_has_nothing_after_it() -> None:
    """400 of 341 until it is gone; at the server its 341 and 4 × 80 = 320 direct ones are 661 of 670."""
    made = over(behind(100, 50), document({"api": fixed(80)}))
    assert_only(made, WARNING)
    message = only(made, WARNING).message
    assert "front can be asked for 400 connections and accepts 341" in message
    assert "once it is deployed" not in message


def test_a_smaller_server_with_smaller_reserves_may_be_better() -> None:
    """683 of 670 as it is; floor(680 × 100 %) = 680 of 680 − 3 = 677 as it will be; 673 at 99 %."""
    head = behind(100, 99, max_connections=680, reserved={"engine": 3, "admin": 0})
    made = over(behind(100, 100), head)
    assert_only(made, WARNING)
    message = only(made, WARNING).message
    assert "orders as it is can be asked for 683" in message
    assert "orders as it will be can be asked for 680 connections and accepts 677" in message
    assert "that is fewer than the 683 that what is deployed can ask for, its own deployments included" in message


def test_each_database_is_judged_by_itself() -> None:
    """orders: 800 → 400 of 670. main: 400 and 200 → 200 and 400, 800 of 670 on the way."""

    def both(orders: int, api: int, web: int) -> Document:
        server = {"max_connections": 683, "reserved": {"engine": 3, "admin": 10}}
        main = {name: {**fixed(size), "database": "main"} for name, size in (("api", api), ("web", web))}
        return Document.read(
            {"schema": 1, "databases": {"orders": server, "main": server}, "workloads": {"old": fixed(orders), **main}}
        )

    made = over(both(200, 100, 50), both(100, 50, 100))
    assert (only(made, WARNING).subject, only(made, ERROR).subject) == ("orders", "main")
