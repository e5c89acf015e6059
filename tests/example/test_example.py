"""The example app, synthesized by the pinned CLI as a reader of the README does it."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    status: int
    out: str
    err: str
    folder: Path

    def template(self, stack: str) -> dict[str, Any]:
        return dict(json.loads((self.folder / f"{stack}.template.json").read_text()))

    def report(self, plugin: str) -> dict[str, Any]:
        """What a plugin found; without a suppression it is empty where nothing is wrong."""
        reports = json.loads((self.folder / "validation-report.json").read_text())["pluginReports"]
        (found,) = (report for report in reports if report["pluginName"] == plugin)
        return dict(found)

    def variables(self, container: str) -> dict[str, Any]:
        for resource in self.template("ShopServices")["Resources"].values():
            for item in resource.get("Properties", {}).get("ContainerDefinitions", ()):
                if item["Name"] == container:
                    return {entry["Name"]: entry["Value"] for entry in item["Environment"]}
        raise AssertionError(f"no container is named {container}")


def test_the_budget_of_the_example_fits(tmp_path: Path) -> None:
    """1678 − 9 − 10 = 1659; less 2 × 4 for the workers and 1 for the migration 1650; 8 × 200 % × 4 = 64 pools.

    1650 // 64 = 25; 17 + 7. At the worst 64 × 24 + 9 = 1545, which leaves 114.
    """
    run = _synth(tmp_path, "--quiet")

    assert run.status == 0
    assert run.out == ""
    assert run.err.count("Connection budget of Orders (ShopServices/Budget): postgres 16.13 on db.r6g.large") == 1
    assert run.err.count("FITS: at most 1545 of 1659 connections (deploying), 114 to spare") == 1
    printed = [line.strip() for line in run.err.partition("\nINFO ")[0].strip().split("\n")]
    block = (ROOT / "README.md").read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
    assert [line.strip() for line in block.strip().split("\n")] == printed, "README shows what is printed"
    api, worker = run.variables("api"), run.variables("worker")
    assert (api["DB_POOL_SIZE"], api["DB_MAX_OVERFLOW"], api["APP_INSTANCE_COUNT"]) == ("17", "7", "64")
    assert (worker["DB_POOL_SIZE"], worker["DB_MAX_OVERFLOW"]) == ("1", "0")
    assert "DB_POOL_SIZE" not in run.variables("migration"), "a migration has a reservation, not a pool"
    _is_clean(run)
    _lints(run)


def test_the_api_may_go_through_the_proxy(tmp_path: Path) -> None:
    """floor(1678 × 70 %) = 1174; 1174 // 64 = 18; 12 + 5; pools are renewed at half the proxy's 1800 s."""
    run = _synth(tmp_path, "ShopServices", "--context", "proxy=true")

    assert run.status == 0
    assert run.err.count("FITS: at most 1183 of 1659 connections") == 1
    api = run.variables("api")
    assert (api["DB_POOL_SIZE"], api["DB_MAX_OVERFLOW"], api["DB_POOL_RECYCLE"]) == ("12", "5", "900")
    assert run.variables("worker")["DB_POOL_RECYCLE"] == "1800", "the workers go past the proxy"
    printed = yaml.safe_load(run.out)
    assert printed["Resources"].keys() == run.template("ShopServices")["Resources"].keys(), "stdout is the template"
    assert "Connection budget" not in run.out
    _is_clean(run)
    _lints(run)


def test_pools_that_nobody_multiplied_fail_the_synth(tmp_path: Path) -> None:
    """64 × (20 + 30) = 3200, and 9 beside them."""
    run = _synth(tmp_path, "--quiet", "--context", "overcommit=true")

    assert run.status != 0
    assert run.out == ""
    assert run.err.count("DOES NOT FIT: 3209 connections (deploying), 1659 usable, 1550 too many") == 1
    assert run.err.count("api 3200 = 8 tasks × 200 % × 4 processes × (20 + 30)") == 1
    assert "the budget then gives 17 + 7" in run.err
    assert "Acknowledge with 'ConnectionBudget::overcommitted'" in run.err
    report = run.report("ConnectionBudget")
    assert report["conclusion"] == "failure"
    assert [item["ruleName"] for item in report["violations"] if item["severity"] == "error"] == ["overcommitted"]


def _synth(folder: Path, *arguments: str) -> _Run:
    # With CI set, the CLI prints its own progress to stdout; a reader at a terminal does not have it set.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "CDK_"))}
    environment = {name: value for name, value in inherited.items() if name != "CI"}
    environment |= {"NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(
        ["cdk", "synth", "--output", str(folder), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return _Run(status=result.returncode, out=result.stdout, err=result.stderr, folder=folder)


def _is_clean(run: _Run) -> None:
    """Nothing to find for cdk-nag, and a reason for everything that was acknowledged."""
    report = run.report("AwsSolutions")
    assert report["conclusion"] == "success"
    assert report["violations"] == []
    assert all(len(item["reason"]) > 20 for item in report["suppressedViolations"])
    assert run.report("ConnectionBudget")["conclusion"] == "success"
    assert "suppressedViolations" not in run.report("ConnectionBudget"), "the example hides nothing of its own"


def _lints(run: _Run) -> None:
    templates = [str(run.folder / f"{stack}.template.json") for stack in ("ShopData", "ShopServices")]
    result = subprocess.run(["cfn-lint", *templates], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (result.returncode, result.stdout) == (0, "")
