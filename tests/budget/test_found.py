"""The sizes that the containers of a finished template really have."""

from dataclasses import replace

import pytest

from constructs_lib.budget.found import size_in_force
from constructs_lib.budget.plan import plan
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads import Reservation, Service
from constructs_lib.limits import Unknown
from tests.budget.orders import entry, only, planned

PLANNED = PoolSize(10, 5)
Variables = dict[str, str | Unknown]


def in_force(*containers: Variables, size: PoolSize | None = PLANNED, prefix: str = "DB_") -> PoolSize | Unknown | None:
    read = Service.read("api", {"database": "orders", "env_prefix": prefix}, "api")
    assert isinstance(read, Service)
    return size_in_force(replace(read, found={str(index): item for index, item in enumerate(containers)}), size)


def test_without_a_template_the_plan_is_in_force() -> None:
    assert in_force() == PLANNED
    reports = Reservation.read("reports", {"database": "orders", "connections": 5}, "reports")
    assert size_in_force(reports, PLANNED) == PLANNED


def test_what_a_container_has_is_in_force_whatever_was_planned() -> None:
    assert in_force({"DB_POOL_SIZE": "20", "DB_MAX_OVERFLOW": "30"}) == (20, 30)
    assert in_force({"DB_POOL_SIZE": "20", "DB_MAX_OVERFLOW": "30"}, size=None) == (20, 30)


def test_the_largest_of_several_containers_is_in_force() -> None:
    small: Variables = {"DB_POOL_SIZE": "9", "DB_MAX_OVERFLOW": "0"}
    large: Variables = {"DB_POOL_SIZE": "1", "DB_MAX_OVERFLOW": "9"}
    assert in_force(small, large) == in_force(large, small) == (1, 9)


@pytest.mark.parametrize("found", [{"DB_POOL_SIZE": "0"}, {"DB_MAX_OVERFLOW": "-1"}])
def test_a_container_without_a_limit_is_worse_than_any_other(found: Variables) -> None:
    size = in_force({"DB_POOL_SIZE": "900", "DB_MAX_OVERFLOW": "900"}, found)
    assert isinstance(size, PoolSize)
    assert size.unbounded


@pytest.mark.parametrize("value", [None, "", "ten", "10.0", "--5", "9" * 11, "-2", "٣", Unknown("a secret")])
@pytest.mark.parametrize(("bad", "good"), [("DB_POOL_SIZE", "DB_MAX_OVERFLOW"), ("DB_MAX_OVERFLOW", "DB_POOL_SIZE")])
def test_a_value_that_is_no_size_may_be_any(value: str | Unknown | None, bad: str, good: str) -> None:
    found: Variables = {good: "7"} if value is None else {good: "7", bad: value}
    known: Variables = {"DB_POOL_SIZE": "9", "DB_MAX_OVERFLOW": "9"}
    for size in (in_force(known, found), in_force(found, size=None)):
        assert isinstance(size, Unknown)
        assert size.reason.startswith(f"{bad} is ")
        assert "ten" not in size.reason


def test_without_a_size_to_write_it_is_no_news_that_none_was_written() -> None:
    assert in_force({}, size=None) is None
    assert isinstance(in_force({}), Unknown)


def test_a_size_of_ten_digits_is_one() -> None:
    assert in_force({"DB_POOL_SIZE": "2000", "DB_MAX_OVERFLOW": "9999999999"}) == (2000, 9_999_999_999)


def test_the_variables_are_those_of_the_workloads_prefix() -> None:
    both: Variables = {"DB_POOL_SIZE": "99", "DB_MAX_OVERFLOW": "99", "SHOP_POOL_SIZE": "3", "SHOP_MAX_OVERFLOW": "4"}
    assert in_force(both, prefix="SHOP_") == (3, 4)


def test_no_container_has_a_pool_that_opens_fewer_than_no_connections() -> None:
    assert in_force({"DB_POOL_SIZE": "-1", "DB_MAX_OVERFLOW": "0"}) == Unknown(
        "DB_POOL_SIZE is -1, less than 0 in container '0'"
    )


@pytest.mark.parametrize("value", ["NullPool", "StaticPool", "hunter-two", Unknown("a token")])
def test_a_class_of_pool_that_no_size_limits_may_open_any_number(value: str | Unknown) -> None:
    sized: Variables = {"DB_POOL_SIZE": "9", "DB_MAX_OVERFLOW": "9"}
    size = in_force({**sized, "DB_POOL_CLASS": value})
    assert isinstance(size, Unknown)
    assert size.reason.startswith("DB_POOL_CLASS is ")
    assert "hunter" not in size.reason
    assert in_force({**sized, "OTHER_POOL_CLASS": value}) == (9, 9)


@pytest.mark.parametrize("value", ["", " ", "QueuePool", "AsyncAdaptedQueuePool"])
def test_a_class_of_pool_that_the_sizes_limit_changes_nothing(value: str) -> None:
    assert in_force({"DB_POOL_SIZE": "9", "DB_MAX_OVERFLOW": "9", "DB_POOL_CLASS": value}) == (9, 9)


def test_null_pool_beside_a_budget_is_an_error() -> None:
    """The sizes are the budget's own."""
    made = planned({"api": entry(tasks=1, pool_size=9, max_overflow=0)})
    variables = {**made.environments()["api"], "DB_POOL_CLASS": "NullPool"}
    workload = replace(made.document.workloads["api"], found={"app": variables})  # type: ignore[call-arg]
    found = plan(replace(made.document, workloads={"api": workload}))
    assert not found.fits
    assert "DB_POOL_CLASS is set to a class of pool" in only(found, "unbounded-pool").message
