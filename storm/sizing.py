"""How pools are sized: by the budget, and in the ways that are common without one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from constructs_lib.budget.split import PoolSize
from storm.deployment import Deployment, processes_per_task

SQLALCHEMY = PoolSize(5, 10)
"""What `create_engine` does where nothing is said."""
GUESS = PoolSize(100, 20)
FORMULA_RESERVE = 13
"""What the formulas keep back: 3 for superusers and 10 for people."""


@dataclass(frozen=True, slots=True)
class Sizing:
    """One way to size the pools of a workload."""

    name: str
    description: str
    size: Callable[[Deployment, str], PoolSize]


def _budget(deployment: Deployment, workload: str) -> PoolSize:
    variables = deployment.environments[workload]
    return PoolSize(int(variables["DB_POOL_SIZE"]), int(variables["DB_MAX_OVERFLOW"]))


def _share(deployment: Deployment, workload: str) -> int:
    """(max_connections − reserves) // desired pools: one service, no surge, nothing beside it.

    In the formulas' favour: the processes of a task are counted, which people often forget.
    """
    item = deployment.workloads[workload]
    live = item.fleet.live()
    desired = getattr(live, "steady", 1) * processes_per_task(item)
    return max(2, (deployment.slots.max_connections - FORMULA_RESERVE) // max(1, desired))


def _half_on_top(deployment: Deployment, workload: str) -> PoolSize:
    pool_size = _share(deployment, workload) * 70 // 100
    return PoolSize(pool_size, pool_size // 2)


def _by_desired_count(deployment: Deployment, workload: str) -> PoolSize:
    share = _share(deployment, workload)
    return PoolSize(share * 70 // 100, share * 30 // 100)


SIZINGS: Mapping[str, Sizing] = {
    sizing.name: sizing
    for sizing in (
        Sizing("budget", "the environment of the synthesized template", _budget),
        Sizing("defaults", "SQLAlchemy's own 5 + 10", lambda *_: SQLALCHEMY),
        Sizing("guess", "100 + 20, a pool that surely suffices", lambda *_: GUESS),
        Sizing("formula", "70 % of the share by desired count, half of that on top", _half_on_top),
        Sizing("formula-70-30", "70 % and 30 % of the share by desired count", _by_desired_count),
    )
}
