"""Workloads whose pools the budget sizes, or checks where the user fixed them."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constructs_lib.budget import schema
from constructs_lib.budget.demand import Demand
from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.schema import Field, integer, or_unknown
from constructs_lib.budget.source import Source
from constructs_lib.budget.split import DEFAULT_SPLIT, SQLALCHEMY, UNLIMITED, PoolSize, Split
from constructs_lib.budget.workloads.workload import PooledWorkload, overruled
from constructs_lib.limits import Unknown

_WHOSE = {
    SQLALCHEMY: "what SQLAlchemy takes where nothing is said",
    PoolSize(1, 0): "for it does one thing at a time",
}
"""Why a size is assumed."""


@dataclass(
    frozen=True, kw_only=True
)  # no slots: kinds inherit from another workload beside it, and two cannot both have them
class SizedWorkload(PooledWorkload):
    """Live tasks × processes × engines pools, sized by the budget unless `pool_size` and `max_overflow` are given."""

    processes: int | Unknown = 1
    split: Split = DEFAULT_SPLIT
    weight: int = 1
    pool_size: int | Unknown | None = None
    max_overflow: int | Unknown | None = None
    multiplexing: int = 1
    largest_pool: int | None = None
    """The most connections of one pool that the budget chooses."""
    at_least: int = 0
    """What a container opens in one task that never runs beside one of these, which stands for it while it opens more.
    """

    def check(self, place: str) -> None:
        """Raise DocumentError where the fields contradict each other."""
        if (self.pool_size is None) != (self.max_overflow is None):
            missing = "max_overflow" if self.max_overflow is None else "pool_size"
            raise schema.DocumentError(
                f"{place}.{missing}", "is required: a fixed pool has both pool_size and max_overflow"
            )
        if self.multiplexing > 1 and self.proxy is None:
            raise schema.DocumentError(
                f"{place}.multiplexing", "needs a proxy: without one every client holds a connection"
            )

    @property
    def fixed(self) -> PoolSize | None:
        """The pool that the user fixed, or None where the budget chooses; one that is unknown has no limit."""
        if self.pool_size is None or self.max_overflow is None:
            return None
        if isinstance(self.pool_size, Unknown) or isinstance(self.max_overflow, Unknown):
            return UNLIMITED
        return PoolSize(self.pool_size, self.max_overflow)

    @property
    def opens(self) -> int | None:
        """The connections of one container in one task; None where they are chosen, unknown or without a limit."""
        size = self.fixed
        if size is None or size.unbounded or isinstance(self.processes, Unknown):
            return None
        return self.processes * self.engines_per_process * size.ceiling

    def least(self, factor: int) -> int:
        """What one factor of `opens` must be for that not to be less than `at_least`, the others as they are."""
        return max(1, -(-self.at_least * factor // self.opens)) if self.opens else 1

    def assumptions(self) -> tuple[str, ...]:
        """What had to be assumed, in words."""
        said = list(super().assumptions())
        assumed = all(self.given.get(key) is Source.ASSUMED for key in ("pool_size", "max_overflow"))
        if assumed and self.fixed is not None and (whose := _WHOSE.get(self.fixed)):
            at = said.index(self._shown("pool_size"))
            said.remove(self._shown("max_overflow"))
            said[at] = f"pool_size {self.pool_size} and max_overflow {self.max_overflow}, {whose}"
        return tuple(said)

    @property
    def unsized(self) -> Unknown | None:
        """Why the size of the fixed pool is unknown; None where it is known, or where the budget chooses."""
        return next((size for size in (self.pool_size, self.max_overflow) if isinstance(size, Unknown)), None)

    def demand(self) -> Demand:
        """What the workload asks for."""
        live, processes = self.live(), self.processes
        pools: PerScenario | Unknown
        if isinstance(live, Unknown):
            pools = live
        elif isinstance(processes, Unknown):
            pools = Unknown(f"processes: {processes.reason}")
        else:
            pools = live.times(processes * self.pools_per_process)
        return Demand(
            pools=pools,
            fixed=self.fixed,
            unsized=self.unsized,
            weight=self.weight,
            split=self.split,
            multiplexing=self.multiplexing,
            largest=self.largest_pool,
        )

    def arithmetic(self, scenario: Scenario, size: PoolSize) -> str:
        """Such as `8 tasks × 200 % × 2 processes × (10 + 5)`."""
        factors = [*self.live_factors(scenario), *self.pool_factors()]
        product = " × ".join([*factors, f"({size.pool_size} + {size.max_overflow})"])
        return f"ceil({product} ÷ {self.multiplexing} clients per connection)" if self.multiplexing > 1 else product

    @abstractmethod
    def live_factors(self, scenario: Scenario) -> Sequence[str]:
        """The factors of a scenario's pools before engines and containers, in words."""

    def process_factor(self) -> str:
        """Such as `2 processes`."""
        return f"{self.processes} {'process' if self.processes == 1 else 'processes'}"


SIZED_FIELDS: Mapping[str, Field] = {
    "split": Field(schema.parsed(Split.parse), DEFAULT_SPLIT),
    "weight": Field(integer(1), 1),
    "pool_size": Field(or_unknown(integer(0))),
    "max_overflow": Field(or_unknown(integer(-1))),
    "multiplexing": Field(integer(1), 1),
    "largest_pool": Field(integer(1)),
}
_PROCESSES = or_unknown(integer(1))
PROCESS_FIELDS: Mapping[str, Field] = {
    "processes": Field(_PROCESSES, 1, "1 process per task"),
    "overruled": overruled(processes=Field(_PROCESSES)),
}
