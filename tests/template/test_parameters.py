"""Values of parameters."""

from typing import Any

import pytest

from constructs_lib.limits import Unknown
from constructs_lib.template.parameters import parameter_value, scalar_text


def value(declaration: dict[str, Any], given: object = None, *, defaults: bool = True) -> object:
    return parameter_value("Tasks", declaration, given, defaults=defaults)


def test_what_is_given_is_above_the_default() -> None:
    assert value({"Type": "Number", "Default": 2}) == "2"
    assert value({"Type": "Number", "Default": 2}, "8") == "8"
    assert value({"Type": "String", "Default": ""}) == ""


def test_a_default_is_unknown_where_defaults_may_not_be_assumed() -> None:
    found = value({"Default": 2}, defaults=False)
    assert found == Unknown("the parameter Tasks may be set to something else than its default")
    assert value({"Default": 2}, 4, defaults=False) == "4"


def test_a_parameter_without_a_default_is_unknown() -> None:
    assert value({"Type": "Number"}) == Unknown("the parameter Tasks has no default")


def test_a_secret_is_never_read_even_if_it_is_given() -> None:
    for declared in (True, "true"):
        found = value({"NoEcho": declared, "Default": "hush"}, "hush")
        assert found == Unknown("the parameter Tasks is secret (NoEcho)")
    assert value({"NoEcho": "false", "Default": "open"}) == "open"


def test_the_name_of_a_stored_parameter_is_not_its_value() -> None:
    assert isinstance(value({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/tasks"}, "/tasks"), Unknown)
    assert value({"Type": "AWS::SSM::Parameter::Name", "Default": "/tasks"}) == "/tasks"


@pytest.mark.parametrize("kind", ["CommaDelimitedList", "List<Number>", "List<AWS::EC2::Subnet::Id>"])
def test_a_list_is_split_at_its_commas(kind: str) -> None:
    assert value({"Type": kind, "Default": "a, b,c"}) == ["a", "b", "c"]
    assert value({"Type": kind}, ["a", 2]) == ["a", "2"]


@pytest.mark.parametrize("strange", [{}, {"a": 1}, [{}], 10**5000], ids=["empty", "object", "objects", "huge"])
def test_an_object_is_no_value(strange: object) -> None:
    assert isinstance(value({"Default": strange}), Unknown)


@pytest.mark.parametrize(
    ("plain", "text"), [("a", "a"), (True, "true"), (0.5, "0.5"), (4, "4"), (None, None), ({}, None)]
)
def test_a_plain_value_has_the_text_that_cloudformation_makes_of_it(plain: object, text: str | None) -> None:
    assert scalar_text(plain) == text
