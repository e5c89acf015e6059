"""Live proxies that the budget does not have."""

from typing import Any

from constructs_lib.budget.plan import Plan
from tests.budget.orders import findings, only, planned

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
