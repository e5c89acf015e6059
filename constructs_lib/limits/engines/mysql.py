"""RDS for MySQL."""

from constructs_lib.limits.engine import Default, Engine, Reserved
from constructs_lib.limits.unknown import Unknown

# "Quotas and constraints for Amazon RDS", Amazon RDS User Guide: the same for 5.7, 8.0 and 8.4.
FORMULA = "{DBInstanceClassMemory/12582880}"
LEAST, MOST = 1, 100000


def reserved(_version: str | Unknown | None) -> Reserved:
    """Count nothing: the one extra connection of MySQL is on top of max_connections."""
    return Reserved(
        slots=0,
        documented=True,
        reason="max_connections is all for applications (the extra one needs CONNECTION_ADMIN, which no RDS user has)",
    )


ENGINE = Engine(
    per_role="max_user_connections",
    query="SELECT @@max_connections",
    names=("mysql",),
    title="MySQL",
    port=3306,
    schemes=("mysql", "mysql2"),
    proxy_family="MYSQL",
    least=LEAST,
    most=MOST,
    default=lambda _: Default(formula=FORMULA),
    reserved=reserved,
)
