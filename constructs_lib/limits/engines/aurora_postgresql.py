"""Aurora PostgreSQL."""

from constructs_lib.limits.engine import Default, Engine, Reserved, Serverless
from constructs_lib.limits.engines import postgres
from constructs_lib.limits.formula import parse
from constructs_lib.limits.formula_value import evaluate
from constructs_lib.limits.serverless_memory import visible_bytes
from constructs_lib.limits.unknown import Unknown

# "Maximum connections to an Aurora PostgreSQL DB instance", Amazon Aurora User Guide: as on RDS for PostgreSQL.
FORMULA = postgres.FORMULA

# "Maximum connections for Aurora Serverless v2", Amazon Aurora User Guide, by maximum ACU.
_BY_MAXIMUM_ACU = {1: 189, 4: 823, 8: 1669, 16: 3360, 32: 5000, 64: 5000, 128: 5000, 192: 5000, 256: 5000}


def _between(acu_halves: int) -> int:
    return evaluate(parse(FORMULA), {"DBInstanceClassMemory": visible_bytes(acu_halves)})


def _reserved(_version: str | Unknown | None) -> Reserved:
    return Reserved(
        slots=9,
        documented=False,
        reason="superuser_reserved_connections 3 + rds.rds_reserved_connections 4 + 2 for rds_superuser, "
        "as on RDS for PostgreSQL (AWS does not say whether Aurora keeps the 4)",
    )


ENGINE = Engine(
    reserving=postgres.ENGINE.reserving,
    names=("aurora-postgresql",),
    title="Aurora PostgreSQL",
    port=postgres.ENGINE.port,
    schemes=postgres.ENGINE.schemes,
    proxy_family=postgres.ENGINE.proxy_family,
    numbers_of_a_major=postgres.ENGINE.numbers_of_a_major,
    least=postgres.LEAST,
    most=postgres.MOST,
    default=lambda _: Default(formula=FORMULA),
    serverless=Serverless(documented=_BY_MAXIMUM_ACU, between=_between, capped=2000),
    reserved=_reserved,
)
