"""Aurora Serverless v2."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.limits import Basis, Limit, Server, Unknown, limit_of
from constructs_lib.limits.unknown import quoted


def serverless(
    engine: str, maximum: object, minimum: object = "1", parameter_max_connections: int | str | None = None
) -> Limit | Unknown:
    return limit_of(
        Server(
            engine=engine,
            instance_class="db.serverless",
            min_acu=minimum,  # type: ignore[arg-type]  # also what no type checker would let through
            max_acu=maximum,  # type: ignore[arg-type]
            parameter_max_connections=parameter_max_connections,
        )
    )


def known(found: Limit | Unknown) -> Limit:
    assert isinstance(found, Limit), found
    return found


@pytest.mark.parametrize("maximum", [16, 16.0, "16", "16.0", " 16 "], ids=repr)
def test_a_capacity_is_read_however_it_is_written(maximum: object) -> None:
    assert known(serverless("aurora-postgresql", maximum)).max_connections == 3360


@pytest.mark.parametrize(
    "maximum", [0, 0.5, 257, -1, 1.25, "x", "", "1e1", "½", float("nan"), float("inf"), True, 10**400], ids=quoted
)
def test_a_capacity_that_does_not_exist_is_refused(maximum: object) -> None:
    found = serverless("aurora-postgresql", maximum)
    assert isinstance(found, Unknown)
    assert found.reason.startswith("max_acu must be between 1 and 256 in steps of 0.5, got")


def test_a_minimum_that_does_not_exist_is_refused() -> None:
    assert serverless("aurora-mysql", 16, minimum="0.7") == Unknown(
        "min_acu must be between 0 and 256 in steps of 0.5, got '0.7'"
    )
    assert serverless("aurora-mysql", 2, minimum=2.5) == Unknown("min_acu 2.5 is above max_acu 2")


def test_without_a_maximum_nothing_is_known() -> None:
    found = serverless("aurora-mysql", None)
    assert isinstance(found, Unknown)
    assert "give max_acu" in found.reason
    assert serverless("aurora-mysql", Unknown("a token")) == Unknown("a token")


@pytest.mark.parametrize("minimum", [0, "0", 0.5, "0.5"], ids=repr)
def test_a_low_minimum_caps_postgresql_and_not_mysql(minimum: object) -> None:
    found = known(serverless("aurora-postgresql", 128, minimum))
    assert (found.max_connections, found.high, found.basis) == (2000, 2000, Basis.DOCUMENTED)
    assert found.steps[-1].endswith("ACU caps it at 2000")
    assert known(serverless("aurora-postgresql", 8, minimum)).max_connections == 1669
    assert known(serverless("aurora-mysql", 128, minimum)).max_connections == 5000


@pytest.mark.parametrize("minimum", [None, Unknown("a token")])
def test_a_minimum_that_is_not_known_may_cap(minimum: object) -> None:
    found = known(serverless("aurora-postgresql", 128, minimum))
    assert (found.max_connections, found.low, found.high, found.basis) == (2000, 2000, 5000, Basis.ESTIMATED)
    assert found.assumption == "the minimum ACU is not known, and 0 or 0.5 would cap max_connections at 2000"
    assert known(serverless("aurora-postgresql", 8, minimum)).assumption is None


def test_between_two_documented_values_postgresql_is_computed_and_mysql_has_the_lower() -> None:
    postgresql, mysql = (known(serverless(engine, 12.5)) for engine in ("aurora-postgresql", "aurora-mysql"))
    assert (postgresql.low, postgresql.high) == (2620, 3360)
    assert (mysql.low, mysql.high) == (1000, 2000)
    for found in (postgresql, mysql):
        assert found.basis is Basis.ESTIMATED
        assert found.assumption is not None
        assert "12.5 ACU" in found.assumption


def test_between_two_equal_documented_values_there_is_nothing_to_estimate() -> None:
    found = known(serverless("aurora-mysql", 200.5))
    assert (found.low, found.high, found.basis, found.assumption) == (6000, 6000, Basis.DOCUMENTED, None)


def test_the_maximum_is_enough_to_tell_that_a_server_is_serverless() -> None:
    assert known(limit_of(Server(engine="aurora-mysql", max_acu=8))).max_connections == 1000


def test_a_formula_is_evaluated_on_the_memory_at_the_maximum() -> None:
    found = known(serverless("aurora-postgresql", 4, parameter_max_connections="{DBInstanceClassMemory/9531392}"))
    assert (found.low, found.high) == (822, 901)
    assert found.steps[1] == "a maximum of 4 ACU has 8 GiB (8589934592 bytes)"
    assert (
        known(serverless("aurora-postgresql", 16, parameter_max_connections="{DBInstanceClassMemory/9531392}"))
        .steps[2]
        .startswith("0.9383 × ")
    )


def test_a_low_minimum_caps_a_parameter_group_too() -> None:
    found = known(serverless("aurora-postgresql", 64, 0.5, parameter_max_connections=3000))
    assert (found.max_connections, found.basis) == (2000, Basis.PARAMETER_GROUP)


@settings(deadline=None)
@given(
    st.sampled_from(["aurora-postgresql", "aurora-mysql"]),
    st.integers(2, 512),
    st.integers(2, 512),
    st.none() | st.integers(0, 2),
)
def test_more_capacity_never_means_fewer_connections(engine: str, one: int, other: int, minimum: int | None) -> None:
    least = None if minimum is None else minimum / 2
    smaller, larger = (known(serverless(engine, halves / 2, least)) for halves in sorted((one, other)))
    assert smaller.low <= larger.low
    assert smaller.high <= larger.high


def test_a_formula_that_is_declared_is_capped_as_that_of_a_parameter_group_is() -> None:
    """0.5 ACU caps Aurora PostgreSQL at 2000; 128 ACU alone would be 5000."""
    formula = "LEAST({DBInstanceClassMemory/9531392},5000)"
    server = Server(engine="aurora-postgresql", instance_class="db.serverless", min_acu="0.5", max_acu="128")
    declared = known(limit_of(replace(server, max_connections=formula)))
    grouped = known(limit_of(replace(server, parameter_max_connections=formula)))
    assert (declared.max_connections, declared.high) == (grouped.max_connections, grouped.high) == (2000, 2000)
    assert known(limit_of(replace(server, max_connections=3000))).max_connections == 3000


def test_a_cap_never_raises_what_is_below_it() -> None:
    """max_acu 1, 2 GiB at most: the formula's lower bound is far below 2000, its multiple of 12 is above at full."""
    found = known(
        limit_of(
            Server(
                engine="aurora-postgresql",
                instance_class="db.serverless",
                min_acu="0.5",
                max_acu="8",
                parameter_max_connections="{DBInstanceClassMemory/8000000}",
            )
        )
    )
    uncapped = known(
        limit_of(
            Server(
                engine="aurora-postgresql",
                instance_class="db.serverless",
                min_acu="1",
                max_acu="8",
                parameter_max_connections="{DBInstanceClassMemory/8000000}",
            )
        )
    )
    assert uncapped.low < 2000 < uncapped.high
    assert found.max_connections == found.low == uncapped.low
    assert found.high == 2000
