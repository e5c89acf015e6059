"""Fewer worker processes in a task."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import largest, share
from constructs_lib.budget.schema import MOST
from constructs_lib.budget.workloads import Celery, SizedWorkload
from constructs_lib.limits import Unknown


def processes(case: Case) -> Iterator[Fix]:
    """The most processes of a service, or the highest concurrency of Celery workers, that fit."""
    for claim in case.claims:
        workload = claim.workload
        if isinstance(workload, SizedWorkload):
            key, now = "processes", workload.processes
        elif isinstance(workload, Celery):
            key, now = "concurrency", workload.concurrency
        else:
            continue

        def fits(number: int, workload: SizedWorkload | Celery = workload, key: str = key) -> bool:
            return case.reached(case.trial(workload, {key: number}))

        most = largest(1, MOST if isinstance(now, Unknown) else now - 1, fits)
        if most is not None:
            yield case.fix(workload, {key: most}, share=0 if isinstance(now, Unknown) else share(now, most))
