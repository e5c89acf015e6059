"""Celery workers."""

from dataclasses import replace
from typing import Any

import pytest

from constructs_lib.budget.scenario import Scenario
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads import Celery
from constructs_lib.budget.workloads.celery import CeleryPool
from constructs_lib.limits import Unknown


def celery(**keys: Any) -> Celery:
    given = {"kind": "celery", "database": "orders", "tasks": 8, "concurrency": 4, "maximum_percent": 100}
    read = Celery.read("workers", {**given, **keys}, "workloads.workers")
    assert isinstance(read, Celery)
    return read


def test_a_prefork_child_has_one_connection_in_a_pool_of_its_own() -> None:
    """8 workers × 4 children = 32 pools of 1 + 0."""
    demand = celery().demand()
    assert demand.pools == (32, 32, 32)
    assert demand.fixed == PoolSize(1, 0)
    assert demand.connections(1) == (32, 32, 32)


@pytest.mark.parametrize("pool", ["threads", "gevent", "eventlet"])
def test_threads_and_greenlets_of_a_worker_share_one_pool_of_its_concurrency(pool: str) -> None:
    """8 pools of 4 + 0: the same 32 connections."""
    demand = celery(pool=pool).demand()
    assert demand.pools == (8, 8, 8)
    assert demand.fixed == PoolSize(4, 0)


def test_a_solo_worker_needs_no_concurrency_unless_one_was_said_that_nobody_can_read() -> None:
    unsaid = Celery.read("workers", {"kind": "celery", "database": "orders", "pool": "solo"}, "workers")
    assert isinstance(unsaid, Celery)
    assert unsaid.demand().pools == (1, 1, 2)
    unread = celery(pool="solo", concurrency={"unknown": "celery multi starts several workers"}).demand()
    assert isinstance(unread.pools, Unknown)
    assert isinstance(replace(unsaid, pool=CeleryPool.THREADS).demand().pools, Unknown)


def test_a_solo_worker_has_one_connection_whatever_its_concurrency() -> None:
    demand = celery(pool="solo", concurrency=16).demand()
    assert demand.pools == (8, 8, 8)
    assert demand.fixed == PoolSize(1, 0)


def test_every_engine_and_every_container_has_a_pool_of_its_own() -> None:
    assert celery(engines_per_process=2, containers=["a", "b", "c"]).demand().pools == (192, 192, 192)


def test_workers_surge_during_a_deployment_as_any_service_does() -> None:
    assert celery(maximum_percent=200).demand().pools == (32, 32, 64)


def test_the_concurrency_has_to_be_said() -> None:
    silent = Celery.read("workers", {"kind": "celery", "database": "orders"}, "workloads.workers")
    pools = silent.demand().pools
    assert isinstance(pools, Unknown)
    assert "Celery's own default is the host's CPU count" in pools.reason
    with pytest.raises(DocumentError, match=r"concurrency: must be a whole number from 1 to"):
        celery(concurrency=0)


@pytest.mark.parametrize(
    "key", ["tasks", "max_tasks", "maximum_percent", "deployment", "concurrency", "extra_connections"]
)
def test_an_unknown_factor_makes_the_pools_unknown(key: str) -> None:
    assert isinstance(celery(**{key: {"unknown": "a token"}}).demand().pools, Unknown)


@pytest.mark.parametrize(
    ("keys", "size", "words"),
    [
        ({}, PoolSize(1, 0), "8 tasks × 4 children × (1 + 0)"),
        ({"concurrency": 1}, PoolSize(1, 0), "8 tasks × 1 child × (1 + 0)"),
        ({"maximum_percent": 200}, PoolSize(1, 0), "8 tasks × 200 % × 4 children × (1 + 0)"),
        ({"pool": "threads"}, PoolSize(4, 0), "8 tasks × (4 + 0)"),
        ({"pool": "gevent", "engines_per_process": 2}, PoolSize(4, 0), "8 tasks × 2 engines × (4 + 0)"),
    ],
)
def test_the_connections_are_worded_as_a_product(keys: dict[str, Any], size: PoolSize, words: str) -> None:
    assert celery(**keys).arithmetic(Scenario.DEPLOYING, size) == words


def test_workers_have_no_share_to_split_or_to_weigh() -> None:
    for key in ("split", "weight", "processes", "pool_size", "multiplexing"):
        with pytest.raises(DocumentError, match=f"unknown key '{key}'"):
            celery(**{key: 1})


def test_a_result_backend_adds_a_connection_for_each_job_at_once() -> None:
    """8 workers × (4 × (1 + 0) + 4) = 64; threads: 8 × (4 + 0 + 4) = 64; solo: 8 × (1 + 0 + 1) = 16."""
    for pool, peak, words in (
        ("prefork", 64, "8 tasks × (4 children × (1 + 0) + 4 for results)"),
        ("threads", 64, "8 tasks × ((4 + 0) + 4 for results)"),
        ("solo", 16, "8 tasks × ((1 + 0) + 1 for results)"),
    ):
        found = celery(pool=pool, result_backend=True)
        demand = found.demand()
        assert demand.fixed is not None
        assert demand.connections(demand.fixed.ceiling) == (peak, peak, peak)
        assert found.arithmetic(Scenario.STEADY, demand.fixed) == words


def test_a_beat_or_flower_beside_the_pools_is_counted_in_every_container() -> None:
    """2 containers of 8 tasks × (4 children + 1) = 80."""
    found = celery(extra_connections=1, containers=["a", "b"])
    assert found.demand().connections(1) == (80, 80, 80)
    words = found.arithmetic(Scenario.STEADY, PoolSize(1, 0))
    assert words == "8 tasks × 2 containers × (4 children × (1 + 0) + 1 extra)"
