"""After how long a connection is replaced."""

from typing import Any

import pytest

from constructs_lib.budget.recycle import pool_recycle_s
from constructs_lib.budget.workloads import TaskWorkload
from tests.budget.orders import document, entry


def recycle(timeout: Any = None, **keys: Any) -> int:
    proxy = {"database": "orders"} if timeout is None else {"database": "orders", "idle_client_timeout": timeout}
    read = document({"api": entry(**keys)}, proxies={"front": proxy})
    api = read.workloads["api"]
    assert isinstance(api, TaskWorkload)
    return pool_recycle_s(api, read)


def test_a_connection_lives_half_an_hour_at_the_most() -> None:
    assert recycle() == 1800
    assert recycle(28_800, proxy="front") == 1800


@pytest.mark.parametrize(("timeout", "expected"), [(None, 900), (1800, 900), (600, 300), (61, 30), (1, 1)])
def test_behind_a_proxy_it_lives_half_of_the_idle_client_timeout(timeout: int | None, expected: int) -> None:
    assert recycle(timeout, proxy="front") == expected


def test_beside_a_proxy_its_timeout_does_not_matter() -> None:
    assert recycle(60) == 1800


def test_with_iam_tokens_a_connection_lives_800_seconds_at_the_most() -> None:
    assert recycle(iam_auth=True) == 800
    assert recycle(600, proxy="front", iam_auth=True) == 300
    assert recycle(1800, proxy="front", iam_auth=True) == 800


def test_a_timeout_that_cannot_be_read_counts_as_the_shortest() -> None:
    assert recycle({"unknown": "a token"}, proxy="front") == 30


def test_a_connection_lives_half_of_any_other_idle_timeout_on_the_way() -> None:
    """A Network Load Balancer drops what is idle for 350 s."""
    assert recycle(idle_timeout=350) == 175
    assert recycle(1800, proxy="front", idle_timeout=350) == 175


def test_a_connection_lives_what_the_user_fixed() -> None:
    assert recycle(600, proxy="front", iam_auth=True, pool_recycle=3600) == 3600
