"""RDS for MariaDB."""

from constructs_lib.limits.engine import Default, Engine
from constructs_lib.limits.engines import mysql
from constructs_lib.limits.unknown import Unknown
from constructs_lib.limits.version import major_minor

# "Quotas and constraints for Amazon RDS", Amazon RDS User Guide. The default halved with 10.5.
FORMULA = "LEAST({DBInstanceClassMemory/25165760},12000)"
_HALVED = (10, 5)
_LAST_LIKE_MYSQL = (10, 4)


def _default(version: str | Unknown | None) -> Default:
    known = major_minor(version)
    if known is not None:
        major, minor = known
        if (major, minor) == _LAST_LIKE_MYSQL:
            return Default(formula=mysql.FORMULA)
        if major > _HALVED[0] or (minor is not None and (major, minor) >= _HALVED):
            return Default(formula=FORMULA)
    return Default(
        formula=FORMULA,
        highest=mysql.FORMULA,
        assumption="the default of MariaDB 10.5 and later is taken: the lower one, where the version decides nothing",
    )


ENGINE = Engine(
    per_role="max_user_connections",
    query="SELECT @@max_connections",
    names=("mariadb",),
    title="MariaDB",
    port=mysql.ENGINE.port,
    schemes=("mariadb",),
    proxy_family=mysql.ENGINE.proxy_family,
    least=mysql.LEAST,
    most=mysql.MOST,
    default=_default,
    reserved=mysql.reserved,
)
