"""What one of two budgets can have open by itself."""

from typing import Any

from constructs_lib.budget.tally import tally
from constructs_lib.budget.transition.side import Side
from tests.budget.orders import document, entry

FRONT = {"front": {"database": "orders", "max_connections_percent": 50}}


def server(workloads: Any, **keys: Any) -> Side:
    return Side(sums=tally(document(workloads, **keys)).databases["orders"])


def test_its_peak_is_its_worst_scenario_with_its_own_deployments_and_its_proxies_shares() -> None:
    """4 × 200 % × 10 = 80, and floor(683 × 50 %) = 341; 683 − 13 are accepted."""
    side = server({"api": entry(tasks=4, maximum_percent=200, pool_size=10, max_overflow=0)}, proxies=FRONT)
    assert (side.peak, side.accepts) == (421, 670)
    assert side.arithmetic == "front 341 = floor(683 × 50 %), api 80 = 4 tasks × 200 % × 1 process × (10 + 0)"


def test_of_a_proxy_it_is_what_the_clients_ask_for() -> None:
    """4 × 100 of 341."""
    api = entry(proxy="front", tasks=4, pool_size=100, max_overflow=0)
    side = Side(sums=tally(document({"api": api}, proxies=FRONT)).proxies["front"])
    assert (side.peak, side.accepts) == (400, 341)
    assert side.arithmetic == "api 400 = 4 tasks × 1 process × (100 + 0)"


def test_a_sum_with_an_unknown_term_is_unknown() -> None:
    assert server({"api": entry(tasks={"unknown": "Fn::If"}, pool_size=10, max_overflow=0)}).peak is None


def test_what_a_server_accepts_is_unknown_where_its_limit_is_or_its_reserves_exceed_it() -> None:
    assert server({}, max_connections={"unknown": "a parameter"}).accepts is None
    assert server({}, reserved={"engine": 3, "admin": 700}).accepts is None
    unknown = document({}, proxies=FRONT, max_connections={"unknown": "a parameter"})
    assert Side(sums=tally(unknown).proxies["front"]).accepts is None
