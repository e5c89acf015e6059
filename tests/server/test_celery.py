"""Real Celery workers, all children and threads busy, open exactly what the plan says."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from storm.deployment import Deployment
from storm.sampler import Sampler
from storm.server import Server, Slots
from tests.server import held_jobs
from tests.server.polling import PATIENCE_S, wait_for_samples, wait_until

DOCUMENT = {
    "schema": 1,
    "databases": {"orders": {"engine": "postgres", "max_connections": 20, "reserved": {"engine": 9, "admin": 1}}},
    "workloads": {
        name: {
            "database": "orders",
            "kind": "celery",
            "tasks": 1,
            "concurrency": 3,
            "pool": name,
            "maximum_percent": 100,
        }
        for name in ("prefork", "threads")
    },
}
MORE = 3
"""So many jobs more than can run at once."""


@contextmanager
def worker(pool: str, folder: Path, environment: Mapping[str, str], url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of three, as it would be started in a container, until it is told to stop."""
    arguments = ["worker", "--pool", pool, "--concurrency", "3", "--loglevel", "WARNING", "--without-mingle"]
    with (folder / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "tests.server.held_jobs", *arguments, "--without-gossip"],
            env={**os.environ, **environment, held_jobs.FOLDER: str(folder), held_jobs.DATABASE_URL: url},
            cwd=Path(__file__).parents[2],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_S)
            finally:
                process.kill()


def all_done(folder: Path) -> bool:
    return len(list(folder.iterdir())) == 3 + MORE


def test_busy_workers_open_as_many_connections_as_the_plan_says(
    server_with: Callable[[Slots], Server], tmp_path: Path
) -> None:
    """Prefork: 3 children × (1 + 0) = 3; threads: 1 process × (3 + 0) = 3; 6 of the 20 − 9 − 1 = 10 usable."""
    planned = plan(Document.read(DOCUMENT))
    assert planned.fits
    assert planned.tally.databases["orders"].total.peak == 6
    deployment = Deployment.of_plan(planned)
    assert deployment.environments["threads"]["DB_POOL_SIZE"] == "3"
    server = server_with(deployment.slots)
    before = server.refusals()

    with Sampler(server) as sampler, ExitStack() as stack:
        folders = {name: tmp_path / name for name in deployment.workloads}
        workers: list[subprocess.Popen[bytes]] = []
        for name, folder in folders.items():
            folder.mkdir()
            app = held_jobs.app_in(folder)
            for _ in range(3 + MORE):
                app.send_task("hold")
            app.close()
            run = worker(name, folder, deployment.environments[name], server.url("psycopg"))
            workers.append(stack.enter_context(run))

        def six_at_work() -> bool:
            assert all(run.poll() is None for run in workers), [(item / "log").read_text() for item in folders.values()]
            return sampler.latest >= 6

        wait_until(six_at_work, "six jobs at work")
        for folder in folders.values():
            (folder / held_jobs.LET_GO).touch()
        for name, folder in folders.items():
            done = folder / held_jobs.DONE
            wait_until(partial(all_done, done), f"all jobs of {name} have ended")
        wait_for_samples(sampler, 2)

    assert sampler.peak() == 6
    for name in folders:
        assert max(sample.by_name[name] for sample in sampler.samples) == 3
    assert server.refusals() == before
