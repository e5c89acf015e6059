"""RDS for SQL Server: `user connections`, not max_connections."""

from constructs_lib.limits.engine import Engine, Fixed, Reserved
from constructs_lib.limits.unknown import Unknown

# "Quotas and constraints for Amazon RDS", Amazon RDS User Guide: 0 is the default, and no limit but the product's.
_PRODUCT_MAXIMUM = 32767


def _reserved(_version: str | Unknown | None) -> Reserved:
    return Reserved(slots=9, documented=False, reason="AWS documents none for SQL Server: 9 is the most of any engine")


ENGINE = Engine(
    names=("sqlserver-ee", "sqlserver-se", "sqlserver-ex", "sqlserver-web", "custom-sqlserver-"),
    title="SQL Server",
    port=1433,
    schemes=("sqlserver", "mssql"),
    proxy_family="SQLSERVER",
    parameter="user connections",
    query="SELECT @@MAX_CONNECTIONS",
    least=1,
    most=_PRODUCT_MAXIMUM,
    unlimited=_PRODUCT_MAXIMUM,
    default=Fixed(
        limit=_PRODUCT_MAXIMUM,
        reason=f"user connections is 0 by default, no limit but SQL Server's own: {_PRODUCT_MAXIMUM}",
    ),
    reserved=_reserved,
    proxy_percent=10,
)
