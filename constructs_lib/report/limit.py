"""A server's limit in words."""

from typing import Any

from constructs_lib.limits import Limit, Reserved, Unknown

HEADINGS = ("CLASS", "LIMIT", "LOW", "HIGH", "BASIS", "RESERVED", "USABLE")


def usable(limit: Limit, reserved: Reserved) -> int:
    """What an application's role can open: at least 0."""
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


def to_text(title: str, limit: Limit, reserved: Reserved) -> str:
    """The derivation step by step, down to what an application can open."""
    steps = [f"  {number}. {step}" for number, step in enumerate(limit.steps, 1)]
    band = "" if limit.low == limit.high else f", between {limit.low} and {limit.high}"
    known = "documented" if reserved.documented else "assumed"
    lines = [
        title,
        *steps,
        "",
        f"  max_connections         {limit.max_connections:>7}  {limit.basis.value}{band}",
        f"  − reserved by the engine{reserved.slots:>7}  {known}: {reserved.reason}",
        f"  = usable                {usable(limit, reserved):>7}",
    ]
    if limit.assumption:
        lines += ["", f"  Assumed: {limit.assumption}.", "  `SHOW max_connections` on the server always knows better."]
    return "\n".join(lines) + "\n"


def row(instance_class: str, limit: Limit | Unknown, reserved: Reserved) -> str:
    """One class as a line below `HEADINGS`."""
    if isinstance(limit, Unknown):
        return f"{instance_class:<28}unknown: {limit.reason}"
    numbers = (limit.max_connections, limit.low, limit.high, limit.basis.value, reserved.slots, usable(limit, reserved))
    return columns(instance_class, *numbers)


def columns(first: str, *rest: object) -> str:
    """A line of the listing."""
    return f"{first:<28}" + "".join(f"{item:>12}" for item in rest)
