"""Fewer runs of a scheduled task at once."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.lowered import lowered
from constructs_lib.budget.schema import MOST
from constructs_lib.budget.workloads import Task


def overlap(case: Case) -> Iterator[Fix]:
    """The most runs at once that fit: a longer interval between them, or runs that end sooner."""
    for claim in case.claims:
        if isinstance(claim.workload, Task):
            yield from lowered(case, claim.workload, "overlap", now=claim.workload.overlap, most=MOST)
