"""Sums in words."""

from typing import Any

from constructs_lib.budget import arithmetic
from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.tally import tally
from tests.budget.orders import document, entry

Json = dict[str, Any]


def words(workloads: Json, scenario: Scenario = Scenario.DEPLOYING, **more: Any) -> str:
    return arithmetic.of_database(tally(document(workloads, **more)).databases["orders"], scenario)


def test_the_worst_scenario_is_the_first_that_reaches_the_peak() -> None:
    assert arithmetic.worst(PerScenario(1, 2, 3)) is Scenario.DEPLOYING
    assert arithmetic.worst(PerScenario(1, 3, 3)) is Scenario.SCALED_OUT
    assert arithmetic.worst(PerScenario(0, 0, 0)) is Scenario.STEADY


def test_a_capacity_is_worded_as_a_difference() -> None:
    capacity = tally(document({})).databases["orders"].capacity
    assert arithmetic.of_capacity(capacity) == (
        "670 = 683 max_connections (declared) − 3 reserved by the engine − 10 administrative reserve"
    )
    unknown = tally(document({}, max_connections={"unknown": "a token"})).databases["orders"].capacity
    assert arithmetic.of_capacity(unknown) == "unknown: a token"


def test_every_client_is_a_term_with_its_factors_the_largest_first() -> None:
    members = {
        "reports": entry(kind="reserved", connections=20),
        "workers": entry(kind="celery", tasks=8, concurrency=4),
        "api": entry(tasks=4, processes=2, pool_size=10, max_overflow=5, maximum_percent=200),
    }
    assert words(members) == (
        "api 240 = 4 tasks × 200 % × 2 processes × (10 + 5),"
        " workers 32 = 8 tasks × 4 children × (1 + 0),"
        " reports 20 = 20 reserved"
    )
    assert words(members, Scenario.STEADY).startswith("api 120 = 4 tasks × 2 processes × (10 + 5), ")


def test_a_proxy_is_a_term_with_its_percentage() -> None:
    front = {"database": "orders", "max_connections_percent": 50}
    assert words({}, proxies={"front": front}) == "front 341 = floor(683 × 50 %)"
    unknown = {"database": "orders", "max_connections_percent": {"unknown": "a token"}}
    assert words({}, proxies={"front": unknown}) == "front unknown"


def test_terms_without_a_number_say_why() -> None:
    assert words({"api": entry(tasks={"unknown": "a token"})}) == "api unknown (a token)"
    assert words({"api": entry(pool_size=0, max_overflow=5)}) == "api without limit"
    assert words({"api": entry(tasks=671)}) == "api not sized"


def test_many_terms_are_summed_up_after_the_six_largest() -> None:
    """10 … 1: the first six are spelled out, 4 + 3 + 2 + 1 = 10 are not."""
    members = {f"r{number}": entry(kind="reserved", connections=number) for number in range(1, 11)}
    found = words(members)
    assert found.startswith("r10 10 = 10 reserved, r9 9 = 9 reserved, ")
    assert found.endswith("r5 5 = 5 reserved, 4 more 10")


def test_equal_terms_stand_in_the_order_of_their_names() -> None:
    members = {name: entry(kind="reserved", connections=1) for name in ("b", "c", "a")}
    assert words(members) == "a 1 = 1 reserved, b 1 = 1 reserved, c 1 = 1 reserved"


def test_the_clients_of_a_proxy_are_a_sum_of_their_own() -> None:
    found = tally(
        document(
            {"api": entry(proxy="front", tasks=4, multiplexing=4)},
            proxies={"front": {"database": "orders", "max_connections_percent": 10}},
        )
    )
    assert arithmetic.of_clients(found.proxies["front"], Scenario.STEADY) == (
        "api 67 = ceil(4 tasks × 1 process × (47 + 20) ÷ 4 clients per connection)"
    )
