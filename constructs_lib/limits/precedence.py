"""Which of the things known about a server decides its limit."""

from dataclasses import replace

from constructs_lib.limits.default_limit import default_limit
from constructs_lib.limits.engine import Engine
from constructs_lib.limits.engines import engine_of
from constructs_lib.limits.limit import Basis, Limit
from constructs_lib.limits.server import Server
from constructs_lib.limits.serverless import capped, is_serverless
from constructs_lib.limits.stated_limit import literal_of, stated_limit
from constructs_lib.limits.unknown import Unknown


def limit_of(server: Server) -> Limit | Unknown:
    """Say what a server accepts, from the best of what is known of it.

    Best first: what its owner declares, what its parameter group sets, what was looked up, what AWS documents for its
    class, what its engine's default formula gives on a conservative estimate of its memory. A declared value that is
    above the integer in the parameter group gives way to it, and so does one that a reboot will lower.
    """
    engine = engine_of(server.engine)
    if server.max_connections is not None:
        return _declared(server.max_connections, server, engine)
    if server.parameter_max_connections is not None:
        return _parameter_group(server.parameter_max_connections, server, engine)
    if server.looked_up_max_connections is not None:
        return _looked_up(server.looked_up_max_connections, server, engine)
    if isinstance(engine, Unknown):
        return engine
    return default_limit(server, engine)


def _declared(value: int | str | Unknown, server: Server, engine: Engine | Unknown) -> Limit | Unknown:
    declared = stated_limit(value, server, engine, basis=Basis.DECLARED)
    if literal_of(value) is None:  # a number is what the server said, a formula is computed as that of a group
        declared = _capped(declared, server, engine)
    literal = literal_of(server.parameter_max_connections)
    if literal is not None:
        declared = _rebooted(declared, stated_limit(literal, server, engine, basis=Basis.PARAMETER_GROUP))
    return _until_reboot(declared, server, engine)


def _looked_up(value: int, server: Server, engine: Engine | Unknown) -> Limit | Unknown:
    return _until_reboot(stated_limit(value, server, engine, basis=Basis.LOOKED_UP), server, engine)


def _until_reboot(limit: Limit | Unknown, server: Server, engine: Engine | Unknown) -> Limit | Unknown:
    """The limit now, or what the live parameter group waits to set, whichever is lower."""
    if server.pending_max_connections is None:
        return limit
    return _rebooted(limit, _parameter_group(server.pending_max_connections, server, engine))


def _rebooted(now: Limit | Unknown, group: Limit | Unknown) -> Limit | Unknown:
    if isinstance(now, Unknown) or isinstance(group, Unknown):
        return now if isinstance(now, Unknown) else group
    if group.max_connections < now.max_connections:
        why = "the lower value counts: the server has that of its parameter group after its next reboot"
        return replace(group, steps=(*now.steps, *group.steps, why))
    return replace(now, high=min(now.high, group.max_connections))


def _parameter_group(value: int | str | Unknown, server: Server, engine: Engine | Unknown) -> Limit | Unknown:
    return _capped(stated_limit(value, server, engine, basis=Basis.PARAMETER_GROUP), server, engine)


def _capped(limit: Limit | Unknown, server: Server, engine: Engine | Unknown) -> Limit | Unknown:
    if isinstance(limit, Unknown) or isinstance(engine, Unknown) or not is_serverless(server):
        return limit
    return capped(limit, server, engine)
