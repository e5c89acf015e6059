"""Which parameters, taken at their defaults, a value rests on."""

from typing import Any

import pytest

from constructs_lib.template.assembly import Assembly
from constructs_lib.template.parameter_defaults import ParameterDefaults
from tests.template.app_templates import resource

Json = dict[str, Any]
ROOT: Json = {
    "Parameters": {name: {"Type": "String", "Default": "x"} for name in ("A", "B", "C")}
    | {"Hidden": {"Type": "String", "Default": "x", "NoEcho": True}},
    "Conditions": {
        "IsX": {"Fn::Equals": [{"Ref": "A"}, "x"]},
        "Both": {"Fn::And": [{"Condition": "IsX"}, {"Fn::Equals": [{"Ref": "B"}, "x"]}]},
        "Round": {"Fn::Not": [{"Condition": "Round"}]},
    },
    "Mappings": {"Sizes": {"x": {"Tasks": 3}}},
    "Resources": {"Child": resource("AWS::CloudFormation::Stack", TemplateURL="child.json")},
}
CHILD: Json = {
    "Parameters": {"Size": {"Type": "String", "Default": "x"}},
    "Outputs": {"Own": {"Value": {"Ref": "Size"}}},
}
OTHER: Json = {
    "Parameters": {"Far": {"Type": "String", "Default": "x"}},
    "Outputs": {"Number": {"Value": {"Ref": "Far"}, "Export": {"Name": "far-number"}}},
}


def behind(value: object, given: Json | None = None) -> set[str]:
    app = Assembly({"root.json": ROOT, "child.json": CHILD, "other.json": OTHER}, given=given)
    root = app["root.json"]
    root.resolver.value(value)
    return set(ParameterDefaults(app.links).behind([(root, value)]))


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("plain", set()),
        ({"Ref": "A"}, {"A"}),
        ({"Ref": "AWS::Region"}, set()),
        ({"Ref": "Child"}, set()),
        ({"Ref": "Hidden"}, set()),
        ([{"Ref": "A"}, {"Deep": {"Ref": "B"}}], {"A", "B"}),
        ({"Fn::Sub": "${A}-${Child}-${!B}"}, {"A"}),
        ({"Fn::Sub": ["${A}-${B}", {"A": {"Ref": "C"}}]}, {"B", "C"}),
        ({"Fn::Join": ["", ["x", {"Ref": "A"}]]}, {"A"}),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "A"}, "Tasks"]}, {"A"}),
        ({"Fn::If": ["IsX", {"Ref": "B"}, {"Ref": "C"}]}, {"A", "B"}),
        ({"Fn::If": ["Both", 1, {"Ref": "C"}]}, {"A", "B"}),
        ({"Fn::If": ["Round", 1, 2]}, set()),
        ({"Fn::ImportValue": "far-number"}, {"Far"}),
        ({"Fn::GetAtt": ["Child", "Outputs.Own"]}, set()),
        ({"Fn::GetAtt": ["Db", "Arn"]}, set()),
    ],
)
def test_a_value_rests_on_what_it_is_computed_from(value: object, names: set[str]) -> None:
    """The default of a nested stack's own parameter is no assumption."""
    assert behind(value) == names


def test_what_is_given_is_not_rested_on() -> None:
    assert behind({"Fn::If": ["IsX", {"Ref": "B"}, {"Ref": "C"}]}, {"A": "y"}) == {"C"}


def test_a_name_that_cannot_be_printed_is_written_out() -> None:
    strange = "a\nb"
    root = {"Parameters": {strange: {"Type": "String", "Default": "x"}}}
    app = Assembly({"root.json": root})
    app["root.json"].resolver.value({"Ref": strange})
    assert ParameterDefaults(app.links).behind([(app["root.json"], {"Ref": strange})]) == {r"'a\nb'"}
