"""The connections that a server keeps from an application's role."""

from collections.abc import Mapping

from constructs_lib.limits.engine import Reserved
from constructs_lib.limits.engines import engine_of, postgres
from constructs_lib.limits.unknown import Unknown

__all__ = ["RESERVING_SETTINGS", "Reserved", "reserved_by", "reserved_slots"]

RESERVING_SETTINGS = tuple(name for name, _ in postgres.ENGINE.reserving)
"""PostgreSQL's settings whose slots an ordinary role cannot use, of all versions; each version has some of them."""


def reserved_slots(*, engine: str | Unknown | None, engine_version: str | Unknown | None) -> Reserved:
    """Count the connections inside max_connections that an ordinary role cannot use: where not known, the most."""
    known = engine_of(engine)
    if isinstance(known, Unknown):
        return Reserved(slots=9, documented=False, reason=f"the most that any engine reserves ({known.reason})")
    return known.reserved(engine_version)


def reserved_by(settings: Mapping[str, str]) -> Mapping[str, int]:
    """The slots that each of a PostgreSQL server's own settings keeps from an ordinary role: their sum is out of reach.

    `rds.rds_superuser_reserved_connections` became `reserved_connections` with PostgreSQL 16: no server has both.
    """
    return {name: int(settings[name]) for name in RESERVING_SETTINGS if name in settings}
