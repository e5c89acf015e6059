"""One number of a workload, lowered."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import largest, share
from constructs_lib.budget.workloads import Workload
from constructs_lib.limits import Unknown


def lowered(case: Case, workload: Workload, key: str, *, now: object, most: int, least: int = 1) -> Iterator[Fix]:
    """The largest value below what a key has `now` that fits; up to `most` where it has no number."""
    number = now if isinstance(now, int) else None
    least = max(least, now.at_least) if isinstance(now, Unknown) else least  # what is known cannot be talked down
    found = largest(
        least, most if number is None else number - 1, lambda value: case.reached(case.trial(workload, {key: value}))
    )
    if found is not None:
        yield case.fix(workload, {key: found}, share=0 if number is None else share(number, found))
