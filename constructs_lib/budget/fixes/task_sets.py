"""Fewer task sets of an external deployment controller."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import largest, share
from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.budget.workloads.workload import MOST_TASK_SETS

KEY = "task_sets"


def task_sets(case: Case) -> Iterator[Fix]:
    """The most task sets at once that fit, also where nobody said how many there are."""
    for claim in case.claims:
        workload = claim.workload
        if not isinstance(workload, TaskWorkload) or workload.deployment is not Deployment.EXTERNAL:
            continue
        now = workload.task_sets

        def fits(number: int, workload: TaskWorkload = workload) -> bool:
            return case.reached(case.trial(workload, {KEY: number}))

        most = largest(1, MOST_TASK_SETS if now is None else now - 1, fits)
        if most is not None:
            yield case.fix(workload, {KEY: most}, share=0 if now is None else share(now, most))
