"""Waits that add up to more than anybody waits."""

from typing import Any

import pytest

from tests.budget.orders import entry, findings, only, planned


def made(borrow: int = 120, **keys: Any) -> Any:
    proxies = {"front": {"database": "orders", "borrow_timeout": borrow, "max_connections_percent": 90}}
    return planned({"api": entry(**keys)}, proxies=proxies)


def test_a_pool_timeout_as_long_as_the_load_balancer_waits_is_found() -> None:
    """60 s in the queue of the pool, and the load balancer has answered 504 after 60 s."""
    finding = only(made(pool_timeout=60, request_timeout=60), "incoherent-timeouts")
    assert finding.message == ("api can wait 60 s for the pool (pool_timeout), and whoever asked has gone after 60 s")
    assert finding.fix == "let them add up to less than 60 s: pool_timeout=30"


def test_where_connections_are_shared_the_borrow_timeout_adds_to_the_wait() -> None:
    """30 + 20 = 50 s where the caller waits 45 s; 30 + 10 = 40 s would do."""
    keys = {"proxy": "front", "multiplexing": 2, "request_timeout": 45}
    finding = only(made(20, **keys), "incoherent-timeouts")
    assert "30 s for the pool (pool_timeout) and then 20 s for front (its borrow timeout)" in finding.message
    assert findings(made(10, **keys), "incoherent-timeouts") == []


def test_a_borrow_timeout_that_outlasts_the_pools_queue_hides_the_cause() -> None:
    finding = only(made(120, proxy="front", multiplexing=2), "incoherent-timeouts")
    assert "waits up to 120 s" in finding.message
    assert "gives up after 30 s (pool_timeout) and reports a full pool" in finding.message
    assert findings(made(30, proxy="front", multiplexing=2), "incoherent-timeouts") == []


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"request_timeout": 31},
        {"request_timeout": {"unknown": "a token"}},
        {"proxy": "front"},
        {"proxy": "front", "request_timeout": 60},
    ],
)
def test_a_session_with_a_connection_to_itself_never_waits_for_the_proxy(keys: dict[str, Any]) -> None:
    assert findings(made(120, **keys), "incoherent-timeouts") == []


def test_a_borrow_timeout_that_alone_is_too_long_is_what_has_to_change() -> None:
    finding = only(made(120, proxy="front", multiplexing=2, request_timeout=60), "incoherent-timeouts")
    assert finding.fix == "a borrow timeout well below 60 s, then a pool_timeout of what it leaves"
