"""RDS for Db2."""

from constructs_lib.limits.engine import Engine, Fixed, Reserved
from constructs_lib.limits.unknown import Unknown

# "Quotas and constraints for Amazon RDS", Amazon RDS User Guide: not settable.
_LIMIT = 64000


def _reserved(_version: str | Unknown | None) -> Reserved:
    return Reserved(slots=9, documented=False, reason="AWS documents none for Db2: 9 is the most of any engine")


ENGINE = Engine(
    names=("db2-ae", "db2-se"),
    title="Db2",
    port=50000,
    schemes=("db2", "ibm_db_sa"),
    query=None,
    least=1,
    most=_LIMIT,
    default=Fixed(limit=_LIMIT, reason=f"Db2 accepts {_LIMIT} connections, which cannot be set"),
    reserved=_reserved,
)
