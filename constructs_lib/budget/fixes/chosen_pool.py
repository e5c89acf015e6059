"""No fixed pool: the budget chooses."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import share
from constructs_lib.budget.tally import tally
from constructs_lib.budget.workloads import SizedWorkload

_LEFT_OUT = {"pool_size": None, "max_overflow": None}


def chosen_pool(case: Case) -> Iterator[Fix]:
    """The pool left to the budget, where that fits, and what it then gives."""
    for claim in case.claims:
        workload, fixed = claim.workload, claim.demand.fixed
        if not isinstance(workload, SizedWorkload) or fixed is None or workload.at_least:
            continue  # one that the budget chooses stands for no other, since it may become less
        if workload.resource is not None and workload.construct_path is None:
            continue  # of a template: no construct writes what the budget then gives, and there may be other pools
        trial = case.trial(workload, _LEFT_OUT)
        size = tally(trial).allotments[workload.name].size
        if size is not None and size != fixed and case.reached(trial):
            yield case.fix(
                workload,
                _LEFT_OUT,
                share=0 if fixed.unbounded else share(fixed.ceiling, size.ceiling),
                note=f": the budget then gives {size.pool_size} + {size.max_overflow}",
            )
