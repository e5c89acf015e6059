"""What was read of the tasks, joined to what the user said."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import Celery, Function, TaskWorkload
from constructs_lib.budget.workloads.facts import (
    CommandFacts,
    Fact,
    TaskFacts,
    with_command,
    with_concurrency,
    with_facts,
)
from constructs_lib.budget.workloads.service import Service
from constructs_lib.limits import Unknown

READ = TaskFacts(
    tasks=Fact(4), max_tasks=Fact(8), maximum_percent=Fact(200, Source.DOCUMENTED), deployment=Fact(Deployment.ROLLING)
)
UNREADABLE = Unknown("DesiredCount is Ref Tasks")


def joined(facts: TaskFacts, **said: Any) -> TaskWorkload:
    workload = Service.read("api", {"database": "orders", **said}, "api")
    assert isinstance(workload, Service)
    return with_facts(workload, facts)


def numbers(workload: TaskWorkload) -> tuple[object, ...]:
    return (workload.tasks, workload.max_tasks, workload.maximum_percent, workload.deployment)


def test_what_nobody_said_is_as_it_was_read() -> None:
    found = joined(READ)
    assert numbers(found) == (4, 8, 200, Deployment.ROLLING)
    assert found.given["max_tasks"] is Source.READ
    assert found.given["maximum_percent"] is Source.DOCUMENTED
    assert found.changed == ()


def test_the_users_word_raises_a_number_and_never_lowers_it() -> None:
    assert numbers(joined(READ, max_tasks=20, maximum_percent=300))[1:3] == (20, 300)
    assert numbers(joined(READ, max_tasks=2, maximum_percent=100))[1:3] == (8, 200)


def test_the_users_word_stands_where_nothing_can_be_read() -> None:
    facts = TaskFacts(
        tasks=Fact(UNREADABLE), max_tasks=Fact(UNREADABLE), maximum_percent=Fact(200), deployment=Fact(UNREADABLE)
    )
    found = joined(facts, max_tasks=6, deployment="canary")
    assert numbers(found) == (UNREADABLE, 6, 200, Deployment.CANARY)
    assert found.fleet.live() == (6, 6, 12)


def test_the_users_word_does_not_stand_below_what_is_known_of_a_number_that_cannot_be_read() -> None:
    """A schedule goes to 20, and a parameter may go beyond: 20 may be said, 19 may not; so of what a command asks."""
    most = Unknown("MaxCapacity is Ref Most", 20)
    facts = replace(READ, max_tasks=Fact(most))
    assert joined(facts, max_tasks=20).max_tasks == 20
    less = joined(facts, max_tasks=19)
    said = "the 19 of the budget is less than what is known of it, and MaxCapacity is Ref Most"
    assert less.max_tasks == Unknown(said, 20)
    assert less.given["max_tasks"] is Source.READ
    command = CommandFacts(concurrency=Fact(Unknown("--autoscale is $MIN", 30)))
    for concurrency, counts in ((30, 30), (29, Unknown)):
        entry = {"kind": "celery", "database": "orders", "concurrency": concurrency}
        workers = Celery.read("w", entry, "w")
        assert isinstance(workers, Celery)
        found = with_command(workers, command)
        assert (found.concurrency if isinstance(counts, int) else type(found.concurrency)) == counts
        assert found.overruled == ({} if concurrency == 30 else {"concurrency": 29})


def test_a_deployment_that_was_read_replaces_the_one_that_was_said() -> None:
    found = joined(TaskFacts(**{**_facts(READ), "deployment": Fact(Deployment.BLUE_GREEN)}), deployment="rolling")
    assert found.deployment is Deployment.BLUE_GREEN


def test_what_was_read_otherwise_before_is_noted() -> None:
    before = {"tasks": 4, "max_tasks": 6, "sources": {"tasks": "read", "max_tasks": "read"}}
    found = joined(READ, **before)
    assert found.max_tasks == 8
    assert found.changed == ("max_tasks is 8 in the template and was 6 in the construct",)
    unreadable = joined(TaskFacts(**{**_facts(READ), "tasks": Fact(UNREADABLE)}), **before)
    assert unreadable.changed[0] == (
        "tasks is not readable (DesiredCount is Ref Tasks) in the template and was 4 in the construct"
    )


counts = st.none() | st.integers(1, 9)


@given(counts, counts, counts)
def test_what_counts_is_never_fewer_than_keyword_or_command_and_the_keyword_is_never_lost(
    said: int | None, first: int | None, second: int | None
) -> None:
    """Read by the construct, written, and read again from a template that may have changed."""
    keys = {} if said is None else {"processes": said}
    workload = Service.read("api", {"database": "orders", **keys}, "api")
    assert isinstance(workload, Service)
    for read in (first, second):
        workload = with_command(workload, CommandFacts(processes=None if read is None else Fact(read)))
        assert workload.processes == max(said or 1, read or 1)
        again = Service.read("api", workload.to_json(), "api")
        assert isinstance(again, Service)
        assert (again.processes, again.overruled) == (workload.processes, workload.overruled)
        conflict = said is not None and read is not None and read != said
        assert len(workload.conflicts) == conflict
        workload = again
    assert bool(workload.overruled) == (said is not None and second is not None and second > said)


def test_what_the_user_says_makes_up_for_what_cannot_be_read_unless_it_was_said_of_something_else() -> None:
    """A command that is not understood, and one that is known to start no worker; then one that starts nothing else."""
    workers = Celery.read("w", {"kind": "celery", "database": "orders", "concurrency": 1, "extra_connections": 2}, "w")
    assert isinstance(workers, Celery)
    unread = with_command(workers, CommandFacts(extra_connections=Fact(UNREADABLE)))
    assert (unread.extra_connections, unread.overruled) == (2, {})
    other = with_command(workers, CommandFacts(extra_connections=Fact(UNREADABLE, final=True)))
    assert (other.extra_connections, other.overruled) == (UNREADABLE, {"extra_connections": 2})
    again = Celery.read("w", other.to_json(), "w")
    assert isinstance(again, Celery)
    assert with_command(again, CommandFacts()).extra_connections == 2


def test_reserved_concurrency_is_raised_by_the_user_and_never_made_up() -> None:
    function = Function.read("f", {"kind": "function", "database": "orders", "reserved_concurrency": 10}, "f")
    assert isinstance(function, Function)
    assert with_concurrency(function, 5).live() == (10, 10, 10)
    assert with_concurrency(function, 20).live() == (20, 20, 20)
    assert with_concurrency(function, Unknown("ReservedConcurrentExecutions is Ref N")).live() == (10, 10, 10)
    unreserved = Unknown("no reserved concurrency is set, so it grows with the load up to the account's own limit")
    refused = Unknown(f"{unreserved.reason}; the 10 of the budget do not bound it")
    assert with_concurrency(function, unreserved).live() == refused, "what was said is not passed over in silence"
    silent = Function.read("f", {"kind": "function", "database": "orders"}, "f")
    assert isinstance(silent, Function)
    assert with_concurrency(silent, unreserved).live() == unreserved


def _facts(facts: TaskFacts) -> dict[str, Fact]:
    return {key: getattr(facts, key) for key in ("tasks", "max_tasks", "maximum_percent", "deployment")}


def test_a_number_that_the_user_says_is_unknown_stays_unknown_whatever_was_read() -> None:
    for key in ("tasks", "max_tasks", "maximum_percent", "deployment"):
        assert getattr(joined(READ, **{key: {"unknown": "only the deployment says"}}), key) == Unknown(
            "only the deployment says"
        )


def test_what_is_said_beside_the_facts_of_where_values_are_from_is_kept() -> None:
    """Both marks: of what rests on the default of a parameter, and of what was read of the load balancer."""
    workload = Service.read("api", {"database": "orders", "sources": {"database": "read"}}, "api")
    assert isinstance(workload, Service)
    marks = {"defaults": Source.READ, "request_timeout": Source.DOCUMENTED}
    changes = {"defaults": {"tasks": ("Tasks",)}, "request_timeout": 60, "given": {**workload.given, **marks}}
    found = with_facts(workload, READ, changes)
    assert {key: found.given.get(key) for key in marks} == marks
    assert (found.given["database"], found.given["tasks"]) == (Source.READ, Source.READ)
    written = found.to_json()
    assert (written["defaults"], written["request_timeout"]) == ({"tasks": ["Tasks"]}, 60)
