"""Fewer instances of a function."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import largest, share
from constructs_lib.budget.schema import MOST
from constructs_lib.budget.workloads import Function
from constructs_lib.limits import Unknown

KEY = "reserved_concurrency"


def reserved_concurrency(case: Case) -> Iterator[Fix]:
    """The largest reserved concurrency that fits, also where none is reserved."""
    for claim in case.claims:
        workload = claim.workload
        if not isinstance(workload, Function):
            continue
        now = workload.reserved_concurrency

        def fits(number: int, workload: Function = workload) -> bool:
            return case.reached(case.trial(workload, {KEY: number}))

        most = largest(1, MOST if isinstance(now, Unknown) else now - 1, fits)
        if most is not None:
            yield case.fix(workload, {KEY: most}, share=0 if isinstance(now, Unknown) else share(now, most))
