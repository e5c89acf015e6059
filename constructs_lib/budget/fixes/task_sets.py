"""Fewer task sets of an external deployment controller."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.lowered import lowered
from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.budget.workloads.workload import MOST_TASK_SETS


def task_sets(case: Case) -> Iterator[Fix]:
    """The most task sets at once that fit, also where nobody said how many there are."""
    for claim in case.claims:
        workload = claim.workload
        if isinstance(workload, TaskWorkload) and workload.deployment is Deployment.EXTERNAL:
            yield from lowered(case, workload, "task_sets", now=workload.task_sets, most=MOST_TASK_SETS)
