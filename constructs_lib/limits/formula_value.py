"""What a parameter formula comes to, exactly, when its variables are known or known to lie between two bounds."""

from collections.abc import Mapping
from typing import NamedTuple

from constructs_lib.limits.formula import Call, Formula, Integer, Log, Scaled


class Range(NamedTuple):
    """The integers from `low` to `high`, both included."""

    low: int
    high: int


class MissingVariableError(LookupError):
    """A formula uses a variable whose value was not given."""

    def __init__(self, variable: str) -> None:
        self.variable = variable
        super().__init__(variable)


def evaluate(formula: Formula, variables: Mapping[str, int]) -> int:
    """Compute a formula: division truncates; a logarithm is rounded to the nearest integer before it is multiplied.

    Raises MissingVariableError, and ValueError for the logarithm of 0.
    """
    return bounds(formula, {name: Range(value, value) for name, value in variables.items()}).low


def bounds(formula: Formula, variables: Mapping[str, Range]) -> Range:
    """Bound a formula between the bounds of its variables, none of which may be negative.

    The bounds are the smallest and largest value, except where an IF decides by a variable that is not known exactly:
    then both its branches count.
    """
    if isinstance(formula, Integer):
        return Range(formula.value, formula.value)
    if isinstance(formula, Scaled):
        value = _variable(formula, variables)
        return _scale(value, formula)
    if isinstance(formula, Log):
        value = _variable(formula.of, variables)
        logs = Range(_log2(value.low, formula.of), _log2(value.high, formula.of))
        return _scale(logs, formula)
    return _call(formula, [bounds(argument, variables) for argument in formula.arguments])


def derivation(formula: Formula, text: str, variables: Mapping[str, int]) -> tuple[str, ...]:
    """Word how a formula comes to its value, a line a step: `{DBInstanceClassMemory/9531392} = … = 1678`."""
    lines = [
        f"the base-2 logarithm of {_sum(log.of, variables)} rounds to {_log2(variables[log.of.variable], log.of)}"
        for log in _logs(formula)
    ]
    value = evaluate(formula, variables)
    steps = [" ".join(text.split())]
    if isinstance(formula, Scaled):
        steps.append(_sum(formula, variables))
    elif not isinstance(formula, Integer):
        steps.append(_substituted(formula, variables))
    steps.append(str(value))
    lines.append(" = ".join(step for index, step in enumerate(steps) if index == 0 or step != steps[index - 1]))
    return tuple(lines)


def _variable(scaled: Scaled, variables: Mapping[str, Range]) -> Range:
    try:
        return variables[scaled.variable]
    except KeyError:
        raise MissingVariableError(scaled.variable) from None


def _scale(value: Range, by: Scaled | Log) -> Range:
    return Range(_truncated(value.low * by.times, by.divided_by), _truncated(value.high * by.times, by.divided_by))


def _truncated(dividend: int, divisor: int) -> int:
    return dividend // divisor if dividend >= 0 else -(-dividend // divisor)


def _log2(value: int, of: Scaled) -> int:
    """Round the base-2 logarithm of value × times / divided_by to the nearest integer, without floating point.

    The rounding is derived, not documented: AWS writes that decimals are truncated, which does not reproduce AWS's
    own table ("Maximum connections to an Aurora MySQL DB instance", Amazon Aurora User Guide); this reproduces it.
    """
    numerator, denominator = value * of.times, of.divided_by
    if numerator <= 0:
        raise ValueError("the logarithm of 0 has no value")
    # log2(x) rounds to n where 2^(2n−1) ≤ x² < 2^(2n+1). There are no ties: x is rational, √2 is not.
    return (_floor_log2(numerator**2, denominator**2) + 1) // 2


def _floor_log2(numerator: int, denominator: int) -> int:
    guess = numerator.bit_length() - denominator.bit_length()
    fits = numerator >= denominator << guess if guess >= 0 else numerator << -guess >= denominator
    return guess if fits else guess - 1


def _call(call: Call, arguments: list[Range]) -> Range:
    if call.function == "IF":
        condition, then, otherwise = arguments
        if condition.low == condition.high == 0:
            return otherwise
        if condition.low > 0 or condition.high < 0:
            return then
        return Range(min(then.low, otherwise.low), max(then.high, otherwise.high))
    lows, highs = [item.low for item in arguments], [item.high for item in arguments]
    if call.function == "SUM":
        return Range(sum(lows), sum(highs))
    if call.function == "LEAST":
        return Range(min(lows), min(highs))
    return Range(max(lows), max(highs))


def _logs(formula: Formula) -> list[Log]:
    if isinstance(formula, Log):
        return [formula]
    if isinstance(formula, Call):
        return [log for argument in formula.arguments for log in _logs(argument)]
    return []


def _sum(scaled: Scaled, variables: Mapping[str, int]) -> str:
    times = f" × {scaled.times}" if scaled.times != 1 else ""
    divided_by = f" / {scaled.divided_by}" if scaled.divided_by != 1 else ""
    return f"{variables[scaled.variable]}{times}{divided_by}"


def _substituted(formula: Formula, variables: Mapping[str, int]) -> str:
    if isinstance(formula, Call):
        return f"{formula.function}({', '.join(_substituted(item, variables) for item in formula.arguments)})"
    return str(evaluate(formula, variables))
