"""What a server leaves for applications."""

from typing import Any

from constructs_lib.budget.capacity import Capacity, capacity_of
from constructs_lib.budget.database import Database
from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown


def capacity(**keys: Any) -> Capacity:
    return capacity_of(Database.read("orders", keys, "databases.orders"))


def test_both_reserves_come_off_the_limit() -> None:
    """683 − 3 − 10 = 670."""
    found = capacity(max_connections=683, reserved={"engine": 3, "admin": 10})
    assert (found.reserved, found.usable) == (13, 670)
    assert found.assumptions() == ()


def test_reserves_that_nobody_gave_are_documented_or_assumed() -> None:
    """PostgreSQL 16.4 came before rds.rds_reserved_connections: 3 + 2. The other 10 are nobody's word."""
    found = capacity(engine="postgres", engine_version="16.4", max_connections=683)
    assert (found.engine_reserve, found.engine_reserve_source) == (5, Source.DOCUMENTED)
    assert (found.admin_reserve, found.admin_reserve_source) == (10, Source.ASSUMED)
    assert found.assumptions() == ("10 connections for migrations, psql and monitoring",)


def test_an_unknown_engine_reserves_the_most_that_any_engine_does_and_says_so() -> None:
    found = capacity(max_connections=683, reserved={"admin": 10})
    assert (found.engine_reserve, found.engine_reserve_source) == (9, Source.ASSUMED)
    (assumption,) = found.assumptions()
    assert assumption.startswith("9 slots reserved by the engine: ")


def test_an_estimated_limit_is_an_assumption() -> None:
    found = capacity(engine="postgres", instance_class="db.r6g.large", reserved={"engine": 9, "admin": 0})
    assert found.usable == 1678 - 9
    (assumption,) = found.assumptions()
    assert "1802 on all of it, and the lower value counts" in assumption


def test_reserves_beyond_the_limit_leave_nothing_rather_than_less() -> None:
    found = capacity(max_connections=12, reserved={"engine": 3, "admin": 10})
    assert found.usable == 0
    assert found.overdrawn
    assert not capacity(max_connections=13, reserved={"engine": 3, "admin": 10}).overdrawn


def test_an_unknown_limit_leaves_an_unknown_rest() -> None:
    found = capacity(max_connections={"unknown": "a token"})
    assert found.limit == Unknown("a token")
    assert found.usable is None
    assert not found.overdrawn


def test_slots_that_the_parameter_group_keeps_back_come_off_too() -> None:
    """683 − (5 + 20) − 10 = 648."""
    said = {"engine": "postgres", "engine_version": "16.4", "max_connections": 683, "reserved": {"admin": 10}}
    found = capacity(**said, parameter_reserve=20)
    assert (found.engine_reserve, found.usable) == (25, 648)
    assert found.engine_reserve_reason.endswith("; 20 more in the parameter group")
    assert capacity(**said, parameter_reserve={"unknown": "a token"}).limit == Unknown("a token")


def test_a_limit_on_the_role_is_what_an_application_may_use_where_it_is_lower() -> None:
    said = {"max_connections": 683, "reserved": {"engine": 3, "admin": 10}}
    assert capacity(**said, parameter_per_role=100).usable == 100
    assert capacity(**said, parameter_per_role=671).usable == 670
    assert capacity(**said, parameter_per_role={"unknown": "a token"}).usable is None


def test_what_was_looked_up_on_the_server_replaces_the_documentation() -> None:
    """1700 − 7 − 10 = 1683; with CONNECTION LIMIT 50 on the role, 50."""
    facts = {"looked_up": "2026-11-22", "engine": "postgres", "max_connections": 1700, "reserved": {"engine": 7}}
    found = capacity(engine="postgres", facts=facts)
    assert (found.engine_reserve, found.engine_reserve_source) == (7, Source.LOOKED_UP)
    assert found.usable == 1683
    assert capacity(engine="postgres", facts={**facts, "role_connection_limit": 50}).usable == 50
    assert capacity(engine="postgres", facts={**facts, "database_connection_limit": 40}).usable == 40


def test_a_reserve_that_was_declared_is_all_of_the_engines_whatever_the_parameter_group_has() -> None:
    found = capacity(max_connections=683, reserved={"engine": 3, "admin": 10}, parameter_reserve=20)
    assert (found.engine_reserve, found.usable) == (3, 670)


def test_of_several_limits_on_a_role_the_least_counts_and_an_unknown_one_is_the_least() -> None:
    facts = {"looked_up": "2026-11-22", "engine": "mysql", "role_connection_limit": 50}
    said: dict[str, Any] = {"max_connections": 683, "reserved": {"engine": 3, "admin": 10}}
    assert capacity(**said, parameter_per_role=100, facts={**facts, "database_connection_limit": 70}).usable == 50
    assert capacity(**said, parameter_per_role=40, facts=facts).usable == 40
    assert capacity(**said, parameter_per_role={"unknown": "a token"}, facts=facts).usable is None
