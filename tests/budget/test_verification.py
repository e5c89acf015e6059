"""A live server's connections beside the budget.

`api` has 4 pools of 116 + 50, 664 in all; `orders` accepts 683, of which 3 are reserved.
"""

from typing import Any

import pytest

from constructs_lib.budget.finding import Severity
from constructs_lib.budget.observation import SIGNS, Observation
from constructs_lib.budget.verification import Verification, verify
from constructs_lib.limits.activity import HIDDEN, Activity, Sessions
from constructs_lib.report.verification import verdict
from tests.budget.orders import Json, entry, planned

API: Json = {"api": entry(tasks=4)}


def sessions(
    name: str, connections: int, state: str = "idle", longest_s: int = 1, user: str = "app", database: str = "shop"
) -> Sessions:
    return Sessions(name, user, database, state, connections, longest_s)


def verified(*seen: Sessions, workloads: Json = API, proxies: Json | None = None, **server: Any) -> Verification:
    activity = Activity(**{"max_connections": 683, "reserved": 3, "sessions": seen, **server})
    return verify(activity, planned(workloads, proxies=proxies), "orders")


def only(verification: Verification) -> Observation:
    (observation,) = verification.observations
    assert observation.id in {sign.id for sign in SIGNS}
    return observation


def test_a_workload_within_what_its_pools_keep_is_nothing_to_mention() -> None:
    """4 × 116 = 464."""
    found = verified(sessions("api", 400), sessions("api", 64, "active"))
    assert (found.observations, found.holds) == ((), True)
    (api,) = found.applications
    assert (api.connections, api.states(), api.users) == (464, {"idle": 400, "active": 64}, ("app",))


def test_one_connection_more_than_the_pools_keep_is_overflow_in_use() -> None:
    found = verified(sessions("api", 465))
    observation = only(found)
    assert (observation.id, observation.severity, found.holds) == ("overflow-in-use", Severity.INFO, True)
    assert observation.message == (
        "api has 465 connections, 1 more than the 464 that its steady pools keep; it may open 664 scaled out"
    )


def test_one_connection_more_than_the_pools_can_open_is_a_leak() -> None:
    assert only(verified(sessions("api", 664))).id == "overflow-in-use"
    found = verified(sessions("api", 665))
    observation = only(found)
    assert (observation.id, found.holds) == ("leak", False)
    assert observation.message.startswith("api has 665 connections, and may open 664 (4 pools × (116 + 50) = 664)")


@pytest.mark.parametrize("state", ["idle in transaction", "idle in transaction (aborted)"])
def test_a_transaction_that_is_idle_for_longer_than_others_wait_is_a_leak(state: str) -> None:
    patient: Json = {"api": entry(tasks=4, pool_timeout=60)}
    assert verified(sessions("api", 2, state, 60), workloads=patient).observations == ()
    observation = only(verified(sessions("api", 2, state, 61), workloads=patient))
    assert observation.id == "leak"
    assert "2 connections idle in transaction, the longest for 61 s" in observation.message
    assert "the 60 s that others wait" in observation.message


def test_an_idle_connection_is_none_however_long() -> None:
    assert verified(sessions("api", 2, "idle", 100_000)).observations == ()


def test_strangers_are_a_warning_within_what_is_set_aside_and_an_error_beyond() -> None:
    """10 for administrators and 5 reserved."""
    members = {**API, "reports": entry(kind="reserved", connections=5)}
    within = verified(sessions("psql", 15, user="bob"), workloads=members)
    observation = only(within)
    assert (observation.id, observation.severity, within.holds) == ("unbudgeted-client", Severity.WARNING, True)
    assert observation.message == (
        "psql (as bob) has 15 connections and is no workload of the budget;"
        " such clients have 15 of the 15 set aside (administrative reserve 10 + reservations that nobody uses 5)"
    )
    beyond = verified(sessions("psql", 15), sessions("", 1), workloads=members)
    assert [item.severity for item in beyond.observations] == [Severity.ERROR, Severity.ERROR]
    assert beyond.observations[0].message.startswith("a client without a name (as app) has 1 connection and")


def test_the_engines_own_role_is_no_stranger() -> None:
    assert verified(sessions("", 2, user="rdsadmin")).observations == ()


def test_a_server_with_a_lower_limit_than_budgeted_is_found() -> None:
    """680 − 3 − 10 = 667 hold the 664; 660 − 3 − 10 = 647 do not."""
    slightly = only(verified(max_connections=680))
    assert (slightly.id, slightly.severity) == ("limit-lower-than-budgeted", Severity.ERROR)
    assert slightly.message == "max_connections is 680 at the server and 683 in the budget"
    much = verified(max_connections=660)
    assert [item.id for item in much.observations] == ["limit-lower-than-budgeted"] * 2
    assert much.observations[1].message == (
        "applications can open 647 (660 − 3 reserved − 10 administrative reserve), and the budget's worst case is 664"
    )
    assert verified(max_connections=1000).observations == ()


def test_a_role_or_a_database_with_a_lower_limit_than_its_workloads_is_found() -> None:
    for limits, kind, name in (
        ({"role_limits": {"app": 663}}, "role", "app"),
        ({"database_limits": {"shop": 663}}, "database", "shop"),
    ):
        observation = only(verified(sessions("api", 1), **limits))
        assert observation.id == "limit-lower-than-budgeted"
        assert observation.message == (
            f"the {kind} {name} has a limit of 663 connections, and api may open 664 through it"
        )
        unused = only(verified(**limits, role="app", database="shop"))
        assert unused.severity is Severity.ERROR
        assert unused.message == (
            f"the {kind} {name} has a limit of 663 connections, and api (not connected now) may open 664 through it"
        )
    assert verified(sessions("api", 1), role_limits={"app": 664, "other": 1}).observations == ()


def test_whoever_is_not_connected_is_taken_to_use_the_role_of_the_url() -> None:
    """Another role's limit of 1 says nothing of `app`, which has none."""
    assert verified(role_limits={"reporting": 1}, database_limits={"test": 1}, role="app", database="shop").holds
    connected: Json = {"api": entry(tasks=2), "batch": entry(tasks=2)}
    found = verified(sessions("api", 1, user="owner"), workloads=connected, role_limits={"app": 331}, role="app")
    assert only(found).message == (
        "the role app has a limit of 331 connections, and batch (not connected now) may open 332 through it"
    )
    assert verified(sessions("api", 1, user="owner"), workloads=connected, role_limits={"app": 332}, role="app").holds


def test_an_administrators_look_cannot_say_which_limit_an_absent_workload_meets() -> None:
    """It does not hold, and nobody says that it is wrong."""
    for limits, name in (({"role_limits": {"app": 663}}, "app"), ({"database_limits": {"shop": 663}}, "shop")):
        found = verified(**limits, role="postgres", database="postgres", administrator=True)
        observation = only(found)
        assert (observation.id, observation.severity) == ("limit-lower-than-budgeted", Severity.WARNING)
        assert (found.undecided, found.holds) == ((name,), False)
        assert verdict(found) == f"CANNOT BE SAID: it depends on who uses {name}"
        there = verified(sessions("api", 1, user="x", database="y"), **limits, administrator=True)
        assert (there.observations, there.holds) == ((), True)
    assert verified(role_limits={"app": 664}, role="postgres", administrator=True).holds


def test_an_administrators_own_role_is_no_applications_and_its_database_is() -> None:
    """Nobody says that the workload connects as `postgres`; the database of the URL is the one that was asked for."""
    role = verified(role_limits={"postgres": 1}, role="postgres", administrator=True)
    assert only(role).severity is Severity.WARNING
    database = verified(database_limits={"shop": 1}, role="postgres", database="shop", administrator=True)
    assert only(database).severity is Severity.ERROR


def test_a_name_that_is_not_ascii_is_known_in_the_form_that_the_server_shows() -> None:
    """PostgreSQL shows a question mark for each byte, and codes since 16."""
    members: Json = {"bücher": entry(tasks=4)}
    for shown in ("bücher", "b??cher", "b\\xc3\\xbccher"):
        (found,) = verified(sessions(shown, 1), workloads=members).applications
        assert (found.name, found.connections) == ("bücher", 1)
        assert found.share is not None
    both: Json = {"bücher": entry(tasks=2), "bäcker": entry(tasks=2), "b??cher": entry(tasks=1)}
    (plain, *_) = verified(sessions("b??cher", 1), workloads=both).applications
    assert (plain.name, plain.connections) == ("b??cher", 1)


def test_workloads_with_one_name_have_one_share() -> None:
    """Two of 2 pools each: 670 // 4 = 167 a pool, 664 together."""
    both = entry(tasks=2, application_name="shop")
    found = verified(sessions("shop", 664), workloads={"a": both, "b": both})
    (shop,) = found.applications
    assert shop.share is not None
    assert (shop.share.workloads, shop.share.budgeted, shop.share.kept) == (("a", "b"), 664, 464)
    assert only(found).id == "overflow-in-use"


def test_celery_children_keep_all_that_they_may_open() -> None:
    """8 × 4 × (1 + 0) = 32."""
    members: Json = {"workers": entry(kind="celery", tasks=8, concurrency=4)}
    assert verified(sessions("workers", 32), workloads=members).observations == ()
    assert only(verified(sessions("workers", 33), workloads=members)).id == "leak"


def test_what_celery_opens_beside_its_pools_is_in_its_share() -> None:
    """2 × 4 children, of each one more for results, and one beat a worker: 8 × (1 + 0) + 8 + 2 = 18."""
    members: Json = {"workers": entry(kind="celery", tasks=2, concurrency=4, result_backend=True, extra_connections=1)}
    assert verified(sessions("workers", 18), workloads=members).observations == ()
    observation = only(verified(sessions("workers", 19), workloads=members))
    assert "and may open 18 (8 pools × (1 + 0) + 10 beside them = 18)" in observation.message


def test_functions_and_one_off_tasks_have_a_share_and_are_no_strangers() -> None:
    """7 environments × (1 + 1) = 14; 2 tasks × (1 + 0) = 2."""
    sizes = {"pool_size": 1, "max_overflow": 1}
    members: Json = {
        "thumbs": {"kind": "function", "database": "orders", "reserved_concurrency": 7, **sizes},
        "nightly": {"kind": "task", "database": "orders", "tasks": 2, "pool_size": 1, "max_overflow": 0},
    }
    found = verified(sessions("thumbs", 7), sessions("nightly", 2), workloads=members)
    assert found.observations == ()
    assert {item.name: item.share and item.share.budgeted for item in found.applications} == {
        "thumbs": 14,
        "nightly": 2,
    }
    assert only(verified(sessions("thumbs", 15), workloads=members)).id == "leak"


def test_clients_of_a_proxy_share_what_the_proxy_may_open() -> None:
    """50 % of 683 is 341."""
    front: Json = {"front": {"database": "orders", "max_connections_percent": 50}}
    members: Json = {"api": entry(proxy="front", tasks=4)}
    assert verified(sessions("api", 341), workloads=members, proxies=front).observations == ()
    observation = only(verified(sessions("api", 342), workloads=members, proxies=front))
    assert "the proxy front opens at most 341" in observation.message


def test_a_proxy_counts_once_however_many_workloads_it_serves() -> None:
    """341 by the proxy for both, under one name or two; a role limit of 341 is enough for them."""
    front: Json = {"front": {"database": "orders", "max_connections_percent": 50}}
    for names in (("a", "b"), ("shop", "shop")):
        members: Json = {
            key: entry(proxy="front", tasks=1, application_name=name) for key, name in zip("ab", names, strict=True)
        }
        assert verified(workloads=members, proxies=front, role_limits={"app": 341}, role="app").holds
        below = verified(workloads=members, proxies=front, role_limits={"app": 340}, role="app")
        assert "may open 341 through it" in only(below).message


def test_a_workload_that_is_not_connected_has_a_row_with_its_share() -> None:
    (api,) = verified().applications
    assert (api.name, api.connections) == ("api", 0)
    assert api.share is not None
    assert api.share.budgeted == 664


def test_a_share_that_is_unknown_does_not_hold() -> None:
    found = verified(sessions("api", 9999, "idle", 1), workloads={"api": entry(tasks={"unknown": "a token"})})
    (api,) = found.applications
    assert api.share is not None
    assert (api.share.budgeted, api.share.kept) == (None, None)
    assert (found.observations, found.unknown, found.holds) == ((), ("api",), False)
    assert found.rejected == ("unknown-tasks",)


def test_without_names_nobody_is_a_stranger() -> None:
    assert verified(sessions("app@10.0.0.7", 500), named=False).observations == ()


def test_without_names_all_connections_together_are_compared() -> None:
    """664 of the budget and 10 set aside."""
    assert verified(sessions("app@10.0.0.7", 674), named=False).observations == ()
    found = verified(sessions("app@10.0.0.7", 675), named=False)
    assert (only(found).id, found.holds) == ("leak", False)
    assert only(found).message.startswith("675 connections are open, and all workloads together may open 664")


def test_without_a_plan_only_what_is_stuck_is_found() -> None:
    activity = Activity(
        max_connections=12,
        reserved=3,
        sessions=(sessions("api", 1, "idle in transaction", 31), sessions("x", 2, HIDDEN)),
    )
    found = verify(activity)
    assert only(found).id == "leak"
    assert [item.share for item in found.applications] == [None, None]
    assert found.hidden == 2


def test_a_budget_that_does_not_fit_cannot_be_kept_whatever_the_server_shows() -> None:
    """4 × (200 + 0) = 800 of 670; and a limit that nobody knows."""
    fixed: Json = {"api": entry(tasks=4, pool_size=200, max_overflow=0)}
    for made, error in (
        (planned(fixed), "overcommitted"),
        (planned(API, max_connections={"unknown": "a token"}), "unknown-limit"),
    ):
        found = verify(Activity(max_connections=5000, reserved=3, sessions=()), made, "orders")
        assert (found.observations, found.holds) == ((), False)
        assert error in found.rejected
        assert verdict(found).startswith(f"DOES NOT HOLD: the budget itself has errors ({', '.join(found.rejected)})")


def test_a_server_that_reserves_more_is_found_to_the_connection() -> None:
    """683 − 9 − 10 = 664 hold the 664; one slot more does not."""
    assert verified(reserved=9).observations == ()
    assert only(verified(reserved=10)).message.startswith("applications can open 663 (683 − 10 reserved − 10 admin")


def test_each_scenario_is_a_line_that_connections_cross() -> None:
    """2 to 3 tasks and twice as many deploying, of one pool each: 670 // 6 = 111 → 77 + 33 = 110.

    Steady pools keep 2 × 77 = 154; scaled out it opens 3 × 110 = 330, deploying 660.
    """
    members: Json = {"api": entry(tasks=2, max_tasks=3, maximum_percent=200)}
    looks = {number: verified(sessions("api", number), workloads=members) for number in (154, 155, 330, 331, 660, 661)}
    seen = {number: [(item.id, item.severity.value) for item in look.observations] for number, look in looks.items()}
    assert seen == {
        154: [],
        155: [("overflow-in-use", "info")],
        330: [("overflow-in-use", "info")],
        331: [("leak", "warning")],
        660: [("leak", "warning")],
        661: [("leak", "error")],
    }
    assert looks[331].holds
    assert only(looks[331]).message == (
        "api has 331 connections, more than the 330 that it opens scaled out:"
        " a deployment, which may open 660, or a leak"
    )


def test_a_reservation_is_known_by_its_name_and_listed_while_it_is_away() -> None:
    """5 of its own; beyond them it is no stranger either."""
    members: Json = {**API, "reports": entry(kind="reserved", connections=5)}
    assert [item.name for item in verified(workloads=members).applications] == ["api", "reports"]
    assert verified(sessions("reports", 5, user="bob"), workloads=members).observations == ()
    assert only(verified(sessions("reports", 6), workloads=members)).message.startswith(
        "reports has 6 connections, and may open 5 (5 reserved)"
    )
    assert verified(workloads=members, role_limits={"app": 664}, role="app").holds


def test_what_a_connected_reservation_holds_is_not_left_to_strangers() -> None:
    """10 for administrators; the 5 of the reservation are its own while it is there."""
    members: Json = {**API, "reports": entry(kind="reserved", connections=5)}
    assert not verified(sessions("reports", 5), sessions("psql", 11), workloads=members).holds
    assert verified(sessions("reports", 5), sessions("psql", 10), workloads=members).holds
