"""Lambda functions."""

from typing import Any

from constructs_lib.budget.scenario import Scenario
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads import Function
from tests.budget.orders import only, planned


def function(**keys: Any) -> Function:
    read = Function.read("thumbs", {"kind": "function", "database": "orders", **keys}, "workloads.thumbs")
    assert isinstance(read, Function)
    return read


def test_every_execution_environment_has_pools_of_its_own() -> None:
    """20 reserved × 2 engines = 40, in every scenario."""
    found = function(reserved_concurrency=20, engines_per_process=2)
    assert found.demand().pools == (40, 40, 40)
    assert found.arithmetic(Scenario.STEADY, PoolSize(1, 0)) == "20 environments × 2 engines × (1 + 0)"
    assert found.assumptions() == ()


def test_a_function_that_is_switched_off_opens_nothing() -> None:
    assert function(reserved_concurrency=0).demand().pools == (0, 0, 0)


def test_a_function_without_reserved_concurrency_is_without_bound() -> None:
    made = planned({"thumbs": {"kind": "function", "database": "orders", "pool_size": 1, "max_overflow": 0}})
    assert "no reserved concurrency is set" in only(made, "unknown-tasks").message
    assert not made.fits


def test_a_fixed_pool_of_a_function_is_multiplied_by_its_environments() -> None:
    """100 × (1 + 1) = 200."""
    keys = {"kind": "function", "database": "orders", "reserved_concurrency": 100, "pool_size": 1, "max_overflow": 1}
    assert planned({"thumbs": keys}).to_json()["databases"]["orders"]["peak"] == 200
