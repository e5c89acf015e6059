"""A workload's factors in short."""

from typing import Any

import pytest

from constructs_lib.budget.workloads import KINDS
from constructs_lib.report.factors import factors

SAID = {"database": "orders", "tasks": 4, "max_tasks": 8, "maximum_percent": 200}


def shown(kind: str, **keys: Any) -> str:
    return factors(KINDS[kind].read("api", {"kind": kind, **SAID, **keys}, "api"))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"processes": 2}, "4 → 8 × 200 % × 2"),
        ({"processes": 2, "max_tasks": 4}, "4 × 200 % × 2"),
        ({}, "4 → 8 × 200 % × 1*"),
        ({"processes": 2, "sources": {"processes": "assumed"}}, "4 → 8 × 200 % × 2*"),
        ({"processes": 2, "sources": {"processes": "read"}}, "4 → 8 × 200 % × 2"),
        ({"processes": 1, "deployment": "canary"}, "4 → 8 × 2 sets (canary) × 1"),
        ({"processes": {"unknown": "a token"}}, "4 → 8 × 200 % × ?"),
        ({"processes": 1, "max_tasks": {"unknown": "a token"}}, "4 → ? × 200 % × 1"),
        (
            {"processes": 1, "engines_per_process": 2, "containers": ["a", "b"]},
            "4 → 8 × 200 % × 1 × 2 engines × 2 containers",
        ),
    ],
)
def test_a_service_shows_its_tasks_its_surge_and_its_processes(keys: dict[str, Any], words: str) -> None:
    assert shown("service", **keys) == words


def test_every_factor_that_nobody_said_carries_an_asterisk() -> None:
    assert factors(KINDS["service"].read("api", {"database": "orders"}, "api")) == "1* × 200* % × 1*"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, "4 → 8 × 200 % × 4"),
        ({"pool": "gevent"}, "4 → 8 × 200 % × 1 gevent pool"),
        ({"pool": "solo"}, "4 → 8 × 200 % × 1 solo pool"),
        ({"concurrency": {"unknown": "a token"}}, "4 → 8 × 200 % × ?"),
    ],
)
def test_celery_shows_its_children_or_its_pool(keys: dict[str, Any], words: str) -> None:
    assert shown("celery", **{"concurrency": 4, **keys}) == words


def test_a_reservation_has_no_factors() -> None:
    read = KINDS["reserved"].read("reports", {"kind": "reserved", "database": "orders", "connections": 5}, "reports")
    assert factors(read) == "reserved"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "task", "tasks": 2, "overlap": 3, "processes": 1}, "2 × 3 runs × 1"),
        ({"kind": "task"}, "1* × 1* run × 1*"),
        ({"kind": "function", "reserved_concurrency": 20, "engines_per_process": 2}, "20 environments × 2 engines"),
        ({"kind": "function"}, "? environments"),
        ({"deployment": "external", "task_sets": 3, "tasks": 1, "processes": 1}, "1* × 3 sets (external) × 1"),
        ({"deployment": "external", "tasks": 1, "processes": 1}, "1* × ? sets (external) × 1"),
        (
            {"kind": "celery", "tasks": 1, "concurrency": 4, "deployment": "blue-green", "bake_time": 30},
            "1* × 2 sets (blue-green, bake 30 min) × 4",
        ),
        (
            {"kind": "celery", "tasks": 1, "concurrency": 4, "maximum_percent": 100, "result_backend": True},
            "1* × 100 % × 4 + results",
        ),
    ],
)
def test_every_kind_shows_what_multiplies_its_pools(entry: dict[str, Any], words: str) -> None:
    kind = KINDS[entry.get("kind", "service")]
    assert factors(kind.read("api", {"database": "orders", **entry}, "api")) == words
