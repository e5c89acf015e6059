"""The values of parameter formulas."""

import math
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.limits.formula import parse
from constructs_lib.limits.formula_value import MissingVariableError, Range, bounds, derivation, evaluate

MEMORY = "DBInstanceClassMemory"
VARIABLES = {MEMORY: 15995817164, "DBInstanceVCPU": 2, "TrueIfReplica": 0}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("200", 200),
        ("{DBInstanceClassMemory/9531392}", 1678),
        ("{DBInstanceClassMemory*3/4}", 11996862873),
        ("LEAST({DBInstanceClassMemory/9531392},5000)", 1678),
        ("GREATEST({DBInstanceVCPU*2},8)", 8),
        ("SUM({DBInstanceClassMemory/12038},-50003)", 1278773),
        ("IF({TrueIfReplica},100,200)", 200),
        ("IF({DBInstanceVCPU},100,200)", 100),
        ("IF(-1,100,200)", 100),
    ],
)
def test_the_documented_operations_are_computed(text: str, value: int) -> None:
    assert evaluate(parse(text), VARIABLES) == value


@pytest.mark.parametrize(
    ("memory", "log"), [(1, 0), (2, 1), (3, 2), (2**10, 10), (1448, 10), (1449, 11), (2**200 - 1, 200)]
)
def test_a_logarithm_is_rounded_to_the_nearest_integer_exactly(memory: int, log: int) -> None:
    assert evaluate(parse("{log(DBInstanceClassMemory)}"), {MEMORY: memory}) == log


def test_a_logarithm_below_one_is_negative_and_is_rounded_before_it_is_multiplied() -> None:
    assert evaluate(parse("{log(DBInstanceClassMemory/10)*1000}"), {MEMORY: 3}) == -2000
    assert evaluate(parse("{log(DBInstanceClassMemory/10)*1000/3}"), {MEMORY: 3}) == -666


def test_the_logarithm_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="logarithm of 0"):
        evaluate(parse("{log(DBInstanceClassMemory*0)}"), VARIABLES)


def test_a_variable_that_is_not_given_is_named() -> None:
    with pytest.raises(MissingVariableError, match="AllocatedStorage"):
        evaluate(parse("{AllocatedStorage}"), VARIABLES)


def test_both_branches_count_where_an_if_cannot_be_decided() -> None:
    formula = parse("IF({DBInstanceClassMemory/1000},10,20)")
    assert bounds(formula, {MEMORY: Range(999, 1000)}) == Range(10, 20)
    assert bounds(formula, {MEMORY: Range(998, 999)}) == Range(20, 20)


def test_a_derivation_substitutes_and_shows_the_logarithms() -> None:
    text = "GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281408)*1000})"
    assert derivation(parse(text), text, {MEMORY: 15995817164}) == (
        "the base-2 logarithm of 15995817164 / 805306368 rounds to 4",
        "the base-2 logarithm of 15995817164 / 8187281408 rounds to 1",
        f"{text} = GREATEST(180, 1000) = 1000",
    )
    assert derivation(parse("{DBInstanceVCPU*2}"), "{DBInstanceVCPU*2}", VARIABLES) == (
        "{DBInstanceVCPU*2} = 2 × 2 = 4",
    )


# An evaluator of its own: the formula is generated together with a function that computes it in another way.


@dataclass(frozen=True)
class Sample:
    text: str
    value: int
    """The value at MEMORY_BYTES, computed without the package."""


MEMORY_BYTES = 7835379302
SPACE = st.sampled_from(["", " "])


@st.composite
def scaled(draw: st.DrawFn) -> tuple[str, Fraction]:
    text, value = MEMORY, Fraction(MEMORY_BYTES)
    if draw(st.booleans()):
        times = draw(st.integers(0, 10**6))
        text, value = f"{text}{draw(SPACE)}*{draw(SPACE)}{times}", value * times
    if draw(st.booleans()):
        divisor = draw(st.integers(1, 10**12))
        text, value = f"{text}/{draw(SPACE)}{divisor}", value / divisor
    return text, value


def rounded_log2(value: Fraction) -> int:
    with localcontext() as context:
        context.prec = 60
        logarithm = (Decimal(value.numerator) / Decimal(value.denominator)).ln() / Decimal(2).ln()
        return math.floor(logarithm + Decimal("0.5"))


@st.composite
def leaf(draw: st.DrawFn) -> Sample:
    kind = draw(st.sampled_from(["integer", "formula", "log"]))
    if kind == "integer":
        value = draw(st.integers(-(10**9), 10**9))
        return Sample(str(value), value)
    text, exact = draw(scaled())
    if kind == "formula" or exact == 0:
        return Sample(f"{{{text}}}", math.trunc(exact))
    times = draw(st.integers(0, 5000))
    name = draw(st.sampled_from(["log", "LOG"]))
    base = draw(st.sampled_from(["", ",2", ", 2"]))
    return Sample(f"{{{name}({text}{base})*{times}}}", rounded_log2(exact) * times)


def call(children: st.SearchStrategy[Sample]) -> st.SearchStrategy[Sample]:
    @st.composite
    def build(draw: st.DrawFn) -> Sample:
        function = draw(st.sampled_from(["GREATEST", "least", "Sum", "IF"]))
        size = 3 if function == "IF" else draw(st.integers(1, 4))
        arguments = [draw(children) for _ in range(size)]
        values = [argument.value for argument in arguments]
        value = {
            "GREATEST": lambda: max(values),
            "least": lambda: min(values),
            "Sum": lambda: sum(values),
            "IF": lambda: values[1] if values[0] else values[2],
        }[function]()
        separator = draw(st.sampled_from([",", ", "]))
        return Sample(f"{function}({separator.join(argument.text for argument in arguments)})", value)

    return build()


@settings(deadline=None)
@given(st.recursive(leaf(), call, max_leaves=8))
def test_a_formula_has_the_value_that_an_independent_evaluator_gives_it(sample: Sample) -> None:
    assert evaluate(parse(sample.text), {MEMORY: MEMORY_BYTES}) == sample.value
    assert derivation(parse(sample.text), sample.text, {MEMORY: MEMORY_BYTES})[-1].endswith(str(sample.value))


@settings(deadline=None)
@given(st.recursive(leaf(), call, max_leaves=8), st.integers(1, 2**40), st.integers(1, 2**40), st.integers(1, 2**40))
def test_the_bounds_hold_the_value_for_every_memory_between_them(
    sample: Sample, one: int, two: int, three: int
) -> None:
    low, between, high = sorted((one, two, three))
    formula = parse(sample.text)
    result = bounds(formula, {MEMORY: Range(low, high)})
    assert result.low <= evaluate(formula, {MEMORY: between}) <= result.high
