"""A server's limit in words."""

from collections.abc import Iterator
from textwrap import fill
from typing import Any

from constructs_lib.limits import Limit, Reserved, Unknown

HEADINGS = ("CLASS", "LIMIT", "LOW", "HIGH", "BASIS", "RESERVED", "USABLE")
WIDTH = 100


def usable(limit: Limit, reserved: Reserved) -> int:
    """What the server leaves to an application's role: at least 0; a budget takes its administrative reserve off."""
    return max(0, limit.max_connections - reserved.slots)


def to_json(limit: Limit, reserved: Reserved) -> dict[str, Any]:
    """The limit in JSON's own types; `explanation` is the derivation, one step a line."""
    return {
        "max_connections": limit.max_connections,
        "low": limit.low,
        "high": limit.high,
        "basis": limit.basis.value,
        "reserved": reserved.slots,
        "usable": usable(limit, reserved),
        "explanation": "\n".join([*limit.steps, *([limit.assumption] if limit.assumption else [])]),
    }


def to_text(title: str, limit: Limit, reserved: Reserved, query: str | None) -> str:
    """The derivation step by step, down to what an application can open, and the `query` that knows better."""
    return "\n".join(_lines(title, limit, reserved, query)) + "\n"


def _lines(title: str, limit: Limit, reserved: Reserved, query: str | None) -> Iterator[str]:
    yield title
    for number, step in enumerate(limit.steps, 1):
        yield _wrapped(step, f"  {number}. ")
    band = "" if limit.low == limit.high else f", between {limit.low} and {limit.high}"
    known = "documented" if reserved.documented else "assumed"
    yield ""
    yield _term("  max_connections", limit.max_connections, f"{limit.basis.value}{band}", marked=bool(limit.assumption))
    yield _term(
        "− reserved by the engine", reserved.slots, f"{known}: {reserved.reason}", marked=not reserved.documented
    )
    yield _term("= usable", usable(limit, reserved), "by applications, migrations, psql and monitoring together")
    if limit.assumption:
        yield ""
        yield _wrapped(f"{limit.assumption}.", "  * ")
        if query is not None:
            yield _wrapped(f"`{query}` on the server always knows better.", "    ")


def _term(name: str, number: int, words: str, *, marked: bool = False) -> str:
    return _wrapped(words, f"  {name:<24}{number:>7}{'*' if marked else ' '} ")


def _wrapped(words: str, indent: str) -> str:
    return fill(
        words,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_long_words=False,
        break_on_hyphens=False,
    )


def row(instance_class: str, limit: Limit | Unknown, reserved: Reserved) -> str:
    """One class as a line below `HEADINGS`."""
    if isinstance(limit, Unknown):
        return f"{instance_class:<28}unknown: {limit.reason}"
    numbers = (limit.max_connections, limit.low, limit.high, limit.basis.value, reserved.slots, usable(limit, reserved))
    return columns(instance_class, *numbers)


def columns(first: str, *rest: object) -> str:
    """A line of the listing."""
    return f"{first:<28}" + "".join(f"{item:>12}" for item in rest)
