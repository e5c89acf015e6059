"""The worst mix of old and new tasks."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.budget.tally import tally
from constructs_lib.budget.transition.mix import Mix, Share, mixed, worst_mix
from constructs_lib.limits import Unknown
from tests.budget.orders import document, entry

few = st.integers(0, 9)


@given(few, few, few, few, st.integers(0, 20))
def test_no_mix_has_more_connections(old: int, old_each: int, new: int, new_each: int, live: int) -> None:
    """Every mix tried: o ≤ old, n ≤ new, o + n ≤ live."""
    worst = max(
        (o * old_each + n * new_each for o in range(old + 1) for n in range(new + 1) if o + n <= live), default=0
    )
    found = mixed(old=Share(tasks=old, each=old_each), new=Share(tasks=new, each=new_each), live=live)
    assert found.connections == worst
    assert found.old.tasks + found.new.tasks <= live


@given(few, few, few, few, st.integers(0, 20), st.integers(1, 4), st.integers(1, 4))
def test_no_mix_of_clients_that_share_has_more_than_one_connection_more(
    old: int, old_each: int, new: int, new_each: int, live: int, old_shared: int, new_shared: int
) -> None:
    """Rounding up each side may add one."""
    mixes = [
        Mix(
            old=Share(tasks=o, each=old_each, multiplexing=old_shared),
            new=Share(tasks=n, each=new_each, multiplexing=new_shared),
        ).connections
        for o in range(old + 1)
        for n in range(new + 1)
        if o + n <= live
    ]
    found = mixed(
        old=Share(tasks=old, each=old_each, multiplexing=old_shared),
        new=Share(tasks=new, each=new_each, multiplexing=new_shared),
        live=live,
    )
    assert max(mixes) - 1 <= found.connections


def mix(old: Any, new: Any) -> Any:
    before, after = (tally(document({"api": item})).allotments["api"] for item in (old, new))
    return worst_mix(before, after)


def fixed(ceiling: int, **keys: Any) -> Any:
    return entry(pool_size=ceiling, max_overflow=0, **keys)


def test_old_and_new_tasks_share_the_room_of_a_rolling_deployment() -> None:
    """floor(4 × 150 %) = 6 tasks: 4 old of 20 and 2 new of 10."""
    found = mix(fixed(20, tasks=4, maximum_percent=150), fixed(10, tasks=4, maximum_percent=150))
    assert (found.connections, found.words) == (100, "4 old × 20 + 2 new × 10")


def test_both_sets_of_a_blue_green_deployment_are_whole() -> None:
    """4 × 20 + 4 × 10."""
    assert mix(fixed(20, tasks=4), fixed(10, tasks=4, deployment="blue-green")).connections == 120


def test_a_desired_count_is_lowered_with_the_task_definition() -> None:
    """ECS starts a new task only within floor(4 × 200 %) = 8 of both: 4 new × 20 beside the 4 old × 10 that are left.

    At 100 % there is room for new tasks alone, and both sets of a blue/green deployment are whole.
    """
    found = mix(fixed(10, tasks=8, maximum_percent=200), fixed(20, tasks=4, maximum_percent=200))
    assert found.words == "4 old × 10 + 4 new × 20"
    assert mix(fixed(60, tasks=6), fixed(120, tasks=3)).words == "3 new × 120"
    both = mix(fixed(10, tasks=8, deployment="blue-green"), fixed(20, tasks=4, deployment="blue-green"))
    assert both.words == "8 old × 10 + 4 new × 20"


def test_a_scaling_maximum_is_lowered_after_the_new_tasks_run() -> None:
    """8 new × 20 can still be started."""
    scaled = {"tasks": 2, "maximum_percent": 200}
    found = mix(fixed(10, max_tasks=8, **scaled), fixed(20, max_tasks=4, **scaled))
    assert found.words == "8 old × 10 + 8 new × 20 (a maximum of 4 comes into force after the new tasks run)"


def test_the_larger_percentage_counts() -> None:
    """floor(4 × 200 %) = 8."""
    found = mix(fixed(10, tasks=4, maximum_percent=100), fixed(20, tasks=4, maximum_percent=200))
    assert found.words == "4 old × 10 + 4 new × 20"


def test_processes_and_engines_multiply_what_a_task_opens() -> None:
    """1 task, 2 processes of 2 engines of 10."""
    found = mix(fixed(10, tasks=1, processes=2, engines_per_process=2), fixed(1, tasks=1))
    assert found.connections == 40


def test_clients_that_share_connections_are_rounded_up_once() -> None:
    """3 tasks of 5, 2 to a connection: ceil(15 ÷ 2) = 8, not 3 × ceil(5 ÷ 2) = 9."""
    front = {"front": {"database": "orders", "max_connections_percent": 50}}
    api = {"proxy": "front", "tasks": 3, "pool_size": 5, "max_overflow": 0, "multiplexing": 2, "maximum_percent": 100}
    item = tally(document({"api": api}, proxies=front)).allotments["api"]
    found = worst_mix(item, item)
    assert isinstance(found, Mix)
    assert found.connections == 8


def test_what_is_unknown_of_either_makes_the_mix_unknown() -> None:
    assert isinstance(mix(fixed(10, tasks={"unknown": "Fn::If"}), fixed(10, tasks=1)), Unknown)
    assert isinstance(mix(fixed(10, tasks=1), fixed(0, tasks=1)), Unknown)


def test_a_reservation_has_no_tasks_to_mix() -> None:
    assert mix(entry(kind="reserved", connections=1), entry(kind="reserved", connections=2)) is None


def function(concurrency: int, ceiling: int) -> Any:
    keys = {"reserved_concurrency": concurrency, "pool_size": ceiling, "max_overflow": 0}
    return {"kind": "function", "database": "orders", **keys}


def test_all_versions_of_a_function_share_its_reserved_concurrency_which_may_change_first() -> None:
    """20 instances of the old code with 2 each: more than the 10 × 2 before and the 20 × 1 after."""
    assert mix(function(10, 2), function(20, 1)).words == "20 old × 2"
    assert mix(function(20, 1), function(10, 2)).words == "20 new × 2"


def runs(tasks: int, overlap: int, ceiling: int) -> Any:
    keys = {"tasks": tasks, "overlap": overlap, "pool_size": ceiling, "max_overflow": 0}
    return {"kind": "task", "database": "orders", **keys}


def test_runs_that_go_on_and_runs_that_begin_are_together_as_many_as_may_overlap() -> None:
    """2 tasks × 3 runs at once."""
    assert mix(runs(2, 3, 5), runs(2, 3, 4)).words == "6 old × 5"


def test_nothing_bounds_runs_of_two_schedules_together() -> None:
    """1 old run of 2 tasks goes on while 3 new ones begin."""
    assert mix(runs(2, 1, 5), runs(2, 3, 5)).words == "2 old × 5 + 6 new × 5"
