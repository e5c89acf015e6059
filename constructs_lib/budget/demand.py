"""What one workload asks of its database, in the terms that the sum is made of."""

from typing import NamedTuple

from constructs_lib.budget.scenario import NOTHING, PerScenario
from constructs_lib.budget.split import DEFAULT_SPLIT, PoolSize, Split
from constructs_lib.limits import Unknown


class Demand(NamedTuple):  # every workload has one, and a frozen dataclass takes three times as long to make
    """So many pools in each scenario, and either a fixed size for each or a claim to a share."""

    pools: PerScenario | Unknown
    fixed: PoolSize | None
    """The size of every pool where it is given; None where the budget chooses it."""
    unsized: Unknown | None = None
    """Why that size cannot be known, where `fixed` only stands for one without a limit."""
    pooled: bool = True
    """Whether these are pools of an application; False for bare connections, each "pool" being one reservation."""
    weight: int = 1
    """The share of one pool relative to the pools of other workloads."""
    split: Split = DEFAULT_SPLIT
    multiplexing: int = 1
    """Clients that share one connection behind a proxy; 1 where each holds its own, as pinned sessions do."""

    largest: int | None = None
    """The most that a chosen pool may open; None where its share decides."""
    beside: PerScenario = NOTHING
    """Connections that are opened beside the pools, such as those of a result backend."""

    @property
    def unbounded(self) -> bool:
        """Whether a fixed pool has no limit at all."""
        return self.pooled and self.fixed is not None and self.fixed.unbounded

    @property
    def sizing_pools(self) -> int:
        """Pools among which a share is divided: the worst case, and at least one, for a service may be started."""
        return 1 if isinstance(self.pools, Unknown) else max(1, self.pools.peak)

    def connections(self, per_pool: int) -> PerScenario | Unknown:
        """Connections at the server in each scenario, with that many for each pool; rounded up where clients share."""
        if isinstance(self.pools, Unknown):
            return self.pools
        if self.multiplexing == 1 and self.beside is NOTHING:
            return self.pools.times(per_pool)
        pooled = PerScenario(*(-(-pools * per_pool // self.multiplexing) for pools in self.pools))
        return pooled.plus(self.beside)
