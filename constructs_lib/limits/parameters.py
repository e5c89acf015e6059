"""The parameters of a parameter group that decide how many connections an application may open."""

from collections.abc import Mapping
from dataclasses import dataclass

from constructs_lib.limits.engines import engine_of
from constructs_lib.limits.unknown import Unknown, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterFacts:
    """What a parameter group sets; None where it leaves the engine's default."""

    max_connections: int | str | Unknown | None = None
    reserve: int | Unknown | None = None
    """Slots kept back on top of those that the engine's documentation counts."""
    per_role: int | Unknown | None = None
    """The most connections of one role."""


def parameter_facts(parameters: Mapping[str, object], engine: str | Unknown | None) -> ParameterFacts:
    """Read the parameters by the names that an engine has for them; an unknown engine's is max_connections."""
    known = engine_of(engine)
    if isinstance(known, Unknown):
        return ParameterFacts(max_connections=_text(parameters, "max_connections"))
    per_role = _count(parameters, known.per_role) if known.per_role else None
    return ParameterFacts(
        max_connections=_text(parameters, known.parameter),
        reserve=_reserve(parameters, known.reserving),
        per_role=None if per_role == 0 else per_role,
    )


def _reserve(parameters: Mapping[str, object], reserving: tuple[tuple[str, int], ...]) -> int | Unknown | None:
    """What the parameters keep back beyond their defaults; one below its default is not counted on."""
    more = 0
    for name, default in reserving:
        value = _count(parameters, name)
        if isinstance(value, Unknown):
            return value
        more += max(0, value - default) if value is not None else 0
    return more or None


def _text(parameters: Mapping[str, object], name: str) -> int | str | Unknown | None:
    value = parameters.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value
    return Unknown(f"{name} of the parameter group is {quoted(value)}, which is only known when it is deployed")


def _count(parameters: Mapping[str, object], name: str) -> int | Unknown | None:
    value = _text(parameters, name)
    if value is None or isinstance(value, Unknown):
        return value
    count = value.strip() if isinstance(value, str) else quoted(value)  # as a number it may be negative as well
    if not (count.isascii() and count.isdigit() and len(count) <= 9):  # noqa: PLR2004 - enough for any count
        return Unknown(f"{name} of the parameter group is {quoted(value)}, and only a whole number is understood")
    return int(count)
