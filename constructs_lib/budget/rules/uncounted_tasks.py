"""Tasks run with a budget's pool settings and are not counted."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.workloads import PooledWorkload


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    named: set[tuple[Resource, str]] = set()
    for name, workload in document.workloads.items():
        for user in workload.uncounted if isinstance(workload, PooledWorkload) else ():
            database = document.database_of(workload)
            if (user.resource, database) in named:
                continue  # of a task definition that several workloads share, once is enough
            named.add((user.resource, database))
            yield (
                Subject("workloads", name, user.resource),
                (
                    f"{user.name} ({user.type}) runs the task definition of {name}, so its tasks open the same pools at"
                    f" {database}, and it is not in the budget: {user.path}"
                ),
                (
                    f"give {user.name} a task definition of its own, and add it to the budget of {database} if it"
                    f" connects; or remove {user.close}"
                ),
            )


RULE = Rule(
    id="uncounted-tasks",
    severity=Severity.ERROR,
    title="tasks run with the pool settings of the budget and are not counted",
    why="whatever runs a task definition has its variables: tasks that nobody counted open pools of the same size",
    example=(
        "a second service of 40 tasks runs the task definition of the API, whose 4 tasks have 116 + 50 each: beside the"
        " 664 connections of the budget it can open 6640"
    ),
    remedy="give what is not counted a task definition of its own, and budget it if it connects",
    source='Amazon ECS Developer Guide, "Amazon ECS task definitions"',
    look=_look,
)
