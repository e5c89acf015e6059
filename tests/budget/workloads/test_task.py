"""Tasks that a schedule or a person starts."""

from typing import Any

import pytest

from constructs_lib.budget.scenario import Scenario
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads import Task
from constructs_lib.limits import Unknown
from tests.budget.orders import entry, planned


def task(**keys: Any) -> Task:
    read = Task.read("nightly", {"kind": "task", "database": "orders", **keys}, "workloads.nightly")
    assert isinstance(read, Task)
    return read


def test_every_run_at_once_has_its_tasks_and_these_their_processes_and_engines() -> None:
    """2 tasks × 3 runs × 4 processes × 2 engines = 48, in every scenario: no deployment touches them."""
    found = task(tasks=2, overlap=3, processes=4, engines_per_process=2)
    assert found.demand().pools == (48, 48, 48)
    words = found.arithmetic(Scenario.DEPLOYING, PoolSize(1, 1))
    assert words == "2 tasks × 3 runs at once × 4 processes × 2 engines × (1 + 1)"


def test_one_run_of_one_task_is_assumed_where_nothing_is_said() -> None:
    assert task().demand().pools == (1, 1, 1)
    assert task().assumptions() == (
        "1 task in each run",
        "no run begins before the one before has ended",
        "1 process per task",
    )


@pytest.mark.parametrize("key", ["tasks", "overlap", "processes"])
def test_an_unknown_factor_makes_the_pools_unknown(key: str) -> None:
    pools = task(**{key: {"unknown": "a token"}}).demand().pools
    assert isinstance(pools, Unknown)
    assert pools.reason.endswith("a token")


@pytest.mark.parametrize("key", ["maximum_percent", "max_tasks", "deployment", "concurrency"])
def test_a_task_neither_scales_nor_deploys(key: str) -> None:
    with pytest.raises(DocumentError, match=f"unknown key '{key}'"):
        task(**{key: 1})


def test_a_task_shares_what_the_services_leave() -> None:
    """670 among 4 pools of the API and 1 × 2 of the task: 111 each; 77 + 33, and 6 × 110 = 660."""
    nightly = {"kind": "task", "database": "orders", "tasks": 1, "overlap": 2, "processes": 1}
    made = planned({"api": entry(tasks=4, processes=1), "nightly": nightly}).to_json()
    assert made["databases"]["orders"]["peak"] == 660
    sizes = {name: (item["pool_size"], item["max_overflow"]) for name, item in made["workloads"].items()}
    assert sizes == {"api": (77, 33), "nightly": (77, 33)}
