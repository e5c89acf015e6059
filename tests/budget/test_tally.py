"""Shares, and the sums."""

from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.tally import Allotment, Tally, tally
from constructs_lib.limits import Unknown
from tests.budget.orders import document, entry

Json = dict[str, Any]


def sums(workloads: Json, *, proxies: Json | None = None, **database: Any) -> Tally:
    return tally(document(workloads, proxies=proxies, **database))


def size(allotment: Allotment) -> PoolSize:
    assert allotment.size is not None
    return allotment.size


def test_what_is_usable_is_divided_among_all_pools_by_floor() -> None:
    """670 // 4 = 167, 116 + 50; 4 × 166 = 664."""
    found = sums({"api": entry(tasks=4)})
    assert size(found.allotments["api"]) == (116, 50)
    assert found.databases["orders"].total == (664, 664, 664)
    assert found.databases["orders"].headroom == 6


def test_pools_are_sized_for_the_worst_scenario_and_counted_in_each() -> None:
    """2 → 4 tasks at 200 %: 8 pools of 670 // 8 = 83, 58 + 24 = 82; 2 × 82, 4 × 82, 8 × 82."""
    found = sums({"api": entry(tasks=2, max_tasks=4, maximum_percent=200)})
    assert size(found.allotments["api"]) == (58, 24)
    assert found.databases["orders"].total == (164, 328, 656)


def test_celery_reservations_and_fixed_pools_come_before_any_share() -> None:
    """670 − 8 × 4 − 20 − 2 × (10 + 5) = 588; 588 // 4 = 147, 102 + 44."""
    found = sums(
        {
            "api": entry(tasks=4),
            "workers": entry(kind="celery", tasks=8, concurrency=4),
            "reports": entry(kind="reserved", connections=20),
            "admin": entry(tasks=2, pool_size=10, max_overflow=5),
        }
    )
    assert size(found.allotments["api"]) == (102, 44)
    assert found.databases["orders"].total.peak == 4 * 146 + 32 + 20 + 30


def test_fixed_claims_are_taken_off_at_their_worst() -> None:
    """670 − 2 × 200 % × 15 = 610; 610 // 4 = 152, 106 + 45."""
    found = sums({"api": entry(tasks=4), "admin": entry(tasks=2, pool_size=10, max_overflow=5, maximum_percent=200)})
    assert size(found.allotments["api"]) == (106, 45)


def test_every_pool_of_equal_weight_gets_the_same_whatever_its_service() -> None:
    """670 // (4 + 2 × 3) = 67, 46 + 20."""
    found = sums({"api": entry(tasks=4), "batch": entry(tasks=2, processes=3)})
    assert size(found.allotments["api"]) == size(found.allotments["batch"]) == (46, 20)


def test_a_pool_of_weight_three_gets_three_times_the_share() -> None:
    """670 × 3 // (4 × 3 + 2 × 1) = 143, 100 + 42; 670 × 1 // 14 = 47, 32 + 14."""
    found = sums({"api": entry(tasks=4, weight=3), "batch": entry(tasks=2)})
    assert size(found.allotments["api"]) == (100, 42)
    assert size(found.allotments["batch"]) == (32, 14)


def test_a_share_under_one_is_no_room_and_never_one() -> None:
    """670 // 671 = 0."""
    assert size(sums({"api": entry(tasks=670)}).allotments["api"]) == (1, 0)
    found = sums({"api": entry(tasks=671)})
    assert found.allotments["api"].size is None
    assert found.allotments["api"].no_room
    assert not found.databases["orders"].holds


def test_a_service_without_tasks_gets_the_share_of_one_pool_and_opens_nothing() -> None:
    """670 // (4 + 1) = 134, 93 + 40, in case somebody starts it."""
    found = sums({"api": entry(tasks=4), "spare": entry(tasks=0)})
    assert size(found.allotments["spare"]) == size(found.allotments["api"]) == (93, 40)
    assert found.allotments["spare"].connections == (0, 0, 0)


def test_one_unknown_number_of_pools_leaves_every_share_open() -> None:
    found = sums({"api": entry(tasks=4), "batch": entry(tasks={"unknown": "a token"})})
    assert found.allotments["api"].size is None
    assert not found.allotments["api"].no_room
    assert not found.databases["orders"].complete
    assert found.databases["orders"].headroom is None


def test_a_pool_without_a_limit_leaves_every_share_open() -> None:
    found = sums({"api": entry(tasks=4), "batch": entry(tasks=1, pool_size=0, max_overflow=5)})
    assert found.allotments["api"].size is None
    assert found.allotments["batch"].connections is None


def test_an_unknown_limit_leaves_every_share_open_and_fixed_claims_counted() -> None:
    found = sums(
        {"api": entry(tasks=4), "reports": entry(kind="reserved", connections=20)},
        max_connections={"unknown": "a token"},
    )
    assert found.allotments["api"].size is None
    assert found.databases["orders"].total == (20, 20, 20)
    assert not found.databases["orders"].holds


def test_a_proxy_counts_with_the_share_of_max_connections_that_it_may_open() -> None:
    """floor(683 × 50 %) = 341, and 341 // 4 = 85 a client, 59 + 25; direct: (670 − 341) // 2 = 164, 114 + 49."""
    found = sums(
        {"api": entry(proxy="front", tasks=4), "batch": entry(tasks=2)},
        proxies={"front": {"database": "orders", "max_connections_percent": 50}},
    )
    assert found.proxies["front"].ceiling == 341
    assert size(found.allotments["api"]) == (59, 25)
    assert size(found.allotments["batch"]) == (114, 49)
    assert found.proxies["front"].total.peak == 4 * 84
    assert found.databases["orders"].total.peak == 341 + 2 * 163
    assert found.databases["orders"].holds


def test_several_proxies_are_floored_one_by_one_in_the_sum() -> None:
    """683 × 33 // 100 = 225, twice; both together 683 × 66 // 100 = 450, which is what direct clients do not get."""
    front = {"database": "orders", "max_connections_percent": 33}
    found = sums({"batch": entry(tasks=1)}, proxies={"one": front, "two": front})
    assert [item.ceiling for item in found.databases["orders"].proxies] == [225, 225]
    assert found.allotments["batch"].divisible == 670 - 450


def test_a_proxy_without_clients_still_takes_its_share() -> None:
    found = sums({}, proxies={"front": {"database": "orders", "max_connections_percent": 50}})
    assert found.databases["orders"].total == (341, 341, 341)


def test_clients_that_share_a_connection_get_pools_as_many_times_as_large() -> None:
    """68 connections, 4 clients each, for 4 pools: 68 × 4 // 4 = 68 a pool, 47 + 20; ceil(4 × 67 / 4) = 67."""
    found = sums(
        {"api": entry(proxy="front", tasks=4, multiplexing=4)},
        proxies={"front": {"database": "orders", "max_connections_percent": 10}},
    )
    assert found.proxies["front"].ceiling == 68
    assert size(found.allotments["api"]) == (47, 20)
    assert found.allotments["api"].connections == (67, 67, 67)


def test_an_unknown_percentage_leaves_the_proxy_and_its_server_open() -> None:
    found = sums(
        {"api": entry(proxy="front", tasks=4), "batch": entry(tasks=2)},
        proxies={"front": {"database": "orders", "max_connections_percent": {"unknown": "a token"}}},
    )
    assert found.proxies["front"].ceiling == Unknown("a token")
    assert found.allotments["api"].size is None
    assert found.allotments["batch"].size is None
    assert not found.databases["orders"].holds


def test_two_databases_are_two_sums() -> None:
    both = {"orders": {"max_connections": 100, "reserved": {"engine": 0, "admin": 0}}, "shop": {"max_connections": 200}}
    members = {"api": entry(tasks=2), "shop": entry(database="shop", kind="reserved", connections=30)}
    found = tally(Document.read({"schema": 1, "databases": both, "workloads": members}))
    assert found.databases["orders"].total.peak == 2 * 50
    assert found.databases["shop"].total.peak == 30


def test_a_proxy_holds_up_to_what_it_may_open_and_not_one_more() -> None:
    """floor(683 × 10 %) = 68."""
    proxies = {"front": {"database": "orders", "max_connections_percent": 10}}
    for connections, holds in ((68, True), (69, False)):
        found = sums({"api": entry(proxy="front", kind="reserved", connections=connections)}, proxies=proxies)
        assert found.proxies["front"].holds is holds
        assert found.databases["orders"].holds is holds


def test_a_larger_server_never_means_smaller_pools_beside_several_proxies() -> None:
    """683 × 50 % = 341.5 leave 329 of 670; floored one by one they would leave 330, and 329 of a server of 684."""
    quarter = {"database": "orders", "max_connections_percent": 25}
    left = []
    for most in range(300, 700):
        found = sums({"api": entry(tasks=1)}, proxies={"one": quarter, "two": quarter}, max_connections=most)
        left.append(found.allotments["api"].divisible or 0)
    assert left == sorted(left)
    assert left[383] == 329


def test_a_server_whose_reserves_exceed_it_does_not_hold_even_without_clients() -> None:
    """10 − 3 − 10 is less than nothing; 13 − 3 − 10 is exactly nothing, and nothing is asked for."""
    assert not sums({}, max_connections=10).databases["orders"].holds
    assert sums({}, max_connections=13).databases["orders"].holds


def test_no_pool_is_larger_than_an_application_takes_however_many_clients_share_a_connection() -> None:
    """341 of the proxy × 430,356 clients each // 4 pools = 36,687,849, of which 1,000,000 are given: 70 + 30 %."""
    proxies = {"front": {"database": "orders", "max_connections_percent": 50}}
    api = entry(proxy="front", tasks=4, multiplexing=430_356)
    assert size(sums({"api": api}, proxies=proxies).allotments["api"]) == (700_000, 300_000)
