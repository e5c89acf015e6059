"""What a pool size costs and saves: throughput, waits and refusals at equal load, and the runtime's own cost.

    python benchmarks/pools.py            three to five minutes
    python benchmarks/pools.py --quick    a smoke run: whether it works, not how fast

Every way to size pools of `storm.sizing` serves the same clients on the same real server: all the tasks that live at
once while the app of `storm.app` is deployed. `calm` has fewer clients in a process than the smallest pool has
connections, `rush` more than the largest. Each client asks for one transaction after another (half a second asleep in
the server); who is refused asks again after two seconds. Rounds are repeated, each beginning with another sizing.

The second part compares `constructs_lib.runtime` with SQLAlchemy's own `create_engine` on one idle connection. The
two take turns; a number is the median of the rounds.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import sqlalchemy

from constructs_lib import runtime
from storm.counters import percentile_s
from storm.deployment import Deployment, processes_per_task, synthesized
from storm.pools import engine_options
from storm.process import Work
from storm.server import Server, running
from storm.sizing import SIZINGS, Sizing
from storm.tasks import Tasks

WORKLOAD = "api"
CLIENTS = {"calm": 4, "rush": 30}
REQUEST_S = 0.5
READY_S = 60


@dataclass(frozen=True, slots=True)
class Measured:
    """One window of one fleet."""

    served_per_s: float
    wait_p50_s: float | None
    wait_p99_s: float | None
    refused_per_s: float


def measure(server: Server, deployment: Deployment, sizing: Sizing, clients: int, seconds: float) -> Measured:
    """Start all tasks of a deployment, let them settle, and count for so many seconds."""
    url = server.url("asyncpg")
    options = engine_options(deployment.environments[WORKLOAD], sizing.size(deployment, WORKLOAD), url)
    workload = deployment.workloads[WORKLOAD]
    live = getattr(workload.fleet.live(), "deploying", 1)
    tasks = Tasks(
        lambda: Work(url=url, options=options, clients=clients, request_s=REQUEST_S), processes_per_task(workload)
    )
    try:
        tasks.start(live)
        deadline = time.monotonic() + READY_S
        while not tasks.all_at_work:
            if time.monotonic() > deadline:
                raise SystemExit("a process has neither been served nor refused")
            time.sleep(0.05)
        began, refused = time.monotonic(), server.refusals()
        before = [(item.served, item.waits) for item in tasks.counters]
        time.sleep(seconds)
        took = time.monotonic() - began
        refused = server.refusals() - refused
        after = [(item.served, item.waits) for item in tasks.counters]
    finally:
        tasks.stop(len(tasks))
    waits = [
        [late - early for early, late in zip(was, now, strict=True)]
        for (_, was), (_, now) in zip(before, after, strict=True)
    ]
    served = sum(now - was for (was, _), (now, _) in zip(before, after, strict=True))
    return Measured(served / took, percentile_s(waits, 50), percentile_s(waits, 99), refused / took)


def print_sizings(server: Server, deployment: Deployment, rounds: int, seconds: float) -> None:
    """Print the first table: of each measure the smallest and the largest of all rounds."""
    names = list(SIZINGS)
    for load, clients in CLIENTS.items():
        seen: dict[str, list[Measured]] = {name: [] for name in names}
        for turn in range(rounds):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                seen[name].append(measure(server, deployment, SIZINGS[name], clients, seconds))
        print(f"\n{load}: {clients} clients in each process, {rounds} rounds of {seconds:g} s")
        print(f"  {'':15}{'pool':>10}{'served / s':>18}{'p50 wait / s':>18}{'p99 wait / s':>18}{'refused / s':>18}")
        for name, of_name in seen.items():
            size = SIZINGS[name].size(deployment, WORKLOAD)
            columns = (
                _spread([item.served_per_s for item in of_name], 0),
                _spread([item.wait_p50_s for item in of_name], 2),
                _spread([item.wait_p99_s for item in of_name], 2),
                _spread([item.refused_per_s for item in of_name], 1),
            )
            pool = f"{size.pool_size} + {size.max_overflow}"
            print(f"  {name:15}{pool:>10}{''.join(f'{column:>18}' for column in columns)}")


def _spread(numbers: list[float | None] | list[float], digits: int) -> str:
    known = [number for number in numbers if number is not None]
    return f"{min(known):.{digits}f} – {max(known):.{digits}f}" if known else "–"


def print_runtime(server: Server, environment: Mapping[str, str], rounds: int, turns: int) -> None:
    """Print the second table."""
    url = server.url("psycopg")
    options = runtime.engine_options(environ=environment, driver="psycopg")
    options = {name: option for name, option in options.items() if name not in ("plugins", "connection_budget")}
    engines = {
        "SQLAlchemy's create_engine, same options": sqlalchemy.create_engine(url, **options),
        "runtime.create_engine": runtime.create_engine(url, environ=environment),
        "SQLAlchemy's, without pre-ping": sqlalchemy.create_engine(url, **{**options, "pool_pre_ping": False}),
    }

    def read() -> None:
        runtime.engine_options(environ=environment, driver="psycopg")

    print(f"\nruntime, medians of {rounds} rounds of {turns}")
    took: dict[str, list[float]] = {"engine_options": [], **{name: [] for name in engines}}
    for _ in range(rounds):
        took["engine_options"].append(_each(read, turns))
        for name, engine in engines.items():

            def check_out(engine: sqlalchemy.Engine = engine) -> None:
                engine.connect().close()

            took[name].append(_each(check_out, turns))
    for engine in engines.values():
        engine.dispose()
    print(f"  {'reading the environment':45}{median(took.pop('engine_options')) * 1e6:8.0f} µs, once a process")
    for name, seconds in took.items():
        print(f"  {name:45}{median(seconds) * 1e6:8.0f} µs a checkout")


def _each(work: Callable[[], None], turns: int) -> float:
    work()
    began = time.perf_counter()
    for _ in range(turns):
        work()
    return (time.perf_counter() - began) / turns


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--rounds", type=int, default=3, help="of every way to size pools (default: 3)")
    parser.add_argument("--seconds", type=float, default=5.0, help="that each is measured for (default: 5)")
    said = parser.parse_args()
    rounds, seconds, turns = (1, 1.0, 20) if said.quick else (said.rounds, said.seconds, 500)
    with tempfile.TemporaryDirectory() as folder:
        deployment = Deployment.of_template(synthesized(Path(folder)))
    with running(deployment.slots) as server:
        print_runtime(server, deployment.environments[WORKLOAD], max(rounds, 3) * 5, turns)
        print_sizings(server, deployment, rounds, seconds)


if __name__ == "__main__":
    main()
