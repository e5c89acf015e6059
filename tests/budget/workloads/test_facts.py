"""What was read of the tasks, joined to what the user said."""

from typing import Any

from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.budget.workloads.facts import Fact, TaskFacts, with_facts
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


def _facts(facts: TaskFacts) -> dict[str, Fact]:
    return {key: getattr(facts, key) for key in ("tasks", "max_tasks", "maximum_percent", "deployment")}


def test_a_number_that_the_user_says_is_unknown_stays_unknown_whatever_was_read() -> None:
    for key in ("tasks", "max_tasks", "maximum_percent", "deployment"):
        assert getattr(joined(READ, **{key: {"unknown": "only the deployment says"}}), key) == Unknown(
            "only the deployment says"
        )
