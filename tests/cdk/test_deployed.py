"""A synth that is told what is deployed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.cdk import ConnectionBudget, MisuseError
from tests.cdk.shop import Shop
from tests.cdk.synthesis import Synthesis

pytestmark = pytest.mark.synth
Synth = Callable[..., Synthesis]


def kept(folder: Path, **api: Any) -> Path:
    """The template of the last deployment: the API of 4 tasks with pools of that size."""
    document = {
        "schema": 1,
        "databases": {"Orders": {"max_connections": 683, "reserved": {"engine": 3, "admin": 10}}},
        "workloads": {"api": {"database": "Orders", "tasks": 4, "maximum_percent": 100, "max_overflow": 0, **api}},
    }
    path = folder / "deployed.template.json"
    path.write_text(json.dumps({"Metadata": {"ConnectionBudget": document}, "Resources": {}}))
    return path


def budgeted(shop: Shop, deployed: Path) -> ConnectionBudget:
    """A budget of 683 − 3 − 10 = 670 connections, over what is deployed."""
    return ConnectionBudget(
        shop, "Budget", database=shop.instance(), max_connections=683, engine_reserve=3, deployed=deployed
    )


def test_a_change_whose_old_and_new_clients_do_not_fit_together_fails_the_synth(
    shop: Shop, synth: Synth, tmp_path: Path
) -> None:
    """The API's 4 × 100 until they are gone, and 300 reserved: 700 of 683 − 3 − 10 = 670."""
    budget = budgeted(shop, kept(tmp_path, pool_size=100))
    budget.add_reservation("reports", connections=300)
    done = synth()
    assert done.failed
    (finding,) = [found for found in done.findings if found.id == "transition-overcommitted"]
    assert "Orders can be asked for 700 connections" in finding.message
    assert "api 400 (until it is gone), reports 300 (new)" in finding.message
    assert done.document["deployed"]["workloads"]["api"]["pool_size"] == 100


def test_a_change_that_fits_passes(shop: Shop, synth: Synth, tmp_path: Path) -> None:
    """4 × 90 + 300 = 660."""
    budget = budgeted(shop, kept(tmp_path, pool_size=90))
    budget.add_reservation("reports", connections=300)
    done = synth()
    assert not done.failed, done.error


def test_a_change_that_mends_what_is_deployed_passes_with_a_warning(shop: Shop, synth: Synth, tmp_path: Path) -> None:
    """The API's 4 × 200 = 800 of 670 until they are gone, and nothing beside them that was not there."""
    budget = budgeted(shop, kept(tmp_path, pool_size=200))
    budget.add_reservation("api", connections=0)
    done = synth()
    assert not done.failed, done.error
    (finding,) = [found for found in done.findings if found.id.startswith("transition")]
    assert (finding.id, finding.severity) == ("transition-from-overcommitted", "warning")
    assert "as many as the 800 that what is deployed can ask for, its own deployments included" in finding.message


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "No such file or directory"),
        ("[]", "document: must be an object, got a list"),
        ("{", "Expecting property name"),
        ('{"schema": 1, "databases": {}}', "databases: must have at least one entry"),
    ],
)
def test_a_file_that_is_no_budget_is_refused_at_once(
    shop: Shop, tmp_path: Path, content: str | None, problem: str
) -> None:
    path = tmp_path / "budget.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(MisuseError) as refused:
        ConnectionBudget(shop, "Budget", database=shop.instance(), deployed=path)
    assert problem in str(refused.value)
    assert "leave it out for the first one" in str(refused.value)
