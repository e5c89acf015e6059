"""What Aurora Serverless v2 accepts: the maximum ACU decides, and the value is held while the capacity moves.

The facts are those of "Performance and scaling for Aurora Serverless v2" in the Amazon Aurora User Guide.
"""

import re
from dataclasses import replace

from constructs_lib.limits.engine import Engine, Serverless
from constructs_lib.limits.instance_class import SERVERLESS
from constructs_lib.limits.limit import Basis, Limit
from constructs_lib.limits.server import Server
from constructs_lib.limits.serverless_memory import nominal_bytes, visible_bytes
from constructs_lib.limits.unknown import Unknown, quoted
from constructs_lib.limits.visible_memory import VisibleMemory, visible_memory

SMALLEST_MAXIMUM_ACU, LARGEST_ACU = 1, 256
_LOW_MINIMUM_HALVES = 1  # 0.5 ACU
_ACU = re.compile(r"([0-9]{1,4})(?:\.([05])0*)?")


def is_serverless(server: Server) -> bool:
    """Tell whether the server is sized by ACU."""
    if isinstance(server.instance_class, str):
        return server.instance_class.strip().lower() == SERVERLESS
    return server.instance_class is None and server.max_acu is not None and server.memory_bytes is None


def serverless_limit(server: Server, engine: Engine) -> Limit | Unknown:
    """Bound the default max_connections by the maximum ACU, and by the minimum where that caps it."""
    if engine.serverless is None:
        return Unknown(f"{SERVERLESS} is for Aurora, not for {engine.title}; give max_connections")
    halves = maximum_halves(server)
    if isinstance(halves, Unknown):
        return halves
    limit = _uncapped(halves, engine, engine.serverless)
    return capped(limit, server, engine)


def maximum_halves(server: Server) -> int | Unknown:
    """Read the maximum ACU, in halves."""
    if server.max_acu is None:
        return Unknown("the maximum ACU is not given, and it decides what Serverless v2 accepts; give max_acu")
    if isinstance(server.max_acu, Unknown):
        return server.max_acu
    halves = halves_of(server.max_acu)
    if halves is None or not 2 * SMALLEST_MAXIMUM_ACU <= halves <= 2 * LARGEST_ACU:
        return Unknown(
            f"max_acu must be between {SMALLEST_MAXIMUM_ACU} and {LARGEST_ACU} in steps of 0.5, "
            f"got {quoted(server.max_acu)}"
        )
    return halves


def serverless_memory(halves: int) -> VisibleMemory:
    """Bound what the database sees of the memory at the maximum ACU."""
    nominal = nominal_bytes(halves)
    derived = visible_bytes(halves)
    provisioned = visible_memory(nominal)
    if provisioned.low <= derived:
        return provisioned
    step = f"0.9383 × {nominal} − 200 MiB = {derived} bytes is assumed visible to the database"
    return VisibleMemory(low=derived, high=nominal, step=step)


def capped(limit: Limit, server: Server, engine: Engine) -> Limit | Unknown:
    """Apply the cap of a minimum of 0 or 0.5 ACU; where the minimum is not known, the cap may hold."""
    minimum = _minimum_halves(server)
    if isinstance(minimum, Unknown):
        return minimum
    cap = engine.serverless.capped if engine.serverless else None
    if cap is None or limit.high <= cap or (minimum is not None and minimum > _LOW_MINIMUM_HALVES):
        return limit
    low = min(limit.low, cap)
    if minimum is not None:
        step = f"a minimum of {acu(minimum)} ACU caps it at {cap}"
        return replace(limit, max_connections=low, low=low, high=cap, steps=(*limit.steps, step))
    assumption = f"the minimum ACU is not known, and 0 or 0.5 would cap max_connections at {cap}"
    return replace(
        limit,
        max_connections=low,
        low=low,
        basis=Basis.ESTIMATED if limit.basis is Basis.DOCUMENTED else limit.basis,
        steps=(*limit.steps, f"a minimum of 0 or 0.5 ACU would cap it at {cap}"),
        assumption=f"{limit.assumption}; {assumption}" if limit.assumption else assumption,
    )


def _uncapped(halves: int, engine: Engine, serverless: Serverless) -> Limit:
    rows = serverless.documented
    below = max(row for row in rows if 2 * row <= halves)
    above = min(row for row in rows if 2 * row >= halves)
    low, high = rows[below], rows[above]
    shown = acu(halves)
    if low == high:
        where = f"{shown} ACU" if below == above else f"{shown} ACU, as for {below} and {above} ACU"
        step = f"AWS documents {low} connections for {engine.title} at a maximum of {where}"
        return Limit(max_connections=low, low=low, high=high, basis=Basis.DOCUMENTED, steps=(step,), assumption=None)
    steps = [f"AWS documents {low} connections for {engine.title} at a maximum of {below} ACU, {high} at {above} ACU"]
    if serverless.between is not None:
        low = min(max(low, serverless.between(halves)), high)
        steps.append(f"{shown} ACU on the line through the documented values is {low}")
    else:
        steps.append(f"{shown} ACU lies between: the lower value counts")
    return Limit(
        max_connections=low,
        low=low,
        high=high,
        basis=Basis.ESTIMATED,
        steps=tuple(steps),
        assumption=f"AWS does not document what {engine.title} accepts at a maximum of {shown} ACU: "
        f"between {rows[below]} and {rows[above]}, {low} is assumed",
    )


def _minimum_halves(server: Server) -> int | Unknown | None:
    if server.min_acu is None or isinstance(server.min_acu, Unknown):
        return None
    halves = halves_of(server.min_acu)
    if halves is None or halves > 2 * LARGEST_ACU:
        return Unknown(f"min_acu must be between 0 and {LARGEST_ACU} in steps of 0.5, got {quoted(server.min_acu)}")
    maximum = maximum_halves(server)
    if isinstance(maximum, int) and halves > maximum:
        return Unknown(f"min_acu {acu(halves)} is above max_acu {acu(maximum)}")
    return halves


def halves_of(given: object) -> int | None:
    """Read an ACU exactly, in halves: nothing where it is not a multiple of 0.5."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return None
    match = _ACU.fullmatch(given.strip() if isinstance(given, str) else quoted(given))
    return match and 2 * int(match[1]) + (match[2] == "5")


def acu(halves: int) -> str:
    """Word a capacity given in halves."""
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)
