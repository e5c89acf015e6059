"""How long the arithmetic takes: `plan` on documents of many workloads, without Node or the CDK.

    python benchmarks/plan.py            about ten seconds
    python benchmarks/plan.py --quick    one turn of each: whether it works, not how fast

The documents have one database, whose max_connections is declared, and of every ten workloads seven services that the
budget sizes, two Celery services and one reservation; each is written as a synth writes it, so every value is given.

The first table is `plan` alone; where it grows linearly, the time for each workload stays the same. The second is, for
1,000 workloads, everything a command or a synth does besides: `read` checks a document and makes the objects that
`plan` takes; `plan, re-read` is the plugin's, which also compares the variables that the containers have with those
they should; `plan, too large` is one whose fixed pools cannot fit, for which ways out are looked for, the sum taken
anew for each; `JSON` and `text` print the plan.

All take turns, so that a slow moment of the machine meets each of them; of all turns, the fastest is what the work
costs, and the median is what it took on this machine as it was.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any, TypeVar

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.report.formats import FORMATS

K = TypeVar("K", int, str)

SIZES = (100, 1_000, 10_000)
WANTED = 1_000
"""Workloads that `plan` is wanted to take at most `WANTED_MS` for."""
WANTED_MS = 20
TURNS = 25
FEWER_TURNS = 5
"""For what takes long."""


def document(workloads: int, **service: int) -> dict[str, Any]:
    """A document in JSON's own types; `service` has further keys of every service."""
    return {
        "schema": 1,
        "databases": {
            "orders": {
                "engine": "postgres",
                "engine_version": "16.4",
                "instance_class": "db.r6g.16xlarge",
                "max_connections": 262_143,
                "reserved": {"engine": 3, "admin": 10},
            }
        },
        "workloads": {f"workload-{index}": _workload(index, service) for index in range(workloads)},
    }


def _workload(index: int, service: Mapping[str, int]) -> dict[str, Any]:
    match index % 10:
        case 0:
            return {"database": "orders", "kind": "reserved", "connections": 5}
        case 1 | 2:
            own = {"kind": "celery", "concurrency": 4, "pool": "prefork", "maximum_percent": 100}
        case _:
            own = {"kind": "service", "processes": 1, "split": "70/30", "weight": 1, "maximum_percent": 200, **service}
    return {"database": "orders", "tasks": 1 + index % 2, "max_tasks": 2, "deployment": "rolling", **own}


def as_found(result: Plan) -> Document:
    """The document as the plugin has it: each container has the variables that the plan gives it."""
    variables = result.environments()
    workloads = {
        name: replace(item, found={"app": variables[name]}) if isinstance(item, TaskWorkload) else item
        for name, item in result.document.workloads.items()
    }
    return replace(result.document, workloads=workloads)


def measure(works: Mapping[K, Callable[[], object]], turns: int) -> dict[K, list[float]]:
    """Milliseconds of every turn of every work; one turn before the first is not counted."""
    took: dict[K, list[float]] = {name: [] for name in works}
    for turn in range(turns + 1):
        for name, work in works.items():
            started = time.perf_counter()
            work()
            if turn > 0:
                took[name].append((time.perf_counter() - started) * 1000)
    return took


def print_growth(turns: int, fewer: int) -> None:
    """Print the first table and whether `plan` keeps to its time."""
    took: dict[int, list[float]] = {}
    for sizes, times in ((SIZES[:-1], turns), (SIZES[-1:], fewer)):
        documents = {size: Document.read(document(size)) for size in sizes}
        if not all(plan(item).fits for item in documents.values()):
            sys.exit("a document of the benchmark no longer fits, so something else would be measured")
        took |= measure({size: partial(plan, item) for size, item in documents.items()}, times)
    print(f"plan(), {turns} turns, {fewer} of the largest")
    print(f"  {'workloads':>24}{'fastest':>13}{'median':>13}{'each, fastest':>17}{'each, median':>16}")
    for size, milliseconds in took.items():
        fastest, middle = min(milliseconds), median(milliseconds)
        each = f"{1000 * fastest / size:14.2f} µs{1000 * middle / size:13.2f} µs"
        print(f"  {size:24,}{fastest:10.2f} ms{middle:10.2f} ms{each}")
    middle = median(took[WANTED])
    verdict = "met" if middle < WANTED_MS else "missed"
    print(f"  {WANTED:,} workloads: median {middle:.1f} ms, wanted under {WANTED_MS} ms: {verdict}")


def print_around(turns: int, fewer: int) -> None:
    """Print the second table."""
    content = document(WANTED)
    fitting = plan(Document.read(content))
    found = as_found(fitting)
    too_large = Document.read(document(WANTED, pool_size=1_000, max_overflow=10))
    took = measure(
        {
            "read": partial(Document.read, content),
            "plan": partial(plan, fitting.document),
            "variables": fitting.environments,
            "plan, re-read": partial(plan, found),
            "JSON": partial(FORMATS["json"], fitting),
        },
        turns,
    )
    took |= measure({"text": partial(FORMATS["text"], fitting), "plan, too large": partial(plan, too_large)}, fewer)
    print(f"\nAround it, {WANTED:,} workloads")
    for name, milliseconds in took.items():
        print(f"  {name:>24}{min(milliseconds):10.2f} ms{median(milliseconds):10.2f} ms")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one turn of each")
    turns, fewer = (1, 1) if parser.parse_args().quick else (TURNS, FEWER_TURNS)
    print_growth(turns, fewer)
    print_around(turns, fewer)


if __name__ == "__main__":
    main()
