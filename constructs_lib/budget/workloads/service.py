"""An ECS service whose processes each hold connection pools."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from constructs_lib.budget import schema
from constructs_lib.budget.demand import Demand
from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.schema import Field, integer, or_unknown
from constructs_lib.budget.split import DEFAULT_SPLIT, PoolSize, Split
from constructs_lib.budget.workloads.workload import TASK_FIELDS, TaskWorkload
from constructs_lib.limits import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(TaskWorkload):
    """Tasks × processes × engines pools, sized by the budget unless `pool_size` and `max_overflow` are given."""

    kind: ClassVar[str] = "service"
    fields: ClassVar[Mapping[str, Field]]

    processes: int | Unknown = 1
    split: Split = DEFAULT_SPLIT
    weight: int = 1
    pool_size: int | None = None
    max_overflow: int | None = None
    multiplexing: int = 1

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
        """The pool that the user fixed, or None where the budget chooses."""
        if self.pool_size is None or self.max_overflow is None:
            return None
        return PoolSize(self.pool_size, self.max_overflow)

    def demand(self) -> Demand:
        """What the service asks for."""
        live, processes = self.fleet.live(), self.processes
        pools: PerScenario | Unknown
        if isinstance(live, Unknown):
            pools = live
        elif isinstance(processes, Unknown):
            pools = Unknown(f"processes: {processes.reason}")
        else:
            pools = live.times(processes * self.pools_per_process)
        return Demand(
            pools=pools, fixed=self.fixed, weight=self.weight, split=self.split, multiplexing=self.multiplexing
        )

    def arithmetic(self, scenario: Scenario, size: PoolSize) -> str:
        """Such as `8 tasks × 200 % × 2 processes × (10 + 5)`."""
        processes = f"{self.processes} {'process' if self.processes == 1 else 'processes'}"
        factors = [self.fleet.arithmetic(scenario), processes, *self.pool_factors()]
        product = " × ".join([*factors, f"({size.pool_size} + {size.max_overflow})"])
        return f"ceil({product} ÷ {self.multiplexing} clients per connection)" if self.multiplexing > 1 else product


Service.fields = {
    **TASK_FIELDS,
    "processes": Field(or_unknown(integer(1)), 1, "1 process per task"),
    "split": Field(schema.parsed(Split.parse), DEFAULT_SPLIT),
    "weight": Field(integer(1), 1),
    "pool_size": Field(integer(0)),
    "max_overflow": Field(integer(-1)),
    "multiplexing": Field(integer(1), 1),
}
