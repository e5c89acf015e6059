"""`connection-budget diff` from a budget that does not fit."""

import json
from pathlib import Path

from tests.cli.test_diff import BASE, SMALLER, budget, run, words


def test_what_grows_waits_until_what_is_deployed_is_mended(tmp_path: Path) -> None:
    """What is deployed exceeds the server itself, 4 × 200 = 800 of 670, and 10 more come before they are gone."""
    head = budget(api={"tasks": 4, "pool_size": 100}, report={"kind": "reserved", "connections": 10})
    del head["workloads"]["report"]["maximum_percent"], head["workloads"]["report"]["max_overflow"]
    result = run(tmp_path, budget(api={"tasks": 4, "pool_size": 200}), head)
    assert result.exit_code == 1
    assert "while the change deploys, orders can be asked for 810 connections" in words(result)
    assert "fix: deploy in two steps: first api with pool_size=100, and nothing else" in words(result)
    assert "take the first step at a quiet hour" in words(result)


def test_a_change_that_mends_what_is_deployed_exits_0_and_says_that_the_way_is_no_better(tmp_path: Path) -> None:
    """4 × 200 = 800 of 670 now, and until the last old task is gone; 4 × 100 = 400 then."""
    base, head = budget(api={"tasks": 4, "pool_size": 200}), budget(api={"tasks": 4, "pool_size": 100})
    result = run(tmp_path, base, head)
    assert result.exit_code == 0
    assert "too much, but no worse than now, orders can be asked for 800 connections and accepts 670" in words(result)
    assert "WARNING transition-from-overcommitted: while the change deploys, orders can be asked for 800" in words(
        result
    )
    assert "fix: what is deployed is there until it is gone" in words(result)
    assert result.stdout.endswith("\nFITS once it is deployed, and is no worse on the way than what is deployed\n")
    table = run(tmp_path, base, head, "--format", "markdown")
    assert table.exit_code == 0
    assert table.stdout.startswith("### Connection budget: the change fits once it is deployed, and is no worse")
    assert "| orders | 800 | 670 | **does not fit**, no worse than the 800 of what is deployed: api 800" in table.stdout
    assert "- **warning transition-from-overcommitted**: while the change deploys" in table.stdout
    content = json.loads(run(tmp_path, base, head, "--format", "json").stdout)
    (bound,) = content["transition"]["orders"]
    assert (content["fits"], bound["holds"], bound["no_worse"], bound["peak"]) == (True, False, True, 800)
    assert bound["deployed_peak"] == 800
    assert {"transition-from-overcommitted": "warning"}.items() <= {
        finding["id"]: finding["severity"] for finding in content["findings"]
    }.items()


def test_a_change_that_fits_all_the_way_says_nothing_about_what_is_no_worse(tmp_path: Path) -> None:
    assert run(tmp_path, BASE, SMALLER).stdout.endswith("\nFITS\n")
    (bound,) = json.loads(run(tmp_path, BASE, SMALLER, "--format", "json").stdout)["transition"]["orders"]
    assert (bound["holds"], bound["no_worse"], bound["deployed_peak"]) == (True, False, 600)


def test_from_what_does_not_fit_the_first_of_two_steps_mends_it(tmp_path: Path) -> None:
    """4 × 200 = 800 of 670 now; 4 × 100 = 400 of 487 then: the smaller server would refuse more of the 800."""
    base, head = budget(api={"tasks": 4, "pool_size": 200}), budget(api={"tasks": 4, "pool_size": 100})
    head["databases"]["orders"]["max_connections"] = 500
    result = run(tmp_path, base, head)
    assert result.exit_code == 1
    assert "ERROR transition-overcommitted" in result.stdout
    assert "DOES NOT FIT" in result.stdout
    assert "no worse" not in result.stdout
    assert "fix: deploy in two steps: first api with pool_size=100, and nothing else; then" in words(result)
    step = budget(api={"tasks": 4, "pool_size": 100})
    first, second = run(tmp_path, base, step), run(tmp_path, step, head)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "WARNING transition-from-overcommitted" in first.stdout
    assert "transition" not in second.stdout
