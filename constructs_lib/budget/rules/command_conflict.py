"""A container's command starts another number of processes than the budget was told."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.workloads import PooledWorkload


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, workload in document.workloads.items():
        if isinstance(workload, PooledWorkload) and workload.conflicts:
            yield (
                Subject("workloads", name),
                (
                    f"{name} was planned for another command than it has: {'; '.join(workload.conflicts)};"
                    " whichever opens more connections is counted"
                ),
                "leave the keyword out to have the command read, or change one of the two: the command or the budget",
            )


RULE = Rule(
    id="command-conflict",
    severity=Severity.WARNING,
    title="a container's command contradicts the budget",
    why="the command decides what runs; the larger of the two is counted, so the sum is safe and the pools too small",
    example="processes is 2 in the budget, and container 'web' runs gunicorn --workers 4: 4 pools are counted a task",
    remedy=(
        "leave processes_per_task, concurrency or pool out where the command says it, or correct the command; make a"
        " service that runs Celery workers one of add_celery_workers"
    ),
    source='Gunicorn, "Settings"; Uvicorn, "Settings"; Celery, "Workers Guide"',
    look=_look,
)
