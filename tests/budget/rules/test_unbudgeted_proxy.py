"""Proxies that the budget does not have: those of a look-up, and those of the templates."""

from dataclasses import replace
from typing import Any

from constructs_lib.budget.client import Client
from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.resource import Resource
from tests.budget.orders import ORDERS, findings, only, planned

FRONT = {"database": "orders", "max_connections_percent": 50}


def with_live(*names: str, proxies: dict[str, Any], percent: int | None = 90) -> Plan:
    live = {name: {} if percent is None else {"max_connections_percent": percent} for name in names}
    facts = {"looked_up": "2026-01-01", "engine": "postgres", "proxies": live}
    return planned({}, proxies=proxies, facts=facts)


def test_a_live_proxy_that_the_budget_does_not_have_is_an_error_with_what_it_may_open() -> None:
    """floor(683 × 90 %) = 614."""
    made = with_live("p", proxies={})
    finding = only(made, "unbudgeted-proxy")
    assert (finding.severity.value, finding.subject) == ("error", "orders")
    assert finding.message == (
        "the look-up found 1 proxy in front of orders, and the budget has 0. Not in the budget by name:"
        " p (may open 614 = floor(683 × 90 %))"
    )
    assert not made.fits


def test_a_proxy_of_another_name_may_be_the_same() -> None:
    assert findings(with_live("shop-front-1x2y", proxies={"front": FRONT}), "unbudgeted-proxy") == []
    assert findings(with_live("front", proxies={"front": FRONT}), "unbudgeted-proxy") == []


def test_one_proxy_more_than_the_budget_has_is_an_error_whatever_their_names() -> None:
    assert only(with_live("front", "p", proxies={"front": FRONT}), "unbudgeted-proxy").message.endswith(
        "by name: p (may open 614 = floor(683 × 90 %))"
    )
    assert findings(with_live("p", "q", proxies={"front": FRONT}), "unbudgeted-proxy") != []
    assert findings(with_live("front", "p", proxies={"front": FRONT, "back": FRONT}), "unbudgeted-proxy") == []


def test_a_share_that_is_not_known_is_said_to_be_so() -> None:
    message = only(with_live("p", proxies={}, percent=None), "unbudgeted-proxy").message
    assert message.endswith("p (may open a share that is not known)")


SIDE = Client(
    name="Side",
    type="AWS::RDS::DBProxy",
    resource=Resource(logical_id="Side"),
    path="90 % of max_connections",
    close="its target group SideTargets",
)


def in_template(*names: str) -> Plan:
    """Databases that the proxy of a template stands in front of."""
    read = Document.read({"schema": 1, "databases": dict.fromkeys(("orders", "orders-reader"), ORDERS)})
    databases = {
        name: replace(item, uncounted_proxies=(SIDE,)) if name in names else item
        for name, item in read.databases.items()
    }
    return plan(replace(read, databases=databases))


def test_a_proxy_of_the_template_that_the_budget_was_not_told_of_is_an_error_that_points_at_it() -> None:
    made = in_template("orders")
    finding = only(made, "unbudgeted-proxy")
    assert (finding.severity.value, finding.subject, finding.resource) == ("error", "orders", SIDE.resource)
    assert finding.message == (
        "the proxy Side stands in front of orders and is not in its budget: it may open 90 % of max_connections there"
    )
    assert "or remove its target group SideTargets" in finding.fix
    assert not made.fits


def test_of_the_writer_and_the_readers_of_a_cluster_it_is_said_once() -> None:
    assert only(in_template("orders", "orders-reader"), "unbudgeted-proxy").subject == "orders"
    assert findings(in_template(), "unbudgeted-proxy") == []
