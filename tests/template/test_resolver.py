"""What a template computes from its own parameters, conditions and mappings."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import number
from constructs_lib.template.resolver import Resolver
from constructs_lib.template.unresolved import DEEPEST, REMOVED
from tests.laws.strategies import LAW, json_values

Json = dict[str, Any]

CONTENT: Json = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "prod"},
        "Tasks": {"Type": "Number", "Default": 4},
        "Size": {"Type": "String"},
        "Subnets": {"Type": "CommaDelimitedList", "Default": "a,b"},
    },
    "Mappings": {"Sizes": {"prod": {"Class": "db.r6g.large", "List": ["x", "y"]}}},
    "Conditions": {
        "Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
        "Test": {"Fn::Not": [{"Condition": "Prod"}]},
        "Big": {"Fn::Equals": [{"Ref": "Size"}, "big"]},
        "Circle": {"Fn::Or": [{"Condition": "Test"}, {"Condition": "Circle"}]},
        "AndUnknown": {"Fn::And": [{"Condition": "Prod"}, {"Condition": "Big"}]},
        "AndFalse": {"Fn::And": [{"Condition": "Big"}, {"Condition": "Test"}]},
        "OrTrue": {"Fn::Or": [{"Condition": "Big"}, {"Condition": "Prod"}]},
        "Deep": {"Fn::Equals": [{"Fn::Select": [0, {"Ref": "Subnets"}]}, "a"]},
        "Number": {"Fn::Equals": [{"Ref": "Tasks"}, 4]},
        "Region": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
    },
}


def resolved(value: object, *, defaults: bool = True, **given_values: str) -> Any:
    return Resolver(CONTENT, given_values, defaults=defaults).value(value)


def branch(condition: str, one: object = 1, other: object = 2) -> Json:
    return {"Fn::If": [condition, one, other]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Tasks"}, "4"),
        ({"Ref": "Subnets"}, ["a", "b"]),
        (branch("Prod"), 1),
        (branch("Test"), 2),
        (branch("AndFalse"), 2),
        (branch("OrTrue"), 1),
        (branch("Deep"), 1),
        (branch("Number"), 1),
        (branch("Prod", {"Ref": "Tasks"}), "4"),
        (branch("Big", 3, 3), 3),
        (branch("Big", {"Ref": "Api"}, {"Ref": "Api"}), {"Ref": "Api"}),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Class"]}, "db.r6g.large"),
        ({"Fn::FindInMap": ["Sizes", "dev", "Class", {"DefaultValue": "small"}]}, "small"),
        ({"Fn::Select": ["1", {"Fn::FindInMap": ["Sizes", "prod", "List"]}]}, "y"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Stage"}, 5, True]]}, "a-prod-5-true"),
        ({"Fn::Join": [",", {"Ref": "Subnets"}]}, "a,b"),
        ({"Fn::Join": ["", ["a", {"Ref": "AWS::NoValue"}, "b"]]}, "ab"),
        ({"Fn::Split": [",", "a,b"]}, ["a", "b"]),
        ({"Fn::Sub": "${Stage}-${Tasks}"}, "prod-4"),
        ({"Fn::Sub": ["${Stage}-${X}", {"X": {"Ref": "Tasks"}}]}, "prod-4"),
        ({"A": branch("Test", 1, {"Ref": "AWS::NoValue"}), "B": 1}, {"B": 1}),
        ([1, branch("Prod", {"Ref": "AWS::NoValue"}), 3], [1, 3]),
        ({"Fn::Select": [0, [{"Ref": "Api"}, {"Ref": "Size"}]]}, {"Ref": "Api"}),
    ],
)
def test_what_can_be_computed_is(value: object, expected: object) -> None:
    assert resolved(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Api"},
        {"Fn::GetAtt": ["Db", "Endpoint.Address"]},
        {"Fn::ImportValue": "name"},
        {"Fn::Sub": "${Api.Name}"},
        {"Fn::Join": ["", ["a", {"Ref": "Api"}]]},
        {"Fn::GetAZs": ""},
        {"Fn::If": ["Prod"]},
        {"Fn::If": 5},
        {"Ref": 5},
        {"Fn::Join": "x"},
        {"Fn::Select": [0]},
        {"Fn::Sub": 5},
        {"Fn::FindInMap": []},
        {"Ref": "Tasks", "more": 1},
    ],
)
def test_references_to_resources_and_malformed_functions_stay_as_they_are(value: object) -> None:
    assert resolved(value) == value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"Ref": "Size"}, "DesiredCount is Ref Size: the parameter Size has no default"),
        (
            branch("Big"),
            "DesiredCount is Fn::If …: the condition Big cannot be evaluated: the parameter Size has no default",
        ),
        (
            branch("AndUnknown"),
            "DesiredCount is Fn::If …: the condition Big cannot be evaluated: the parameter Size has no default",
        ),
        (branch("Gone"), "DesiredCount is Fn::If …: the condition Gone is not defined"),
        (branch("Circle"), "DesiredCount is Fn::If …: the condition Circle refers to itself"),
        ({"Ref": "AWS::Region"}, "DesiredCount is Ref AWS::Region: AWS::Region is known when the stack is deployed"),
        (
            {"Fn::FindInMap": ["Sizes", "dev", "Class"]},
            "DesiredCount is Fn::FindInMap …: the template's Mappings have no Sizes.dev.Class",
        ),
        ({"Fn::Select": [7, ["a"]]}, "DesiredCount is Fn::Select …: its list has no item 7"),
        ({"Fn::Sub": "${Size}"}, "DesiredCount is Fn::Sub ${Size}: the parameter Size has no default"),
        ({"Fn::Join": ["", ["1", {"Ref": "Size"}]]}, "DesiredCount is Fn::Join …: the parameter Size has no default"),
        ({"Fn::Base64": {"Ref": "Size"}}, "DesiredCount is Fn::Base64 …"),
    ],
)
def test_what_cannot_be_computed_says_why(value: object, reason: str) -> None:
    assert number(resolved(value), "DesiredCount") == Unknown(reason)


def test_both_branches_of_an_open_condition_are_kept_for_whoever_looks_for_references() -> None:
    found = resolved(branch("Big", {"Ref": "Api"}, {"Fn::Sub": "${Stage}-${Api}"}))
    assert found == {"Fn::If": ["Big", {"Ref": "Api"}, {"Fn::Sub": "prod-${Api}"}]}


def test_a_default_that_may_not_be_assumed_decides_nothing() -> None:
    assert isinstance(number(resolved(branch("Prod"), defaults=False), "DesiredCount"), Unknown)
    assert resolved(branch("Prod"), defaults=False, Stage="test") == 2


def test_what_is_given_decides() -> None:
    assert resolved(branch("Prod"), Stage="test") == 2
    assert Resolver(CONTENT, {"AWS::Region": "eu-west-1"}, defaults=True).value(branch("Region")) == 1


def test_defaults_that_were_relied_on_are_told() -> None:
    resolver = Resolver(CONTENT, {"Tasks": "9"}, defaults=True)
    resolver.value([{"Ref": "Tasks"}, {"Ref": "Size"}, branch("Prod")])
    assert resolver.assumed == {"Stage"}


def test_a_member_that_is_taken_away_is_told_by_identity() -> None:
    assert resolved({"Ref": "AWS::NoValue"}) is REMOVED


def test_one_and_true_are_not_the_same_branch() -> None:
    assert isinstance(number(resolved(branch("Big", 1, True)), "DesiredCount"), Unknown)  # noqa: FBT003 - a value


def test_a_value_without_functions_is_not_copied() -> None:
    value = {"a": [{"b": [1, {"Ref": "Api"}]}]}
    assert resolved(value) is value


def test_a_bottomless_value_and_a_text_of_extreme_length_end() -> None:
    value: Any = {"Ref": "Tasks"}
    for _ in range(DEEPEST + 5):
        value = [value]
    assert resolved(value) == value
    grown = {"Fn::Join": ["", [{"Ref": "Stage"}] * 10_000]}
    assert number(resolved(grown), "DesiredCount") == Unknown(
        "DesiredCount is Fn::Join …: it is a text of extreme length"
    )


functions = st.sampled_from(["Ref", "Fn::If", "Fn::Join", "Fn::Sub", "Fn::Select", "Fn::Split", "Fn::FindInMap"])
words = st.sampled_from(
    [*CONTENT["Parameters"], *CONTENT["Conditions"], "Sizes", "prod", "AWS::NoValue", "${Stage}", 0, 1]
)
expressions = st.recursive(
    words | json_values,
    lambda inner: st.lists(inner, max_size=3) | st.builds(lambda name, item: {name: item}, functions, inner),
    max_leaves=12,
)


@LAW
@given(expressions, st.booleans())
def test_resolving_anything_ends_and_resolving_twice_changes_nothing(value: Any, defaults: bool) -> None:  # noqa: FBT001 - drawn
    resolver = Resolver(CONTENT, {}, defaults=defaults)
    once = resolver.value(value)
    if "Fn::" not in str(once) and "Ref" not in str(once):  # what is left of functions may be read as others
        assert resolver.value(once) == once


@LAW
@given(st.dictionaries(st.sampled_from(["Parameters", "Conditions", "Mappings"]), json_values | expressions))
def test_any_declarations_are_read(content: Any) -> None:
    resolver = Resolver(content, {}, defaults=True)
    for name in ("Stage", "Prod", ""):
        assert resolver.value({"Ref": name}) is not None
        assert isinstance(resolver.condition(name), (bool, Unknown))
    resolver.value({"Fn::FindInMap": ["Sizes", "prod", "Class"]})


@LAW
@given(st.sampled_from(["small", "big"]), expressions, expressions)
def test_an_open_condition_never_promises_what_the_deployment_does_not_keep(size: str, one: Any, other: Any) -> None:
    """Where a value is known without Size, it is the one that any Size gives."""
    value = {"Fn::If": ["Big", one, other]}
    known = resolved({"it": value})
    if "'Ref'" in str(known) or "Fn::" in str(known):
        return
    assert resolved({"it": value}, Size=size) == known
