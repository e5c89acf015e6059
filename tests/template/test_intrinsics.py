"""Plain values as they are, functions as unknown."""

from typing import Any

import pytest

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, members, number, reference, references, text


@pytest.mark.parametrize(("value", "expected"), [(4, 4), (0, 0), ("4", 4), (4.0, 4), ("007", 7)], ids=repr)
def test_a_count_may_be_written_as_text(value: object, expected: int) -> None:
    assert number(value, "DesiredCount") == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"Ref": "Tasks"}, "DesiredCount is Ref Tasks"),
        ({"Fn::If": ["Prod", 4, 1]}, "DesiredCount is Fn::If …"),
        (-1, "DesiredCount is -1"),
        (4.5, "DesiredCount is 4.5"),
        (True, "DesiredCount is True"),
        (None, "DesiredCount is not given"),
        ([], "DesiredCount is neither a number nor a name"),
        ({}, "DesiredCount is neither a number nor a name"),
        ({"a": 1, "b": 2}, "DesiredCount is neither a number nor a name"),
        ("four", "DesiredCount is 'four'"),
        ("", "DesiredCount is ''"),
        ("٤", r"DesiredCount is '\u0664'"),
        (2.0**64, "DesiredCount is 1.8446744073709552e+19"),  # which 2 ** 64 + 1 is read as, too
        (float("inf"), "DesiredCount is inf"),
        (float("nan"), "DesiredCount is nan"),
    ],
)
def test_what_is_no_count_is_unknown_with_what_it_is(value: object, reason: str) -> None:
    assert number(value, "DesiredCount") == Unknown(reason)


def test_a_text_is_one_that_can_be_printed() -> None:
    assert text("db.r6g.large", "DBInstanceClass") == "db.r6g.large"
    for value in ("", " ", "a\nb", "a\x1bb", 5, None, {"Ref": "Class"}):
        assert isinstance(text(value, "DBInstanceClass"), Unknown)


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ({"Ref": "Api"}, "Api"),
        ({"Fn::GetAtt": ["Api", "Name"]}, "Api"),
        ({"Fn::GetAtt": "Api.Name"}, "Api"),
        ({"Fn::Sub": "${Api}"}, None),
        ({"Ref": 5}, None),
        ({"Fn::GetAtt": []}, None),
        ({"Fn::GetAtt": [5]}, None),
        ({"Ref": "Api", "more": 1}, None),
        ("Api", None),
        (None, None),
    ],
)
def test_a_reference_points_at_a_logical_id(value: object, target: str | None) -> None:
    assert reference(value) == target


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Join": ["/", ["service", {"Ref": "Cluster"}, {"Fn::GetAtt": ["Api", "Name"]}]]},
        {"Fn::Sub": "service/${Cluster}/${Api.Name}"},
        {"Fn::Sub": ["service/${Cluster}/${Name}", {"Cluster": {"Ref": "Cluster"}, "Name": {"Ref": "Api"}}]},
    ],
)
def test_references_are_found_inside_joins_and_substitutions(value: object) -> None:
    assert {"Cluster", "Api"} <= set(references(value))


def test_references_in_a_bottomless_value_end() -> None:
    value: Any = {"Ref": "Api"}
    for _ in range(10_000):
        value = [value]
    assert list(references(value)) == []


def test_the_members_of_a_function_are_not_those_of_its_result() -> None:
    assert members({"MaximumPercent": 200}, "DeploymentConfiguration") == {"MaximumPercent": 200}
    assert members(None, "DeploymentConfiguration") == {}
    conditional = {"Fn::If": ["Prod", {"MaximumPercent": 200}, {"Ref": "AWS::NoValue"}]}
    assert members(conditional, "DeploymentConfiguration") == Unknown("DeploymentConfiguration is Fn::If …")


@pytest.mark.parametrize("value", [{"Ref": "a\nb"}, {"a\x1b[31mb": "x"}, {"Ref": "x" * 999}, "a\nb", "\ud800"])
def test_a_value_is_described_on_one_short_line_that_can_be_printed(value: object) -> None:
    words = described(value)
    assert words.isprintable()
    assert len(words) <= 80


def test_a_function_is_shown_by_its_attribute_or_how_its_text_ends() -> None:
    assert described({"Fn::GetAtt": ["Vpc", "CidrBlock"]}) == "Fn::GetAtt Vpc.CidrBlock"
    assert described({"Fn::ImportValue": {"Fn::Sub": "${Parent}-ClientGroup"}}) == "Fn::ImportValue …-ClientGroup"
    assert described({"Fn::Join": ["", ["a", {"Ref": "B"}]]}) == "Fn::Join …"
