"""Celery workers on ECS."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from constructs_lib.budget import schema
from constructs_lib.budget.demand import Demand
from constructs_lib.budget.scenario import Scenario
from constructs_lib.budget.schema import Field, integer, or_unknown
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads.workload import TASK_FIELDS, TaskWorkload
from constructs_lib.limits import Unknown


class CeleryPool(str, Enum):
    """The `--pool` of a Celery worker."""

    PREFORK = "prefork"
    THREADS = "threads"
    GEVENT = "gevent"
    EVENTLET = "eventlet"
    SOLO = "solo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Celery(TaskWorkload):
    """One worker in each task; reserved before any share is divided.

    A prefork child runs one job at a time in a process of its own: one pool of one connection for each child.
    Threads, gevent and eventlet run a worker's jobs in one process: one pool of its concurrency. Solo runs one job.
    """

    kind: ClassVar[str] = "celery"
    fields: ClassVar[Mapping[str, Field]]

    concurrency: int | Unknown
    pool: CeleryPool = CeleryPool.PREFORK

    def demand(self) -> Demand:
        """What the workers ask for."""
        live, concurrency = self.fleet.live(), self.concurrency
        if isinstance(live, Unknown):
            return Demand(pools=live, fixed=PoolSize(1, 0))
        if isinstance(concurrency, Unknown):
            return Demand(pools=Unknown(f"concurrency: {concurrency.reason}"), fixed=PoolSize(1, 0))
        pools_per_worker = concurrency if self.pool is CeleryPool.PREFORK else 1
        shared = self.pool in {CeleryPool.THREADS, CeleryPool.GEVENT, CeleryPool.EVENTLET}
        return Demand(
            pools=live.times(pools_per_worker * self.pools_per_process),
            fixed=PoolSize(concurrency if shared else 1, 0),
        )

    def arithmetic(self, scenario: Scenario, size: PoolSize) -> str:
        """Such as `8 tasks × 200 % × 4 children × (1 + 0)`."""
        factors = [self.fleet.arithmetic(scenario)]
        if self.pool is CeleryPool.PREFORK:
            factors.append(f"{self.concurrency} {'child' if self.concurrency == 1 else 'children'}")
        return " × ".join([*factors, *self.pool_factors(), f"({size.pool_size} + {size.max_overflow})"])


Celery.fields = {
    **TASK_FIELDS,
    "concurrency": Field(
        or_unknown(integer(1)), required="Celery's own default is the host's CPU count, which a template does not have"
    ),
    "pool": Field(schema.choice(CeleryPool), CeleryPool.PREFORK),
}
