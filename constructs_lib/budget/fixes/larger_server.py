"""What would let a server accept more, in words, where no number of it alone is a way out."""

from collections.abc import Iterator
from dataclasses import replace

from constructs_lib.budget.tally import DatabaseTally
from constructs_lib.limits import Basis, Limit, Server, current_classes, family_classes, limit_of

LARGER_CLASS = "use a larger instance class"
DECLARED_ANEW = f"{LARGER_CLASS} and declare what it accepts"
MORE_ACU = "raise the maximum capacity (max_acu)"
GROUP = "raise max_connections in the parameter group, as far as the memory allows"
_MOST_ACU = "256"


def larger_server(sums: DatabaseTally) -> str:
    """What helps depends on what decides the limit: no larger class helps where the parameter group has a number."""
    capacity, database = sums.capacity, sums.server
    limit = capacity.limit
    if not isinstance(limit, Limit):
        return "give a max_connections that is known"
    if capacity.per_role is not None and capacity.usable == capacity.per_role:
        return f"raise the {capacity.per_role_reason}"
    if database.serverless and _accepts(replace(database.server, max_acu=_MOST_ACU)) > limit.max_connections:
        return MORE_ACU
    if any(_accepts(server) > limit.max_connections for server in _larger(sums)):
        return LARGER_CLASS
    return DECLARED_ANEW if limit.basis is Basis.DECLARED else GROUP


def _larger(sums: DatabaseTally) -> Iterator[Server]:
    """The server of each other class, the largest first, without what was said or looked up of the present one."""
    database = sums.server
    if database.serverless or not isinstance(database.instance_class, str):
        return
    engine = database.engine if isinstance(database.engine, str) else None
    plain = replace(database, facts=None, memory_bytes=None)
    for classes in (family_classes, current_classes):
        for name in reversed(classes(database.instance_class, engine=engine)):
            yield replace(plain, instance_class=name).server


def _accepts(server: Server) -> int:
    limit = limit_of(server)
    return limit.max_connections if isinstance(limit, Limit) else 0
