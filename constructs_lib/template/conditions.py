"""A template's conditions: true, false, or unknown with the reason."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described
from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.unresolved import DEEPEST, reason_of

Verdict = bool | Unknown
ValueOf = Callable[[object, int], Any]
"""Resolves a value, at a depth."""
VerdictOf = Callable[[str, int], Verdict]
"""Evaluates a condition by its name, at a depth."""


def evaluate(expression: object, value_of: ValueOf, verdict_of: VerdictOf, depth: int = 0) -> Verdict:
    """Evaluate an expression in three-valued logic: what cannot be known never picks a side."""
    if depth > DEEPEST:
        return Unknown("it is nested too deeply")
    if isinstance(expression, dict) and len(expression) == 1:
        ((function, argument),) = expression.items()
        if function == "Condition" and isinstance(argument, str):
            return verdict_of(argument, depth + 1)
        operands = argument if isinstance(argument, list) else [argument]
        if function == "Fn::Equals" and len(operands) == 2:  # noqa: PLR2004 - equal to each other
            return _equal(value_of(operands[0], depth + 1), value_of(operands[1], depth + 1))
        if function in _CONNECTIVES and operands:
            return _CONNECTIVES[function](evaluate(item, value_of, verdict_of, depth + 1) for item in operands)
    return Unknown(f"it is {described(expression)}, which is no condition that can be evaluated here")


def _equal(left: object, right: object) -> Verdict:
    one, other = scalar_text(left), scalar_text(right)
    if one is not None and other is not None:
        return one == other
    unresolved = left if one is None else right
    return Unknown(reason_of(unresolved) or f"it compares {described(unresolved)}, which is known when it is deployed")


def _all(verdicts: Iterable[Verdict]) -> Verdict:
    found = list(verdicts)
    return False if any(item is False for item in found) else next(_unknowns(found), True)


def _any(verdicts: Iterable[Verdict]) -> Verdict:
    found = list(verdicts)
    return True if any(item is True for item in found) else next(_unknowns(found), False)


def _not(verdicts: Iterable[Verdict]) -> Verdict:
    first, *more = verdicts
    if more:
        return Unknown("Fn::Not has more than one operand")
    return first if isinstance(first, Unknown) else not first


def _unknowns(verdicts: Iterable[Verdict]) -> Iterator[Unknown]:
    return (item for item in verdicts if isinstance(item, Unknown))


_CONNECTIVES: dict[str, Callable[[Iterable[Verdict]], Verdict]] = {"Fn::And": _all, "Fn::Or": _any, "Fn::Not": _not}
