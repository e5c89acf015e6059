"""What a server accepts when somebody set it: an integer or a parameter formula."""

from constructs_lib.limits.default_limit import band
from constructs_lib.limits.engine import Engine
from constructs_lib.limits.engines import ENGINES
from constructs_lib.limits.formula import FormulaError, Integer, parse
from constructs_lib.limits.formula_limit import evaluated
from constructs_lib.limits.limit import Basis, Limit
from constructs_lib.limits.server import Server
from constructs_lib.limits.unknown import Unknown, quoted

# Where the engine is not known: what at least one engine accepts.
_MOST = max(engine.most for engine in ENGINES)

_SAYS = {
    Basis.DECLARED: "{parameter} is declared",
    Basis.PARAMETER_GROUP: "the parameter group sets {parameter}",
    Basis.LOOKED_UP: "{parameter} was looked up",
}


def stated_limit(
    value: int | str | Unknown, server: Server, engine: Engine | Unknown, *, basis: Basis
) -> Limit | Unknown:
    """Read a value that was set, and check it against what the engine accepts."""
    if isinstance(value, Unknown):
        return value
    says = _SAYS[basis].format(parameter="max_connections" if isinstance(engine, Unknown) else engine.parameter)
    literal = literal_of(value)
    if literal is not None:
        return _exact(literal, engine, basis, says)
    if not isinstance(value, str):
        return Unknown(f"{says}, but as {quoted(value)}: neither an integer nor a parameter formula")
    return _computed(value, server, engine, basis, says)


def literal_of(value: object) -> int | None:
    """Read a value that is an integer, written as one or as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            formula = parse(value)
        except FormulaError:
            return None
        return formula.value if isinstance(formula, Integer) else None
    return None


def _exact(literal: int, engine: Engine | Unknown, basis: Basis, says: str) -> Limit | Unknown:
    value = _meant(literal, engine)
    if refused := _refused(value, engine, says):
        return refused
    steps = [f"{says}: {literal}"]
    if value != literal:
        steps.append(f"{literal} stands for no limit but the engine's own, {value}")
    return Limit(max_connections=value, low=value, high=value, basis=basis, steps=tuple(steps), assumption=None)


def _computed(text: str, server: Server, engine: Engine | Unknown, basis: Basis, says: str) -> Limit | Unknown:
    try:
        formula = parse(text)
    except FormulaError as error:
        return Unknown(f"{says}, but {quoted(text)} is no parameter formula: {error}")
    result = evaluated(formula, text, server)
    if isinstance(result, Unknown):
        return Unknown(f"{says} to a formula, but {result.reason}")
    low, high = (_meant(end, engine) for end in (result.value.low, result.value.high))
    if refused := _refused(low, engine, says):
        return refused
    high = min(high, _range(engine)[1])
    return Limit(
        max_connections=low,
        low=low,
        high=high,
        basis=basis,
        steps=(f"{says} to a formula", *result.steps),
        assumption=_assumption(result.subject, low, high),
    )


def _assumption(subject: str | None, low: int, high: int) -> str | None:
    if subject is None:
        return None
    return f"the formula is evaluated on an estimate; {band(subject, low, high)}"


def _meant(value: int, engine: Engine | Unknown) -> int:
    if value == 0 and not isinstance(engine, Unknown) and engine.unlimited is not None:
        return engine.unlimited
    return value


def _range(engine: Engine | Unknown) -> tuple[int, int]:
    return (1, _MOST) if isinstance(engine, Unknown) else (engine.least, engine.most)


def _refused(value: int, engine: Engine | Unknown, says: str) -> Unknown | None:
    least, most = _range(engine)
    if least <= value <= most:
        return None
    title = "any engine" if isinstance(engine, Unknown) else engine.title
    return Unknown(f"{says}, but {quoted(value)} is outside what {title} accepts, {least} to {most}")
