"""What is known of one database server."""

from dataclasses import dataclass

from constructs_lib.limits.unknown import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One database server, as far as a template, a document or its owner describes it.

    `None` is "not given", `Unknown` is "given, but not readable here". `max_connections` and
    `parameter_max_connections` are an integer or an RDS parameter formula; `pending_max_connections` is one that the
    live parameter group has and the server will have after its next reboot. `memory_bytes` replaces the nominal memory
    of the class, for a class that this release does not know.
    """

    engine: str | Unknown | None = None
    engine_version: str | Unknown | None = None
    instance_class: str | Unknown | None = None
    max_connections: int | str | Unknown | None = None
    parameter_max_connections: int | str | Unknown | None = None
    looked_up_max_connections: int | None = None
    pending_max_connections: str | None = None
    min_acu: str | float | Unknown | None = None
    max_acu: str | float | Unknown | None = None
    memory_bytes: int | None = None
