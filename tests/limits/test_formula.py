"""Parameter formulas as text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.limits.formula import (
    DEEPEST,
    LONGEST,
    Call,
    FormulaError,
    Integer,
    Log,
    Scaled,
    parse,
    variables_of,
)

MEMORY = "DBInstanceClassMemory"


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("200", Integer(200)),
        (" 200\n", Integer(200)),
        ("-50003", Integer(-50003)),
        ("{DBInstanceClassMemory}", Scaled(variable=MEMORY)),
        ("{DBInstanceClassMemory*3}", Scaled(variable=MEMORY, times=3)),
        ("{DBInstanceClassMemory/12582880}", Scaled(variable=MEMORY, divided_by=12582880)),
        ("{ DBInstanceClassMemory * 3 / 4 }", Scaled(variable=MEMORY, times=3, divided_by=4)),
        (
            "LEAST({DBInstanceClassMemory/9531392},5000)",
            Call(function="LEAST", arguments=(Scaled(variable=MEMORY, divided_by=9531392), Integer(5000))),
        ),
        ("sum(1, -2)", Call(function="SUM", arguments=(Integer(1), Integer(-2)))),
        (
            "IF({TrueIfReplica}, 100, 200)",
            Call(function="IF", arguments=(Scaled(variable="TrueIfReplica"), Integer(100), Integer(200))),
        ),
        (
            "{log(DBInstanceClassMemory/8187281408)*1000}",
            Log(of=Scaled(variable=MEMORY, divided_by=8187281408), times=1000),
        ),
        (
            "{log(DBInstanceClassMemory/8187281408,2)*1000}",
            Log(of=Scaled(variable=MEMORY, divided_by=8187281408), times=1000),
        ),
    ],
)
def test_the_documented_forms_are_read(text: str, formula: object) -> None:
    assert parse(text) == formula


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 0, "an integer, a formula in braces or GREATEST, LEAST, SUM or IF"),
        ("DBInstanceClassMemory/9531392", 0, "GREATEST, LEAST, SUM or IF (arithmetic stands in braces)"),
        ("{dbinstanceclassmemory}", 1, "one of AllocatedStorage, DBInstanceClassMemory, DBInstanceVCPU"),
        ("{DBInstanceClassMemory+1}", 22, "'*', '/' or '}'"),
        ("{DBInstanceClassMemory/0}", 23, "a divisor other than 0"),
        ("{DBInstanceClassMemory/1.5}", 24, "'*', '/' or '}'"),
        ("{DBInstanceClassMemory/2*3}", 24, "'*', '/' or '}'"),
        ("{DBInstanceClassMemory", 22, "'*', '/' or '}'"),
        ("LEAST({DBInstanceClassMemory},5000", 34, "',' or ')'"),
        ("LEAST()", 6, "an integer, a formula in braces"),
        ("LEAST(1,,2)", 8, "an integer, a formula in braces"),
        ("IF(1,2)", 6, "exactly 3 arguments to IF"),
        ("MEDIAN(1,2)", 0, "GREATEST, LEAST, SUM or IF"),
        ("{log(DBInstanceClassMemory,10)*3}", 27, "2, the only base there is"),
        ("200 connections", 4, "nothing more"),
        ("２００", 0, "an integer, a formula in braces"),
        ("1\0", 1, "nothing more"),
    ],
)
def test_an_error_says_where_and_what_was_expected(text: str, position: int, expected: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.position == position
    assert caught.value.expected.startswith(expected)
    assert f"at position {position}" in str(caught.value)


def test_a_very_long_text_is_refused_before_it_is_read() -> None:
    with pytest.raises(FormulaError, match=f"at most {LONGEST} characters"):
        parse("9" * 5000)


def test_deep_nesting_is_refused_rather_than_exhausting_the_stack() -> None:
    assert parse("SUM(" * DEEPEST + "1" + ")" * DEEPEST)
    with pytest.raises(FormulaError, match="nested at most"):
        parse("SUM(" * (DEEPEST + 1) + "1" + ")" * (DEEPEST + 1))


def test_the_variables_of_a_formula_are_listed_once() -> None:
    formula = parse("LEAST({DBInstanceVCPU*2},{DBInstanceClassMemory},{DBInstanceVCPU},{log(AllocatedStorage)},7)")
    assert variables_of(formula) == ("DBInstanceVCPU", MEMORY, "AllocatedStorage")


PIECES = st.sampled_from(
    ["{", "}", "(", ")", ",", "*", "/", "-", "log", "LEAST", "if", "SUM", MEMORY, "DBInstanceVCPU", "0", "2", " ", "é"]
)


def error_of(text: str) -> FormulaError | None:
    try:
        parse(text)
    except FormulaError as error:
        return error
    return None


@settings(deadline=None)
@given(st.text() | st.lists(PIECES, max_size=30).map("".join) | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_a_formula_or_an_error_with_a_position_inside_it(text: str) -> None:
    error = error_of(text)
    assert error is None or (0 <= error.position <= len(text) and error.expected)
