"""A service whose processes hold pools."""

from typing import Any

import pytest

from constructs_lib.budget.scenario import Scenario
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads import Service
from constructs_lib.limits import Unknown


def service(**keys: Any) -> Service:
    read = Service.read("api", {"database": "orders", **keys}, "workloads.api")
    assert isinstance(read, Service)
    return read


def test_pools_are_tasks_times_processes_times_engines_times_containers() -> None:
    """8 tasks × 2 processes × 3 engines × 2 containers = 96, and twice that while they are replaced."""
    found = service(tasks=4, max_tasks=8, processes=2, engines_per_process=3, containers=["web", "admin"])
    assert found.demand().pools == (48, 96, 192)


def test_every_process_has_a_pool_of_its_own() -> None:
    one, two = service(tasks=4, processes=1).demand().pools, service(tasks=4, processes=2).demand().pools
    assert (one, two) == ((4, 4, 8), (8, 8, 16))


@pytest.mark.parametrize("key", ["tasks", "max_tasks", "maximum_percent", "deployment", "processes"])
def test_an_unknown_factor_makes_the_pools_unknown(key: str) -> None:
    pools = service(**{key: {"unknown": "a token"}}).demand().pools
    assert isinstance(pools, Unknown)
    assert pools.reason.endswith("a token")


def test_a_pool_is_fixed_by_both_of_its_numbers_or_by_none() -> None:
    assert service().demand().fixed is None
    assert service(pool_size=10, max_overflow=5).demand().fixed == PoolSize(10, 5)
    with pytest.raises(DocumentError, match=r"^workloads\.api\.max_overflow: is required: a fixed pool has both"):
        service(pool_size=10)
    with pytest.raises(DocumentError, match=r"^workloads\.api\.pool_size: is required: a fixed pool has both"):
        service(max_overflow=5)


def test_clients_can_share_connections_only_behind_a_proxy() -> None:
    with pytest.raises(DocumentError, match=r"^workloads\.api\.multiplexing: needs a proxy"):
        service(multiplexing=2)
    assert service(multiplexing=1).demand().multiplexing == 1


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"tasks": 4, "processes": 2}, "4 tasks × 200 % × 2 processes × (10 + 5)"),
        ({"tasks": 1}, "1 task × 200 % × 1 process × (10 + 5)"),
        ({"tasks": 3, "maximum_percent": 150}, "floor(3 tasks × 150 %) × 1 process × (10 + 5)"),
        ({"tasks": 3, "deployment": "canary"}, "2 × 3 tasks × 1 process × (10 + 5)"),
        (
            {"tasks": 2, "engines_per_process": 3, "containers": ["a", "b"]},
            "2 tasks × 200 % × 1 process × 3 engines × 2 containers × (10 + 5)",
        ),
    ],
)
def test_the_connections_are_worded_as_a_product_of_named_factors(keys: dict[str, Any], words: str) -> None:
    assert service(**keys).arithmetic(Scenario.DEPLOYING, PoolSize(10, 5)) == words


def test_shared_connections_are_worded_as_a_quotient_rounded_up() -> None:
    read = Service.read("api", {"proxy": "front", "tasks": 4, "multiplexing": 8}, "workloads.api")
    words = read.arithmetic(Scenario.STEADY, PoolSize(10, 5))
    assert words == "ceil(4 tasks × 1 process × (10 + 5) ÷ 8 clients per connection)"


def test_what_nobody_said_is_assumed_and_named() -> None:
    assert service().assumptions() == (
        "a desired count of 1 task: where none is given, ECS keeps what runs",
        "no autoscaling: never more than the desired count",
        "maximum_percent 200: a deployment runs the tasks twice",
        "1 process per task",
    )
    assert service(tasks=4, max_tasks=8, maximum_percent=200, processes=2).assumptions() == ()
    said = service(tasks=4, max_tasks=8, maximum_percent=200, processes=2, sources={"processes": "assumed"})
    assert said.assumptions() == ("processes 2",)


@pytest.mark.parametrize("prefix", ["", "1DB_", "DB-", "DB ", "ДБ_", "x" * 101, 5, None])
def test_a_prefix_begins_the_name_of_an_environment_variable(prefix: object) -> None:
    with pytest.raises(DocumentError, match=r"^workloads\.api\.env_prefix: must be letters, digits and underscores"):
        service(env_prefix=prefix)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("processes", 0, "from 1 to"),
        ("weight", 0, "from 1 to"),
        ("engines_per_process", 0, "from 1 to"),
        ("multiplexing", 0, "from 1 to"),
        ("tasks", -1, "from 0 to"),
        ("tasks", 1_000_001, "to 1000000"),
        ("maximum_percent", 10_001, "from 0 to 10000"),
        ("pool_timeout", 0, "from 1 to 3600"),
        ("max_overflow", -2, "from -1 to"),
        ("split", "70/40", "must add up to 100"),
        ("split", 70, "must be a string"),
        ("iam_auth", "yes", "must be true or false, got 'yes'"),
        ("containers", [], "must be a list of one or more strings"),
        ("concurrency", 4, "unknown key 'concurrency'"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(key: str, value: object, words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        service(**{key: value})
