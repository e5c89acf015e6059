"""`connection-budget diff`."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from constructs_lib.cli.commands import commands

Json = dict[str, Any]


def budget(**workloads: Json) -> Json:
    """670 usable connections; every deployment runs no more than the tasks there are."""
    return {
        "schema": 1,
        "databases": {"orders": {"max_connections": 683, "reserved": {"engine": 3, "admin": 10}}},
        "workloads": {
            name: {"database": "orders", "maximum_percent": 100, "max_overflow": 0, **keys}
            for name, keys in workloads.items()
        },
    }


BASE = budget(api={"tasks": 4, "pool_size": 100}, workers={"tasks": 2, "pool_size": 100})
SWAPPED = budget(api={"tasks": 4, "pool_size": 50}, workers={"tasks": 4, "pool_size": 100})
SMALLER = budget(api={"tasks": 4, "pool_size": 50}, workers={"tasks": 2, "pool_size": 100})


def run(folder: Path, base: Json, head: Json, *arguments: str) -> Result:
    for name, content in (("base.json", base), ("head.json", head)):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return CliRunner().invoke(commands, ["diff", str(folder / "base.json"), str(folder / "head.json"), *arguments])


def test_a_change_that_shrinks_fits(tmp_path: Path) -> None:
    """600 before, 400 after."""
    result = run(tmp_path, BASE, SMALLER)
    assert result.exit_code == 0
    assert "changed workload api: pool_size 100 → 50, peak 400 → 200" in result.stdout
    assert "orders: at most 600 of 670" in result.stdout
    assert result.stdout.endswith("FITS\n")


def test_two_budgets_that_fit_with_a_way_between_that_does_not_exit_1(tmp_path: Path) -> None:
    """The API's 400 before and the workers' 400 after, of 670; with the API's 200 after they are 600."""
    result = run(tmp_path, BASE, SWAPPED)
    assert result.exit_code == 1
    assert "while the change deploys, orders can be asked for 800 connections" in result.stdout
    assert "deploy in two steps: first api with pool_size=50 and max_overflow=0, and nothing else" in result.stdout
    between = budget(api={"tasks": 4, "pool_size": 50}, workers={"tasks": 2, "pool_size": 100})
    assert run(tmp_path, BASE, between).exit_code == 0
    assert run(tmp_path, between, SWAPPED).exit_code == 0


def test_json_has_the_changes_and_both_sums(tmp_path: Path) -> None:
    content = json.loads(run(tmp_path, BASE, SWAPPED, "--format", "json").stdout)
    assert list(content) == ["schema", "fits", "changes", "transition", "findings"]
    assert content["fits"] is False
    assert {"kind": "workloads", "name": "workers", "what": "changed"}.items() <= content["changes"][-1].items()
    assert content["changes"][-1]["values"]["tasks"] == {"from": 2, "to": 4}
    (bound,) = content["transition"]["orders"]
    assert (bound["accepts"], bound["peak"], bound["holds"]) == (670, 800, False)
    assert content["findings"][0]["id"] == "transition-overcommitted"


def test_markdown_takes_any_name_as_text(tmp_path: Path) -> None:
    odd = "<b>|x|</b> [a](b)"
    result = run(tmp_path, BASE, budget(**{odd: {"pool_size": 700}}), "--format", "markdown")
    assert result.exit_code == 1
    assert "<b>" not in result.stdout
    assert "added workload &lt;b&gt;\\|x\\|&lt;/b&gt; \\[a\\]\\(b\\)" in result.stdout
    assert all(line.count("|") - line.count("\\|") in {0, 5} for line in result.stdout.splitlines())


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_nothing_changes_between_a_budget_and_itself(tmp_path: Path, form: str) -> None:
    result = run(tmp_path, BASE, BASE, "--format", form)
    assert result.exit_code == 0
    assert {"text": "  none", "markdown": "No change.", "json": '"changes": []'}[form] in result.stdout


def test_a_rollback_that_would_not_fit_is_a_warning(tmp_path: Path) -> None:
    """From 4 tasks of 80 to 8 of 40 there are 4 × 80 + 8 × 40 = 640; back, 8 × 80 + 8 × 40 = 960."""
    before = budget(api={"tasks": 2, "max_tasks": 4, "pool_size": 80, "maximum_percent": 200})
    after = budget(api={"tasks": 2, "max_tasks": 8, "pool_size": 40, "maximum_percent": 200})
    result = run(tmp_path, before, after)
    assert result.exit_code == 0
    assert "WARNING rollback-overcommitted: if the change is rolled back, orders can be asked for 960" in result.stdout


def test_a_template_with_a_budget_is_taken_for_one(tmp_path: Path) -> None:
    assert run(tmp_path, {"Metadata": {"ConnectionBudget": BASE}, "Resources": {}}, BASE).exit_code == 0


def test_a_document_that_cannot_be_used_exits_2_and_names_the_file(tmp_path: Path) -> None:
    result = run(tmp_path, BASE, {**BASE, "schema": 2})
    assert result.exit_code == 2
    assert "head.json: schema: must be 1, got 2" in result.stderr
