"""A value that cannot be known here, and why."""

from dataclasses import dataclass

_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Unknown:
    """Stands where a value would: the reason is in the reader's words, without a full stop at its end."""

    reason: str


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
