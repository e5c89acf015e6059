"""A finding prints its arithmetic in full, and the arithmetic is right."""

import re
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import event, example, given, settings

from tests.laws.planning import plan_json
from tests.laws.strategies import LAW, documents

Json = dict[str, Any]
EQUATION = re.compile(r"(\d+) = (.+?)(?=, (?!\()|: |; | are claimed|$)")
SIGNS = {"×": "*", "−": "-", "÷": "/", "%": "/ 100"}
ARITHMETIC = {"overcommitted", "no-room", "proxy-oversubscribed", "low-headroom", "failover-too-small"}


def value(words: str) -> Fraction:
    """What an expression such as `floor(3 tasks × 150 %) × (10 + 5)` comes to."""
    bare = re.sub(r"\((declared|parameter-group|looked-up|documented|estimated)\)", "", words)
    bare = re.sub(r"[a-z_]+(?<!floor)(?<!ceil)(?![a-z_(])", "", bare)
    for sign, operator in SIGNS.items():
        bare = bare.replace(sign, operator)
    bare = re.sub(r"\d+", r"Fraction(\g<0>)", bare)
    found = eval(bare, {"Fraction": Fraction, "floor": floor, "ceil": ceil})  # noqa: S307 - a sum of our own
    return Fraction(found)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("8 tasks × 200 % × 2 processes × (10 + 5)", 480),
        ("floor(3 tasks × 150 %) × 1 process × (1 + 0)", 4),
        ("ceil(2 × 3 tasks × 1 process × (3 + 2) ÷ 7 clients per connection)", 5),
        ("683 max_connections (declared) − 3 reserved by the engine − 10 administrative reserve", 670),
        ("20 reserved", 20),
    ],
)
def test_an_expression_is_understood(words: str, expected: int) -> None:
    assert value(words) == expected


OVERDRAWN = {
    "schema": 1,
    "databases": {"orders": {"max_connections": 10, "reserved": {"engine": 5, "admin": 10}}},
    "workloads": {"api": {"database": "orders", "maximum_percent": 100, "pool_size": 5, "max_overflow": 0}},
}


@settings(LAW, max_examples=200)
@given(documents(wild=False))
@example(OVERDRAWN)
def test_every_equation_in_a_message_is_true(document: Json) -> None:
    for finding in plan_json(document)["findings"]:
        if finding["id"] in ARITHMETIC:
            for total, words in EQUATION.findall(finding["message"]):
                event("checked")
                assert value(words) == int(total), finding["message"]
