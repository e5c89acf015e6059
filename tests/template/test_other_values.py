"""Values that a parameter may have instead of its default, where they decide more than its being unknown."""

from typing import Any

import pytest

from constructs_lib.template.other_values import other_values
from constructs_lib.template.template import Template
from tests.template.app_templates import resource

Json = dict[str, Any]


def others(declared: Json, conditions: Json | None = None, **resources: Json) -> list[str]:
    content = {"Parameters": {"Any": declared}, "Conditions": conditions or {}, "Resources": resources}
    return other_values("Any", [Template(content)])


def equal(value: str) -> Json:
    return {"Fn::Equals": [{"Ref": "Any"}, value]}


@pytest.mark.parametrize("default", ["3", "db.r6g.large", "main"])
def test_of_what_no_condition_asks_it_is_enough_not_to_know_it(default: str) -> None:
    assert others({"Default": default}) == []


@pytest.mark.parametrize(
    ("default", "other"), [("ENABLED", "DISABLED"), ("false", "true"), (True, "false"), ("START", "COMPLETE")]
)
def test_a_switch_has_another_position(default: object, other: str) -> None:
    assert other in others({"Default": default})


def test_a_condition_is_asked_with_what_it_compares_and_with_anything_else() -> None:
    conditions = {"One": {"Fn::Not": [equal("")]}, "Two": {"Fn::Or": [equal("prod"), equal("dev")]}}
    assert others({"Default": "dev"}, conditions) == ["", "prod", "not dev"]


def test_only_what_the_parameter_may_have_is_tried() -> None:
    declared = {"Default": "dev", "AllowedValues": ["dev", "test", "prod"]}
    assert others(declared, {"One": equal("dev"), "Two": equal("live")}) == ["test", "prod"]


def test_conditions_of_a_nested_stack_ask_for_another_value_too() -> None:
    stack = resource("AWS::CloudFormation::Stack", TemplateURL="child.json", Parameters={"Stage": {"Ref": "Any"}})
    assert others({"Default": "dev"}, Child=stack) == ["not dev"]


def test_without_a_default_there_is_nothing_else() -> None:
    assert others({"Type": "String"}, {"One": equal("dev")}) == []
