"""What is said where no single change is a way out."""

from typing import Any

from constructs_lib.budget.fixes import ways_out
from constructs_lib.budget.plan import plan
from constructs_lib.budget.tally import tally
from tests.budget.orders import document, entry, findings

Json = dict[str, Any]
DECLARE = "use a larger instance class and declare what it accepts"


def test_pools_and_reservations_are_named_for_what_they_are() -> None:
    """600 and 600 of 670: neither alone may become nothing, and neither would be enough."""
    reserved = {name: entry(kind="reserved", connections=700) for name in ("a", "b")}
    assert ways_out(tally(document(reserved)), "orders").words == (
        f"no single change makes it fit: lower what is reserved, or {DECLARE}"
    )
    pools = {name: entry(kind="celery", tasks=700, concurrency=1) for name in ("a", "b")}
    assert ways_out(tally(document(pools)), "orders").words == (
        f"no single change makes it fit: lower pools, processes or tasks, or {DECLARE}"
    )


def test_a_share_that_leaves_room_for_others_is_one_of_two_things_to_lower() -> None:
    """409 of 60 % and 2 × 700 are more than 670, and the direct clients alone are, too."""
    members = {name: entry(kind="celery", tasks=700, concurrency=1) for name in ("a", "b")}
    front = {"front": {"database": "orders", "max_connections_percent": 60}}
    (finding,) = findings(plan(document(members, proxies=front)), "proxy-oversubscribed")
    assert finding.fix == (
        "no single change makes it fit: lower the max_connections_percent of front and what connects through it, lower"
        f" pools, processes or tasks of what connects directly, or {DECLARE}"
    )


def test_the_clients_of_a_proxy_are_those_behind_it() -> None:
    """At 100 % of 683, 1400 are still too many, and there are two of them."""
    members = {name: entry(kind="reserved", connections=700, proxy="front") for name in ("a", "b")}
    front = {"front": {"database": "orders", "max_connections_percent": 50}}
    (finding,) = findings(plan(document(members, proxies=front)), "overcommitted")
    assert finding.fix == f"no single change makes it fit: lower what is reserved behind front, or {DECLARE}"
