"""A smaller reservation."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import largest, share
from constructs_lib.budget.workloads import Reservation

KEY = "connections"


def connections(case: Case) -> Iterator[Fix]:
    """The largest number of reserved connections that fits."""
    for claim in case.claims:
        workload = claim.workload
        if not isinstance(workload, Reservation):
            continue

        def fits(number: int, workload: Reservation = workload) -> bool:
            return case.reached(case.trial(workload, {KEY: number}))

        most = largest(0, workload.connections - 1, fits)
        if most is not None:
            yield case.fix(workload, {KEY: most}, share=share(workload.connections, most))
