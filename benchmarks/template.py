"""How long `check` of a template takes, against `json.loads` of the same bytes, and against cfn-lint on the same file.

    python benchmarks/template.py            two minutes, half of it cfn-lint's
    python benchmarks/template.py --quick    one turn of each, without cfn-lint: whether it works, not how fast

In the dense template every ten resources are a service, its task definition, scalable target and scaling policy, two
IAM resources, a security group and its ingress, a log group and an alarm; for ten services there is a database with its
parameter group and security group, which lets them in and whose address they have. In the mixed one such a service
comes with ninety resources that have no part in a budget, as the CDK has synthesized them for the example app: subnets
and routes, roles and policies, queues, a bucket, a load balancer.

`read` is everything from the file to the facts of every service and database: bytes, parsing, linking, resolving,
indexing. `check` is what the command does but for printing: read, discover who reaches which database through security
groups and references, size the pools, plan, and look for everything that is wrong. The budgets fit: no way out is
searched.

All take turns in one process, in processor time, which the machine's other work does not count in; the fastest turn is
what the work costs. Where a machine changes its own speed from turn to turn, the median of the turns' ratios says more.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from functools import partial
from io import StringIO
from pathlib import Path
from statistics import median

from stack_template import DENSE, Json, synthesized, template

from constructs_lib.budget.merge import merged
from constructs_lib.budget.plan import plan
from constructs_lib.cli.app_files import read_assemblies
from constructs_lib.cli.checked_app import CheckedApp
from constructs_lib.template.app import App
from constructs_lib.template.containers import environments
from constructs_lib.template.databases import database_facts
from constructs_lib.template.intrinsics import reference
from constructs_lib.template.services import task_facts

SIZES = (500, 1_000, 5_000)
MIXED = 100
"""Resources for each service."""
WANTED_TIMES = 4
"""Times `json.loads` that the smallest of them is wanted to take at most."""
TURNS = 60
FEWER_TURNS = 10
"""For the largest."""


def read(path: Path) -> int:
    """Read a file to the facts of every service and database in it; how many there are."""
    count = 0
    for assembly in read_assemblies(path):
        app = App(assembly)
        for home in assembly.values():
            for _, instance in home.of_type("AWS::RDS::DBInstance"):
                database_facts(home, instance, None)
                count += 1
            for logical_id, service in home.of_type("AWS::ECS::Service"):
                task_facts(service, app.scaling.of(home, logical_id))
                environments(home.properties(reference(service.get("TaskDefinition")) or "") or {})
                count += 1
    return count


def check(path: Path) -> bool:
    """Check a file as the command does, without its words; whether it fits."""
    with redirect_stderr(StringIO()):
        apps = [CheckedApp(assembly=assembly, parameters={}) for assembly in read_assemblies(path)]
        documents = [document for app in apps for _, document in app.documents(None)]
    return plan(merged(documents)).fits


def measure(works: Mapping[str, Callable[[], object]], turns: int) -> dict[str, list[float]]:
    """Milliseconds of processor time of every turn of every work; one turn before the first is not counted."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(turns + 1):
        for name, work in works.items():
            started = time.process_time()
            work()
            if turn > 0:
                took[name].append((time.process_time() - started) * 1000)
    return took


def print_growth(folder: Path, turns: int) -> None:
    """Print what reading and checking take, and whether they keep to their time."""
    beside = synthesized(folder / "cdk.out")
    print(f"read and check, {turns} turns, fewer of the largest: fastest (median), times json.loads")
    for called, each in (("mixed", MIXED), ("dense", DENSE)):
        print(f"\n{called}: a service for every {each} resources")
        print_table(folder, turns, each, beside)


def print_table(folder: Path, turns: int, each: int, beside: Json) -> None:
    """Print the rows of templates that are as dense."""
    print(
        f"  {'resources':>10}{'KB':>7}{'json.loads':>20}{'read':>20}{'times':>8}{'check':>20}{'times':>8}{'each':>11}"
    )
    wanted: dict[str, list[float]] = {}
    for size in SIZES:
        path = folder / f"{size}.template.json"
        content = json.dumps(template(size, each, beside), indent=1).encode()
        path.write_bytes(content)
        works = {"loads": partial(json.loads, content), "read": partial(read, path), "check": partial(check, path)}
        took = measure(works, turns if size < SIZES[-1] else min(turns, FEWER_TURNS))
        wanted = wanted or took
        loads, fastest = min(took["loads"]), {name: min(items) for name, items in took.items()}
        row = f"  {size:10,}{len(content) // 1000:7,}"
        for name in works:
            times = "" if name == "loads" else f"{fastest[name] / loads:8.2f}"
            row += f"{fastest[name]:8.2f} ({median(took[name]):6.2f}) ms{times}"
        print(f"{row}{1000 * fastest['check'] / size:8.2f} µs")
    for name in ("read", "check"):
        ratio = min(wanted[name]) / min(wanted["loads"])
        turn = median(work / load for work, load in zip(wanted[name], wanted["loads"], strict=True))
        print(
            f"  {name}: {ratio:.2f} × json.loads of {SIZES[0]} resources, wanted at most {WANTED_TIMES} ×:"
            f" {'met' if ratio <= WANTED_TIMES else 'missed'} (the fastest of each; {turn:.2f} × in the median turn)"
        )


def print_beside_cfn_lint(folder: Path) -> None:
    """Print how long whole processes take on the same file: this check, and cfn-lint."""
    path = folder / f"{SIZES[0]}.template.json"
    commands = {
        "check": [sys.executable, "-m", "constructs_lib.cli", "check", str(path)],
        "cfn-lint": [str(Path(sys.executable).with_name("cfn-lint")), "--regions", "eu-west-1", "--", str(path)],
    }
    took = {}
    for name, command in commands.items():
        started = time.perf_counter()
        subprocess.run(command, check=False, capture_output=True)
        took[name] = time.perf_counter() - started
    ratio = took["cfn-lint"] / took["check"]
    print(f"\nWhole processes, {SIZES[0]} resources: check {took['check']:.2f} s, cfn-lint {took['cfn-lint']:.2f} s")
    print(f"  cfn-lint takes {ratio:.0f} times as long; it checks other things, and far more of them")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one turn of each, without cfn-lint")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print_growth(Path(folder), 1 if options.quick else TURNS)
        if not options.quick:
            print_beside_cfn_lint(Path(folder))


if __name__ == "__main__":
    main()
