"""Fewer runs of a scheduled task at once."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import largest, share
from constructs_lib.budget.schema import MOST
from constructs_lib.budget.workloads import Task
from constructs_lib.limits import Unknown

KEY = "overlap"


def overlap(case: Case) -> Iterator[Fix]:
    """The most runs at once that fit: a longer interval between them, or runs that end sooner."""
    for claim in case.claims:
        workload = claim.workload
        if not isinstance(workload, Task):
            continue
        now = workload.overlap

        def fits(number: int, workload: Task = workload) -> bool:
            return case.reached(case.trial(workload, {KEY: number}))

        most = largest(1, MOST if isinstance(now, Unknown) else now - 1, fits)
        if most is not None:
            yield case.fix(workload, {KEY: most}, share=0 if isinstance(now, Unknown) else share(now, most))
