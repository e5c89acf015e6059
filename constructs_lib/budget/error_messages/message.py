"""What is known of an error message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorMessage:
    """One message: how to know it in a log line, where it comes from, what it means, what to do."""

    id: str
    text: str
    """The message as it is commonly printed."""
    patterns: tuple[str, ...]
    """Regular expressions, any of which tells it, for text in lower case with single spaces."""
    hints: tuple[str, ...] = ()
    """The same for what several messages have in common: these count only where no message is told by its own words."""
    unless: tuple[str, ...] = ()
    """What makes it another message, or another program's, whatever else matches."""
    raised_by: str
    cause: str
    remedy: str
    source: str
