"""A deployment from its first task to its worst day, with one way to size pools."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from constructs_lib.budget.scenario import PerScenario
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads import Service
from constructs_lib.limits import Unknown
from storm.counters import Counters, percentile_s
from storm.deployment import Deployment, RehearsalError, processes_per_task
from storm.pools import engine_options
from storm.process import AFTER_AN_ERROR_S, Work
from storm.sampler import Sample, Sampler
from storm.server import Server
from storm.sizing import Sizing
from storm.tasks import Tasks

STUCK_S = 60
"""A process that has shown nothing by then is broken, however slow the machine."""
PHASES = ("steady", "scale-out", "deployment", "crash", "failover")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the application is asked for: the same, whatever the pools."""

    hold_s: float = 1.5
    """How long each phase lasts once every process is at work."""
    clients: int = 30
    """Of each process of a service, each wanting a connection; a Celery child runs one job at a time."""
    request_s: float = 1.0
    """How long each keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseOutcome:
    """What one phase came to."""

    name: str
    began_s: float
    ended_s: float
    peak: int
    """The most connections of living clients that a sample saw."""
    refused: int
    """By the server's log."""
    served: int
    timed_out: int = 0
    """Requests that waited for longer than pool_timeout."""
    failed: int = 0
    """Requests that ended in any other error, such as that of a session that was dropped."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What one rehearsal came to."""

    sizing: Sizing
    pool: PoolSize
    """Of the service with the largest."""
    phases: list[PhaseOutcome] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    counters: list[Counters] = field(default_factory=list)

    @property
    def peak(self) -> int:
        """The most connections of living clients in all phases."""
        return max(phase.peak for phase in self.phases)

    @property
    def left_behind(self) -> int:
        """The most sessions at once that had lost their client, or were being dropped, and had not ended yet."""
        return max((sample.left_behind for sample in self.samples), default=0)

    @property
    def refused(self) -> int:
        """Connections that the server turned away, by its log."""
        return sum(phase.refused for phase in self.phases)

    @property
    def served(self) -> int:
        """Requests that got what they asked for."""
        return sum(item.served for item in self.counters)

    @property
    def timed_out(self) -> int:
        """Requests that waited for longer than pool_timeout."""
        return sum(phase.timed_out for phase in self.phases)

    @property
    def failed(self) -> int:
        """Requests that ended in any other error."""
        return sum(phase.failed for phase in self.phases)

    @property
    def wait_p99_s(self) -> float | None:
        """What 99 of 100 requests did not wait longer for, of those that got a connection."""
        return percentile_s((item.waits for item in self.counters), 99)


class Rehearsal:
    """Tasks of every workload on a server, and a sampler that watches them."""

    def __init__(self, server: Server, deployment: Deployment, sizing: Sizing, load: Load) -> None:
        self._server = server
        self._load = load
        self._live: dict[str, PerScenario] = {}
        self._tasks: dict[str, Tasks] = {}
        for name, workload in deployment.workloads.items():
            live = workload.fleet.live()
            if isinstance(live, Unknown):
                raise RehearsalError(f"the tasks of {name} are unknown: {live.reason}")
            self._live[name] = live
            self._tasks[name] = Tasks(self._work(deployment, sizing, name), processes_per_task(workload))
        pool = max(sizing.size(deployment, name) for name in deployment.workloads)
        self.outcome = Outcome(sizing=sizing, pool=pool)

    def run(
        self,
        *,
        last: str = PHASES[-1],
        on_begin: Callable[[str], None] = lambda _: None,
        on_end: Callable[[str], None] = lambda _: None,
    ) -> Outcome:
        """Go through the phases up to the last one wanted, and tell of each as it begins and as it ends."""
        with Sampler(self._server) as sampler:
            steps: tuple[Callable[[], None], ...] = (
                self._steady,
                self._scale_out,
                self._deploy,
                partial(self._crash, sampler),
                partial(self._fail_over, sampler),
            )
            try:
                for name, step in list(zip(PHASES, steps, strict=True))[: PHASES.index(last) + 1]:
                    on_begin(name)
                    with self._phase(name, sampler):
                        step()
                    on_end(name)
            finally:
                for tasks in self._tasks.values():
                    tasks.crash(len(tasks))
                self._server.drop_sessions()  # the next one finds the server empty
        self.outcome.samples = sampler.samples
        self.outcome.counters = self._counters
        return self.outcome

    def _steady(self) -> None:
        self._reach(lambda live: live.steady)

    def _scale_out(self) -> None:
        self._reach(lambda live: live.scaled_out)

    def _deploy(self) -> None:
        """New tasks beside the old ones, as many as may live at once; then the old ones end.

        Old ones that no new one could start beside are replaced in their places, one after the other.
        """
        self._reach(lambda live: live.deploying)
        for name, live in self._live.items():
            tasks, beside = self._tasks[name], live.deploying - live.scaled_out
            tasks.stop(beside)
            for _ in range(live.scaled_out - beside):
                tasks.stop(1)
                tasks.start(1)
        self._hold()

    def _crash(self, sampler: Sampler) -> None:
        """Every task dies at once, and as many take its place, sooner than the server ends the sessions of the dead.

        It ends one in the middle of a statement only after the statement.
        """
        lost = {name: len(tasks) for name, tasks in self._tasks.items()}
        for tasks in self._tasks.values():
            tasks.crash(len(tasks))
        sampler.leave_behind()
        for name, tasks in self._tasks.items():
            tasks.start(lost[name])
        self._hold()

    def _fail_over(self, sampler: Sampler) -> None:
        """The server drops every session, and every pool connects again at once."""
        sampler.leave_behind()
        self._server.drop_sessions()
        time.sleep(AFTER_AN_ERROR_S)
        self._hold()

    def _reach(self, wanted: Callable[[PerScenario], int]) -> None:
        for name, tasks in self._tasks.items():
            tasks.start(wanted(self._live[name]) - len(tasks))
        self._hold()

    def _hold(self) -> None:
        deadline = time.monotonic() + STUCK_S
        while not all(tasks.all_at_work for tasks in self._tasks.values()):
            if time.monotonic() > deadline:
                raise RehearsalError(f"a process has neither been served nor refused in {STUCK_S} s")
            time.sleep(0.02)
        time.sleep(self._load.hold_s)
        if dead := sum(tasks.dead for tasks in self._tasks.values()):
            raise RehearsalError(f"{dead} processes have ended by themselves")

    @contextmanager
    def _phase(self, name: str, sampler: Sampler) -> Iterator[None]:
        began_s, refused, before = sampler.elapsed_s, self._server.refusals(), self._requests
        yield
        served, timed_out, failed = (now - earlier for now, earlier in zip(self._requests, before, strict=True))
        self.outcome.phases.append(
            PhaseOutcome(
                name=name,
                began_s=began_s,
                ended_s=sampler.elapsed_s,
                peak=sampler.peak(began_s),
                refused=self._server.refusals() - refused,
                served=served,
                timed_out=timed_out,
                failed=failed,
            )
        )

    @property
    def _counters(self) -> list[Counters]:
        return [counters for tasks in self._tasks.values() for counters in tasks.counters]

    @property
    def _requests(self) -> tuple[int, int, int]:
        """Served, timed out and failed until now."""
        counters = self._counters
        return (
            sum(item.served for item in counters),
            sum(item.timed_out for item in counters),
            sum(item.failed for item in counters),
        )

    def _work(self, deployment: Deployment, sizing: Sizing, name: str) -> Callable[[], Work]:
        workload = deployment.workloads[name]
        service = isinstance(workload, Service)
        url = self._server.url("asyncpg" if service else "psycopg")
        options = engine_options(deployment.environments[name], sizing.size(deployment, name), url)
        clients = self._load.clients if service else 1
        return lambda: Work(url=url, options=options, clients=clients, request_s=self._load.request_s)
