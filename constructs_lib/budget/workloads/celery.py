"""Celery workers on ECS."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from constructs_lib.budget import schema
from constructs_lib.budget.demand import Demand
from constructs_lib.budget.scenario import Scenario
from constructs_lib.budget.schema import Field, integer, or_unknown
from constructs_lib.budget.source import Source
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads.workload import TASK_FIELDS, TaskWorkload, overruled
from constructs_lib.limits import Unknown

HOST_CPUS = Unknown("neither given nor in the worker's command, and Celery's own default is the host's CPU count")


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

    concurrency: int | Unknown = HOST_CPUS
    pool: CeleryPool = CeleryPool.PREFORK
    result_backend: bool = False
    """Whether results are stored in the same database, over a connection of Celery's own for each job at once."""
    extra_connections: int | Unknown = 0
    """Connections of each worker beside its pools: an embedded beat with a database scheduler, flower; unknown where
    its container runs something else."""

    @property
    def jobs(self) -> int | Unknown:
        """Jobs that a worker runs at once: with solo one, where neither the user nor the command says a concurrency."""
        unsaid = isinstance(self.concurrency, Unknown) and self.given.get("concurrency") in {None, Source.DOCUMENTED}
        return 1 if unsaid and self.pool is CeleryPool.SOLO else self.concurrency

    def demand(self) -> Demand:
        """What the workers ask for."""
        live, concurrency, extra = self.fleet.live(), self.jobs, self.extra_connections
        if isinstance(extra, Unknown):
            return Demand(pools=Unknown(f"extra_connections: {extra.reason}"), fixed=PoolSize(1, 0))
        if isinstance(live, Unknown):
            return Demand(pools=live, fixed=PoolSize(1, 0))
        if isinstance(concurrency, Unknown):
            return Demand(pools=Unknown(f"concurrency: {concurrency.reason}"), fixed=PoolSize(1, 0))
        pools_per_worker = concurrency if self.pool is CeleryPool.PREFORK else 1
        shared = self.pool in {CeleryPool.THREADS, CeleryPool.GEVENT, CeleryPool.EVENTLET}
        beside = self._results(concurrency) + extra
        return Demand(
            pools=live.times(pools_per_worker * self.pools_per_process),
            fixed=PoolSize(concurrency if shared else 1, 0),
            beside=live.times(beside * len(self.containers or ("",))),
        )

    def arithmetic(self, scenario: Scenario, size: PoolSize) -> str:
        """Such as `8 tasks × 200 % × 4 children × (1 + 0)`, or `8 tasks × (4 children × (1 + 0) + 4 results)`."""
        product = [f"({size.pool_size} + {size.max_overflow})"]
        if self.engines_per_process > 1:
            product.insert(0, f"{self.engines_per_process} engines")
        if self.pool is CeleryPool.PREFORK:
            product.insert(0, f"{self.concurrency} {'child' if self.concurrency == 1 else 'children'}")
        workers = len(self.containers or ("",))
        containers = [f"{workers} containers"] if workers > 1 else []
        results = 0 if isinstance(self.jobs, Unknown) else self._results(self.jobs)
        beside = [
            f"{number} {noun}"
            for number, noun in ((results, "for results"), (self.extra_connections, "extra"))
            if number
        ]
        if beside:
            product = [f"({' + '.join([' × '.join(product), *beside])})"]
        return " × ".join([self.fleet.arithmetic(scenario), *containers, *product])

    def _results(self, concurrency: int) -> int:
        """Connections of a worker's result backend: one for each job at once."""
        if not self.result_backend:
            return 0
        return 1 if self.pool is CeleryPool.SOLO else concurrency


_CONCURRENCY = or_unknown(integer(1))
_EXTRA = or_unknown(integer(0))
_POOL = schema.choice(CeleryPool)
Celery.fields = {
    **TASK_FIELDS,
    "concurrency": Field(_CONCURRENCY, HOST_CPUS),
    "pool": Field(_POOL, CeleryPool.PREFORK),
    "result_backend": Field(schema.boolean, False),  # noqa: FBT003 - a default, not a switch
    "extra_connections": Field(_EXTRA, 0),
    "overruled": overruled(concurrency=Field(_CONCURRENCY), pool=Field(_POOL), extra_connections=Field(_EXTRA)),
}
