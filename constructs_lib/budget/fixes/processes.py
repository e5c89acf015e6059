"""Fewer worker processes in a task."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.lowered import lowered
from constructs_lib.budget.schema import MOST
from constructs_lib.budget.workloads import Celery, SizedWorkload


def processes(case: Case) -> Iterator[Fix]:
    """The most processes of a service, or the highest concurrency of Celery workers, that fit."""
    for claim in case.claims:
        workload = claim.workload
        if isinstance(workload, SizedWorkload):
            now = workload.processes
            least = workload.least(now) if isinstance(now, int) else 1
            yield from lowered(case, workload, "processes", now=now, most=MOST, least=least)
        elif isinstance(workload, Celery):
            yield from lowered(case, workload, "concurrency", now=workload.concurrency, most=MOST)
