"""The connections that a server keeps from an application's role."""

from constructs_lib.limits.engine import Reserved
from constructs_lib.limits.engines import engine_of
from constructs_lib.limits.unknown import Unknown

__all__ = ["Reserved", "reserved_slots"]


def reserved_slots(*, engine: str | Unknown | None, engine_version: str | Unknown | None) -> Reserved:
    """Count the connections inside max_connections that an ordinary role cannot use: where not known, the most."""
    known = engine_of(engine)
    if isinstance(known, Unknown):
        return Reserved(slots=9, documented=False, reason=f"the most that any engine reserves ({known.reason})")
    return known.reserved(engine_version)
