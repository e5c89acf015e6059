"""No fixed pool: the budget chooses."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import share
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.tally import tally
from constructs_lib.budget.workloads import Service, SizedWorkload, Task

_LEFT_OUT = {"pool_size": None, "max_overflow": None}


def chosen_pool(case: Case) -> Iterator[Fix]:
    """The pool left to the budget, where that fits, and what it then gives."""
    for claim in case.claims:
        workload, fixed = claim.workload, claim.demand.fixed
        if not isinstance(workload, SizedWorkload) or fixed is None or workload.at_least:
            continue  # one that the budget chooses stands for no other, since it may become less
        trial = case.trial(workload, _LEFT_OUT)
        size = tally(trial).allotments[workload.name].size
        if size is not None and size != fixed and case.reached(trial):
            yield case.fix(
                workload,
                _LEFT_OUT,
                share=0 if fixed.unbounded else share(fixed.ceiling, size.ceiling),
                note=f"{_how(workload, size)}: the budget then gives {size.pool_size} + {size.max_overflow}",
                written=_found(workload),
            )


def _how(workload: SizedWorkload, size: PoolSize) -> str:
    """The two steps for what was found in a template: no construct writes what the budget then gives."""
    if not _found(workload):
        return ""
    values = " and ".join(f"{name}={value}" for name, value in zip(workload.size_variables, size, strict=True))
    where = "its containers" if isinstance(workload, (Service, Task)) else "its environment"
    return f" (null in connection-budget.yml, and {values} in {where} instead of other sizes of pools)"


def _found(workload: SizedWorkload) -> bool:
    return workload.resource is not None and workload.construct_path is None
