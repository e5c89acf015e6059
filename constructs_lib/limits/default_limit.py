"""What a server accepts when nobody set anything: the documented value, or the default formula on an estimate."""

from constructs_lib.limits.engine import Default, Engine, Fixed
from constructs_lib.limits.formula import parse
from constructs_lib.limits.formula_limit import evaluated
from constructs_lib.limits.instance_class import normalized
from constructs_lib.limits.limit import Basis, Limit
from constructs_lib.limits.server import Server
from constructs_lib.limits.serverless import is_serverless, serverless_limit
from constructs_lib.limits.unknown import Unknown


def default_limit(server: Server, engine: Engine) -> Limit | Unknown:
    """Say what the engine accepts by default on this server."""
    if isinstance(engine.default, Fixed):
        return _documented(engine.default.limit, engine.default.reason)
    if is_serverless(server):
        return serverless_limit(server, engine)
    if isinstance(server.instance_class, str) and engine.documented:
        name = normalized(server.instance_class)
        if name in engine.documented:
            value = engine.documented[name]
            return _documented(value, f"AWS documents {value} connections for {engine.title} on {name}")
    return estimated_limit(server, engine, engine.default(server.engine_version))


def _documented(value: int, step: str) -> Limit:
    return Limit(max_connections=value, low=value, high=value, basis=Basis.DOCUMENTED, steps=(step,), assumption=None)


def estimated_limit(server: Server, engine: Engine, default: Default) -> Limit | Unknown:
    """Evaluate the engine's default formula on an estimate of the memory that the database sees."""
    result = evaluated(parse(default.formula), default.formula, server)
    if isinstance(result, Unknown):
        return result
    low, high, steps = result.value.low, result.value.high, result.steps
    if default.highest is not None:
        upper = evaluated(parse(default.highest), default.highest, server)
        if isinstance(upper, Unknown):
            return upper
        high = max(high, upper.value.high)
    if low < 1:
        return Unknown(f"the default formula of {engine.title} leaves no connection: {steps[-1]}; give max_connections")
    if low > engine.most:
        steps += (f"{engine.title} accepts at most {engine.most}",)
    low, high = min(low, engine.most), min(high, engine.most)
    return Limit(
        max_connections=low,
        low=low,
        high=high,
        basis=Basis.ESTIMATED,
        steps=steps,
        assumption="; ".join(filter(None, (_assumption(engine, low, high, result.subject), default.assumption))),
    )


def _assumption(engine: Engine, low: int, high: int, subject: str | None) -> str:
    default = f"{engine.parameter} is assumed to be the default of {engine.title}"
    if low == high or subject is None:
        return f"{default}, {low} whatever the database sees of the memory"
    return f"{default}; {band(subject, low, high)}"


def band(subject: str, low: int, high: int) -> str:
    """Why an estimate lies between two values, and which of them counts."""
    return (
        f"AWS does not publish how much of the memory of {subject} the database sees: {low} on less than any server"
        f" was found to see, {high} on all of it, and the lower value counts"
    )
