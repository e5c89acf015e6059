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
    above the integer in the parameter group gives way to it.
    """
    engine = engine_of(server.engine)
    if server.max_connections is not None:
        return _declared(server.max_connections, server, engine)
    if server.parameter_max_connections is not None:
        return _parameter_group(server.parameter_max_connections, server, engine)
    if server.looked_up_max_connections is not None:
        return stated_limit(server.looked_up_max_connections, server, engine, basis=Basis.LOOKED_UP)
    if isinstance(engine, Unknown):
        return engine
    return default_limit(server, engine)


def _declared(value: int | str | Unknown, server: Server, engine: Engine | Unknown) -> Limit | Unknown:
    declared = stated_limit(value, server, engine, basis=Basis.DECLARED)
    literal = literal_of(server.parameter_max_connections)
    if isinstance(declared, Unknown) or literal is None:
        return declared
    group = stated_limit(literal, server, engine, basis=Basis.PARAMETER_GROUP)
    if isinstance(group, Unknown):
        return group
    if group.max_connections < declared.max_connections:
        why = "the lower value counts: the server has that of its parameter group after its next reboot"
        return replace(group, steps=(*declared.steps, *group.steps, why))
    return replace(declared, high=min(declared.high, group.max_connections))


def _parameter_group(value: int | str | Unknown, server: Server, engine: Engine | Unknown) -> Limit | Unknown:
    limit = stated_limit(value, server, engine, basis=Basis.PARAMETER_GROUP)
    if isinstance(limit, Unknown) or isinstance(engine, Unknown) or not is_serverless(server):
        return limit
    return capped(limit, server, engine)
