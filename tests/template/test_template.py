"""One template, by resource type."""

from typing import Any

import pytest

from constructs_lib.template.template import Template

Json = dict[str, Any]

CONTENT = {
    "Metadata": {"ConnectionBudget": {"schema": 1}},
    "Resources": {
        "A": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres"}},
        "B": {"Type": "AWS::RDS::DBInstance"},
        "C": {"Type": "AWS::ECS::Service", "Properties": {}},
    },
}


def test_resources_are_found_by_their_name_and_by_their_type() -> None:
    template = Template(CONTENT)
    assert template.properties("A") == {"Engine": "postgres"}
    assert template.properties("B") == {}
    assert template.properties("D") is None
    assert list(template.of_type("AWS::RDS::DBInstance")) == [("A", {"Engine": "postgres"}), ("B", {})]
    assert list(template.of_type("AWS::RDS::DBProxy")) == []


def test_the_budget_document_stands_in_the_metadata() -> None:
    assert Template(CONTENT).document == {"schema": 1}
    assert Template({}).document is None


@pytest.mark.parametrize("strange", [None, [], "x", 5, {"Resources": []}, {"Resources": {"A": 5, "B": {"Type": {}}}}])
def test_what_is_no_template_has_no_resources(strange: object) -> None:
    template = Template(strange)
    assert template.properties("A") is None
    assert template.document is None


def test_a_resource_whose_type_nobody_could_print_is_none() -> None:
    """No type of AWS has a control character, and a finding would have to say it."""
    made = Template({"Resources": {"Api": {"Type": "AWS::ECS::Service\x1f"}, "Db": {"Type": "AWS::RDS::DBInstance"}}})
    assert list(made.kinds) == ["AWS::RDS::DBInstance"]


LOOPS: Json = {"Transform": "AWS::LanguageExtensions"}
LOOP = {"Fn::ForEach::Sizes": ["X", ["DesiredCount"], {"${X}": 50}]}
MACRO = {"Fn::Transform": {"Name": "Sizes"}}


def unread(resource: object, *, properties: bool = True, **top: object) -> list[tuple[str, str]]:
    """What is unread of a template with one resource, after its properties were looked at."""
    template = Template({"Resources": {"Api": resource}, **top})
    if properties:
        template.properties("Api")
    return list(template.unread())


@pytest.mark.parametrize(
    "resource",
    [
        {"Type": "AWS::ECS::Service", **MACRO},
        {"Type": "AWS::ECS::Service", "Properties": MACRO},
        {"Type": "AWS::ECS::Service", "Properties": {"DesiredCount": 1, **MACRO}},
        MACRO,
    ],
)
@pytest.mark.parametrize("looked_at", [False, True])
def test_a_macro_in_a_resource_is_told_of_once_whether_or_not_it_was_looked_at(
    resource: object,
    looked_at: bool,  # noqa: FBT001 - a row
) -> None:
    said = "'Fn::Transform' can change 'Api' when the stack is deployed"
    assert unread(resource, properties=looked_at) == [("Api", said)]
    assert unread(resource, properties=looked_at, Transform="AWS::Serverless-2016-10-31") == [("Api", said)]


@pytest.mark.parametrize(
    "inside",
    [
        {"DeploymentConfiguration": {"MaximumPercent": 100, **MACRO}},
        {"LoadBalancers": [{"ContainerName": "web", **MACRO}]},
        {"DeploymentConfiguration": {"DeploymentCircuitBreaker": MACRO}},
    ],
)
def test_a_macro_below_the_properties_is_told_of_once_they_are_looked_at(inside: Json) -> None:
    resource = {"Type": "AWS::ECS::Service", "Properties": inside}
    assert unread(resource, properties=False) == []
    assert unread(resource) == [("Api", "'Fn::Transform' can change 'Api' when the stack is deployed")]
    unseen = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"LogConfiguration": MACRO}}
    assert unread(unseen) == [], "no budget looks at it"


@pytest.mark.parametrize(
    "resource",
    [
        {"Type": "AWS::ECS::Service", **LOOP},
        {"Type": "AWS::ECS::Service", "Properties": LOOP},
        {"Type": "AWS::ECS::Service", "Properties": {"DeploymentConfiguration": LOOP}},
    ],
)
def test_a_loop_in_a_resource_is_told_of_where_a_transform_makes_it_work(resource: object) -> None:
    assert unread(resource) == []
    said = "'Fn::ForEach::Sizes' can change 'Api' when the stack is deployed"
    assert unread(resource, **LOOPS) == [("Api", said)]


def test_a_module_is_told_of_with_its_type() -> None:
    said = "the module 'My::Ecs::Service::MODULE' is replaced by its resources when the stack is deployed"
    assert unread({"Type": "My::Ecs::Service::MODULE"}) == [("Api", said)]


def test_what_globals_make_of_functions_may_be_made_later() -> None:
    template = Template({"Globals": {"Function": {"Timeout": 3, **MACRO}}, "Resources": {}})
    assert template.serverless_defaults["Timeout"] == 3
    assert list(template.unread()) == [("Globals", "'Fn::Transform' can change 'Globals' when the stack is deployed")]


@pytest.mark.parametrize(
    ("top", "section"),
    [
        ({"Conditions": {"Big": {"Fn::Equals": ["a", "b"]}, **MACRO}}, "Conditions"),
        ({"Mappings": {"Sizes": {"prod": {"Tasks": 2, **MACRO}}}}, "Mappings"),
        ({"Mappings": MACRO}, "Mappings"),
        ({"Parameters": {"Tasks": {"Type": "Number", **MACRO}}}, "Parameters"),
    ],
)
def test_a_macro_in_what_decides_over_resources_is_told_of(top: Json, section: str) -> None:
    said = f"'Fn::Transform' can change the {section} when the stack is deployed"
    assert list(Template({"Resources": {}, **top}).unread()) == [(section, said)]


def test_a_macro_at_the_top_can_change_all_of_it() -> None:
    told = list(Template({"Resources": {}, **MACRO}).unread())
    assert told == [("Fn::Transform", "'Fn::Transform' can change the whole template when the stack is deployed")]
