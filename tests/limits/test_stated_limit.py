"""Values that somebody set."""

from typing import cast

import pytest

from constructs_lib.limits import Basis, Limit, Server, Unknown, limit_of
from constructs_lib.limits.unknown import quoted

LEAST_AND_MOST = [
    ("postgres", 6, 262143),
    ("aurora-postgresql", 6, 262143),
    ("mysql", 1, 100000),
    ("mariadb", 1, 100000),
    ("aurora-mysql", 1, 16000),
    ("oracle-se2", 80, 20000),
    ("sqlserver-se", 1, 32767),
    (None, 1, 262143),
]


def declared(value: object, engine: str | None = "postgres", instance_class: str | None = None) -> Limit | Unknown:
    return limit_of(
        Server(engine=engine, instance_class=instance_class, max_connections=cast("int | str | Unknown", value))
    )


@pytest.mark.parametrize(("engine", "least", "most"), LEAST_AND_MOST)
def test_an_engine_accepts_its_allowed_range_and_nothing_outside(engine: str | None, least: int, most: int) -> None:
    for value in (least, most):
        assert isinstance(declared(value, engine), Limit)
    for value in (least - 1, most + 1):
        if not (engine == "sqlserver-se" and value == 0):
            found = declared(value, engine)
            assert isinstance(found, Unknown)
            assert f"{value} is outside what" in found.reason
            assert f"{least} to {most}" in found.reason


@pytest.mark.parametrize(
    "value", [True, 683.0, "683.5", "", "  ", "0", 0, -1, "-1", "9" * 999, 10**9999, "\0", "六", []], ids=quoted
)
def test_an_absurd_value_is_unknown_with_a_short_reason(value: object) -> None:
    found = declared(value)
    assert isinstance(found, Unknown)
    assert len(found.reason) < 250


def test_a_looked_up_value_is_checked_like_any_other() -> None:
    found = limit_of(Server(engine="mysql", looked_up_max_connections=0))
    assert found == Unknown("max_connections was looked up, but 0 is outside what MySQL accepts, 1 to 100000")


def test_zero_user_connections_mean_all_that_sql_server_has() -> None:
    found = declared("0", "sqlserver-se")
    assert isinstance(found, Limit)
    assert (found.low, found.high) == (32767, 32767)
    assert found.steps == (
        "user connections is declared: 0",
        "0 stands for no limit but the engine's own, 32767",
    )


def test_a_formula_on_estimated_memory_has_a_band_and_an_assumption() -> None:
    found = limit_of(
        Server(
            engine="postgres",
            instance_class="db.r6g.large",
            parameter_max_connections="LEAST({DBInstanceClassMemory/19062784},5000)",
        )
    )
    assert isinstance(found, Limit)
    assert (found.basis, found.low, found.max_connections, found.high) == (Basis.PARAMETER_GROUP, 839, 839, 901)
    assert found.steps[0] == "the parameter group sets max_connections to a formula"
    assert found.steps[-1] == "LEAST({DBInstanceClassMemory/19062784},5000) = LEAST(839, 5000) = 839"
    assert found.assumption is not None
    assert "db.r6g.large" in found.assumption


@pytest.mark.parametrize(
    "formula", ["LEAST({DBInstanceClassMemory/9531392},500)", "{DBInstanceVCPU*250}", "GREATEST(500,200)"]
)
def test_a_formula_that_no_memory_changes_is_exact(formula: str) -> None:
    found = declared(formula, instance_class="db.r6g.large")
    assert isinstance(found, Limit)
    assert (found.low, found.max_connections, found.high) == (500, 500, 500)
    assert found.assumption is None


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("{AllocatedStorage/1000}", "uses AllocatedStorage, which is not known here"),
        ("{DBInstanceClassMemory/1000}", "is outside what PostgreSQL accepts, 6 to 262143"),
        ("{DBInstanceClassMemory/9531392", "is no parameter formula: expected '*', '/' or '}' at position 30"),
        ("{log(DBInstanceClassMemory*0)}", "has no value: the logarithm of 0"),
        ("${MaxConnections}", "is no parameter formula: expected an integer"),
    ],
)
def test_a_formula_that_gives_nothing_says_why(formula: str, words: str) -> None:
    found = declared(formula, instance_class="db.r6g.large")
    assert isinstance(found, Unknown)
    assert words in found.reason


def test_a_formula_of_vcpus_needs_a_class_that_has_them() -> None:
    for instance_class in (None, "db.serverless", "db.nothing"):
        assert isinstance(declared("{DBInstanceVCPU*250}", instance_class=instance_class), Unknown)
