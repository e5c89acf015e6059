"""A smaller pool where the user fixed one."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import largest, share
from constructs_lib.budget.schema import MOST
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads import SizedWorkload


def pool(case: Case) -> Iterator[Fix]:
    """The largest pool that fits, in the proportion of the user's; in that of the split where it had no limit."""
    for claim in case.claims:
        workload, fixed = claim.workload, claim.demand.fixed
        if not isinstance(workload, SizedWorkload) or fixed is None:
            continue

        def sized(ceiling: int, service: SizedWorkload = workload, now: PoolSize = fixed) -> PoolSize:
            if now.unbounded:
                return service.split.divide(ceiling)
            pool_size = max(1, ceiling * now.pool_size // now.ceiling)
            return PoolSize(pool_size, ceiling - pool_size)

        def fits(ceiling: int, service: SizedWorkload = workload) -> bool:
            return case.reached(case.trial(service, sized(ceiling)._asdict()))

        ceiling = largest(workload.least(fixed.ceiling), MOST if fixed.unbounded else fixed.ceiling - 1, fits)
        if ceiling is not None:
            yield case.fix(
                workload, sized(ceiling)._asdict(), share=0 if fixed.unbounded else share(fixed.ceiling, ceiling)
            )
