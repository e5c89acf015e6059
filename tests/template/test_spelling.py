"""Expressions that mean the same are spelled the same."""

from typing import Any

import pytest

from constructs_lib.template.spelling import spelling

NET = {"Ref": "Net"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Fn::Join": ["-", [NET, "app", "sg"]]}, {"Fn::Sub": "${Net}-app-sg"}),
        ({"Fn::Join": ["", [{"Fn::Sub": "${Net}-app"}, "-sg"]]}, {"Fn::Sub": "${Net}-app-sg"}),
        ({"Fn::Sub": ["${N}:Sg", {"N": NET}]}, {"Fn::Sub": "${Net}:Sg"}),
        ({"Fn::Sub": "${Net}"}, NET),
        ({"Fn::Sub": "${Vpc.DefaultSecurityGroup}"}, {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}),
        ({"Fn::GetAtt": "Vpc.DefaultSecurityGroup"}, {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}),
        ({"Fn::Join": ["", ["sg-", 12]]}, "sg-12"),
        ({"Fn::Select": [0, NET]}, {"Fn::Select": ["0", NET]}),
        ({"A": 1, "B": 2}, {"B": 2, "A": 1}),
    ],
)
def test_two_ways_to_write_one_value_have_one_spelling(one: Any, other: Any) -> None:
    assert spelling({"Fn::ImportValue": one}) == spelling({"Fn::ImportValue": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Fn::Sub": "${Net}-app-sg"}, {"Fn::Sub": "${Net}-db-sg"}),
        ({"Fn::Sub": "${Net}-sg"}, {"Fn::Sub": "${Other}-sg"}),
        ({"Fn::Sub": "${Net}-sg"}, {"Fn::Sub": "${!Net}-sg"}),
        ({"Fn::Join": ["-", [NET, "sg"]]}, {"Fn::Join": [":", [NET, "sg"]]}),
        (NET, "Net"),
        (NET, {"Fn::GetAtt": "Net"}),
        ([], {}),
        (None, ""),
    ],
)
def test_values_that_may_differ_do_not(one: Any, other: Any) -> None:
    assert spelling(one) != spelling(other)


@pytest.mark.parametrize("strange", [None, 5, 1.5, [], {}, {"Fn::Join": [{}, 5]}, {"Fn::Sub": []}, {"Fn::Sub": [5, 5]}])
def test_strange_values_have_one_as_well(strange: object) -> None:
    assert spelling({"Fn::ImportValue": strange}) == spelling({"Fn::ImportValue": strange})


def test_what_is_nested_without_end_is_like_nothing_else() -> None:
    def deep() -> object:
        value: object = "x"
        for _ in range(5000):
            value = [value]
        return value

    one, other = deep(), deep()
    assert spelling(one) != spelling(other)
