"""A container of a budgeted task has a pool and is not counted."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.variables import POOL_SIZE
from constructs_lib.budget.workloads import PooledWorkload


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, workload in document.workloads.items():
        if not isinstance(workload, PooledWorkload):
            continue
        for container in workload.unnamed:
            yield (
                Subject("workloads", name),
                (
                    f"container {container!r} of {name} has {workload.env_prefix}{POOL_SIZE} and is not counted: the"
                    f" budget counts {', '.join(map(repr, workload.containers or ()))}"
                ),
                (
                    f"name {container!r} among the containers of {name}, or leave containers out where all of them"
                    f" connect; if it does not connect, remove the variable"
                ),
            )


RULE = Rule(
    id="uncounted-container",
    severity=Severity.ERROR,
    title="a container of the task has a pool size and is not counted",
    why="each container that connects has pools of its own, in every task: one that nobody counted is in no sum",
    example=(
        "4 tasks of a container 'web' have 116 + 50 each, and beside it a container 'side' has DB_POOL_SIZE=500:"
        " 2000 connections more"
    ),
    remedy="name every container that connects, or remove the pool size from one that does not",
    source='Amazon ECS Developer Guide, "Task definition parameters", container definitions',
    look=_look,
)
