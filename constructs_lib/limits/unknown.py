"""A value that cannot be known here, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Unknown:
    """Stands where a value would: the reason is in the reader's words, without a full stop at its end."""

    reason: str
    at_least: int = 0
    """What is known of a number all the same: it is no lower."""


def at_least(value: int | Unknown) -> int:
    """What is known of a number: all of it, or how low it cannot be."""
    return value.at_least if isinstance(value, Unknown) else value


def largest_of(numbers: Sequence[int | Unknown]) -> int | Unknown:
    """The largest of one or more numbers; where one is unknown so is the largest, and no lower than any."""
    return _together(numbers, max(map(at_least, numbers)))


def sum_of(numbers: Sequence[int | Unknown]) -> int | Unknown:
    """The sum of numbers; where one is unknown so is the sum, and no lower than that of what is known."""
    return _together(numbers, sum(map(at_least, numbers)))


def _together(numbers: Sequence[int | Unknown], known: int) -> int | Unknown:
    doubt = next((number for number in numbers if isinstance(number, Unknown)), None)
    return known if doubt is None else replace(doubt, at_least=known)


def quoted(value: object) -> str:
    """Show a value as the user wrote it, escaped and cut so that it fits into one line of a message."""
    if isinstance(value, str):
        shown = repr(value[: _LONGEST_QUOTE + 1])
    elif isinstance(value, int) and value.bit_length() > 4 * _LONGEST_QUOTE:
        # str() of a very large integer is an error in itself.
        return f"an integer of {value.bit_length()} bits"
    else:
        shown = repr(value)
    return shown if len(shown) <= _LONGEST_QUOTE + 2 else shown[:_LONGEST_QUOTE] + "…"
