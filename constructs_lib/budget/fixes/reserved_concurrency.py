"""Fewer instances of a function."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.lowered import lowered
from constructs_lib.budget.schema import MOST
from constructs_lib.budget.workloads import Function

KEY = "reserved_concurrency"


def reserved_concurrency(case: Case) -> Iterator[Fix]:
    """The largest reserved concurrency that fits, also where none is reserved."""
    for claim in case.claims:
        if isinstance(claim.workload, Function):
            yield from lowered(case, claim.workload, KEY, now=claim.workload.reserved_concurrency, most=MOST)
