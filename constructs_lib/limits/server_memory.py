"""The memory of a server, from its class, its maximum ACU or its owner."""

from typing import NamedTuple

from constructs_lib.limits.instance_class import memory_bytes_of, normalized
from constructs_lib.limits.server import Server
from constructs_lib.limits.serverless import acu, is_serverless, maximum_halves, serverless_memory
from constructs_lib.limits.unknown import Unknown, quoted
from constructs_lib.limits.visible_memory import VisibleMemory, gibibytes, visible_memory

_LARGEST_BYTES = 2**50  # 1 PiB, far above every instance


class ServerMemory(NamedTuple):
    """What the database sees of a server's memory; `subject` names the server's size in a sentence."""

    visible: VisibleMemory
    subject: str
    steps: tuple[str, ...]


def server_memory(server: Server) -> ServerMemory | Unknown:
    """Find a server's nominal memory and bound what the database sees of it."""
    excess: tuple[str, ...] = ()
    if is_serverless(server):
        halves = maximum_halves(server)
        if isinstance(halves, Unknown):
            return halves
        visible, subject = serverless_memory(halves), f"a maximum of {acu(halves)} ACU"
    else:
        nominal = _nominal_bytes(server)
        if isinstance(nominal, Unknown):
            return nominal
        if server.memory_bytes is not None and nominal < server.memory_bytes:
            excess = (f"memory_bytes is {server.memory_bytes}, and of both the lower counts",)
        visible = visible_memory(nominal)
        named = isinstance(server.instance_class, str) and server.instance_class.strip()
        subject = normalized(named) if named else "the instance"
    if visible.low <= 0:
        return Unknown(f"{gibibytes(visible.high)} is less memory than any database server has")
    return ServerMemory(
        visible=visible, subject=subject, steps=(f"{subject} has {gibibytes(visible.high)}", *excess, visible.step)
    )


def _nominal_bytes(server: Server) -> int | Unknown:
    given = server.memory_bytes
    if given is not None:
        if not _is_size(given):
            return Unknown(f"memory_bytes must be an integer between 1 and {_LARGEST_BYTES}, got {quoted(given)}")
        known = memory_bytes_of(server.instance_class) if isinstance(server.instance_class, str) else given
        return given if isinstance(known, Unknown) else min(given, known)
    if server.instance_class is None:
        return Unknown("the instance class is not given; give it, or max_connections")
    if isinstance(server.instance_class, Unknown):
        return server.instance_class
    if not isinstance(server.instance_class, str):
        return Unknown(f"the instance class must be a name like db.r6g.large, got {quoted(server.instance_class)}")
    return memory_bytes_of(server.instance_class)


def _is_size(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and 0 < given <= _LARGEST_BYTES
