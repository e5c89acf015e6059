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
