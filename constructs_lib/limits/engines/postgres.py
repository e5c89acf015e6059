"""RDS for PostgreSQL."""

from constructs_lib.limits.engine import Default, Engine, Reserved
from constructs_lib.limits.unknown import Unknown
from constructs_lib.limits.version import major_minor

# "Quotas and constraints for Amazon RDS", Amazon RDS User Guide: the same for all majors.
FORMULA = "LEAST({DBInstanceClassMemory/9531392},5000)"
LEAST, MOST = 6, 262143

# The first minor of each major with rds.rds_reserved_connections (its default is 4); every minor of 18 has it.
_FIRST_WITH_RDS_RESERVED = {12: 21, 13: 17, 14: 14, 15: 9, 16: 5, 17: 1}
_FIRST_MAJOR_WITH_ALL = 18
_FIRST_WITH_RESERVED_CONNECTIONS = 16


def _reserved(version: str | Unknown | None) -> Reserved:
    """Count what an ordinary role cannot use; the master user may use the 2 for rds_superuser."""
    known = major_minor(version)
    if known is None:
        return Reserved(
            slots=9,
            documented=False,
            reason="superuser_reserved_connections 3 + rds.rds_reserved_connections 4 + 2 for rds_superuser, "
            "as on current minor versions (the version is not known)",
        )
    major, minor = known
    superuser = (
        "reserved_connections"
        if major >= _FIRST_WITH_RESERVED_CONNECTIONS
        else ("rds.rds_superuser_reserved_connections")
    )
    all_three = f"superuser_reserved_connections 3 + rds.rds_reserved_connections 4 + {superuser} 2"
    if major >= _FIRST_MAJOR_WITH_ALL:
        return Reserved(slots=9, documented=True, reason=all_three)
    first = _FIRST_WITH_RDS_RESERVED.get(major)
    if first is None:
        return Reserved(
            slots=9, documented=False, reason=f"{all_three}, the most of any version (PostgreSQL {major} is not listed)"
        )
    if minor is None:
        return Reserved(
            slots=9,
            documented=False,
            reason=f"{all_three}, as from PostgreSQL {major}.{first} (the minor version is not known)",
        )
    if minor >= first:
        return Reserved(slots=9, documented=True, reason=all_three)
    return Reserved(
        slots=5,
        documented=True,
        reason=f"superuser_reserved_connections 3 + {superuser} 2 "
        f"(rds.rds_reserved_connections came with PostgreSQL {major}.{first})",
    )


ENGINE = Engine(
    reserving=(
        ("superuser_reserved_connections", 3),
        ("rds.rds_reserved_connections", 4),
        ("reserved_connections", 2),
        ("rds.rds_superuser_reserved_connections", 2),
    ),
    names=("postgres",),
    title="PostgreSQL",
    port=5432,
    schemes=("postgres", "postgresql"),
    proxy_family="POSTGRESQL",
    numbers_of_a_major=1,
    least=LEAST,
    most=MOST,
    default=lambda _: Default(formula=FORMULA),
    reserved=_reserved,
)
