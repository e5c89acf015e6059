"""Which parameters of a parameter group decide."""

import pytest

from constructs_lib.limits import Unknown
from constructs_lib.limits.parameters import ParameterFacts, parameter_facts


def test_each_engine_has_its_own_name_for_the_limit() -> None:
    for engine, name in (
        ("postgres", "max_connections"),
        ("oracle-se2", "processes"),
        ("sqlserver-ee", "user connections"),
    ):
        assert parameter_facts({name: "100"}, engine).max_connections == "100"
        assert parameter_facts({"other": "100"}, engine) == ParameterFacts()


def test_slots_beyond_the_defaults_are_kept_back() -> None:
    """3 → 20 and 2 → 5: 17 + 3 = 20 more; what is below its default is not counted on."""
    parameters = {"superuser_reserved_connections": "20", "reserved_connections": 5}
    assert parameter_facts(parameters, "postgres").reserve == 20
    assert parameter_facts({"superuser_reserved_connections": "0"}, "postgres").reserve is None


def test_a_limit_on_a_single_role_is_read_and_0_is_none() -> None:
    assert parameter_facts({"max_user_connections": "50"}, "mysql").per_role == 50
    assert parameter_facts({"max_user_connections": "0"}, "mysql").per_role is None
    assert parameter_facts({"max_user_connections": "50"}, "postgres").per_role is None
    assert parameter_facts({"max_user_connections": 50}, "mysql").per_role == 50


@pytest.mark.parametrize("value", ["-1", -5, 10**30, "1e3"])
def test_what_is_no_count_is_unknown_whether_it_is_a_text_or_a_number(value: object) -> None:
    for name, engine in (("max_user_connections", "mysql"), ("superuser_reserved_connections", "postgres")):
        found = parameter_facts({name: value}, engine)
        assert isinstance(found.per_role if engine == "mysql" else found.reserve, Unknown)


@pytest.mark.parametrize("value", [{"Ref": "Parameter"}, "", "many", "-5", "1e9", True, 1.5, "9" * 5000])
def test_a_reserve_that_is_no_plain_number_is_unknown(value: object) -> None:
    assert isinstance(parameter_facts({"superuser_reserved_connections": value}, "postgres").reserve, Unknown)


def test_an_engine_that_is_not_known_is_read_by_the_common_name() -> None:
    assert parameter_facts({"max_connections": 7}, None).max_connections == 7
