"""The tasks of one workload, as ECS starts, stops and loses them."""

import multiprocessing
import signal
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from storm.counters import Counters
from storm.process import Work, run

STOP_TIMEOUT_S = 30
"""The default stopTimeout of ECS: a task that has not ended by then is killed."""
# Forked from one server that has imported everything: real processes that start in milliseconds. `storm.__main__` by
# that name, because every process imports the main module again, which the server does not preload by itself.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    [
        "storm.__main__",
        "storm.process",
        "asyncpg",
        "psycopg",
        "sqlalchemy.dialects.postgresql.asyncpg",
        "sqlalchemy.dialects.postgresql.psycopg",
    ]
)


class _Process(NamedTuple):
    process: BaseProcess
    counters: Counters


class Tasks:
    """So many tasks of so many processes each; the counters of those that have ended are kept."""

    def __init__(self, work: Callable[[], Work], processes_per_task: int) -> None:
        self._work = work
        self._processes_per_task = processes_per_task
        self._tasks: list[list[_Process]] = []
        self.counters: list[Counters] = []

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, tasks: int) -> None:
        """Start that many more."""
        self._tasks += [[self._started() for _ in range(self._processes_per_task)] for _ in range(tasks)]

    def stop(self, tasks: int) -> None:
        """Tell the oldest to end, wait until they have; those that do not are killed."""
        self._end(tasks, signal.SIGTERM)

    def crash(self, tasks: int) -> None:
        """Kill the oldest where they stand."""
        self._end(tasks, signal.SIGKILL)

    @property
    def all_at_work(self) -> bool:
        """Whether every process has something to show: a request that was served, or that was turned away."""
        return all(
            item.counters.served + item.counters.refused + item.counters.timed_out + item.counters.failed
            for task in self._tasks
            for item in task
        )

    @property
    def dead(self) -> int:
        """Processes that have ended without being told to."""
        return sum(not item.process.is_alive() for task in self._tasks for item in task)

    def _started(self) -> _Process:
        work = self._work()
        process = _PROCESSES.Process(target=run, args=(work,), daemon=True)
        process.start()
        self.counters.append(work.counters)
        return _Process(process, work.counters)

    def _end(self, tasks: int, how: signal.Signals) -> None:
        ending = [item.process for task in self._tasks[:tasks] for item in task]
        del self._tasks[:tasks]
        for process in ending:
            if how is signal.SIGKILL:
                process.kill()
            else:
                process.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT_S
        for process in ending:
            process.join(max(0.0, deadline - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
            process.close()
