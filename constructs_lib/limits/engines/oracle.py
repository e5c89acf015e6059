"""RDS for Oracle: `processes`, not max_connections."""

from constructs_lib.limits.engine import Default, Engine, Reserved
from constructs_lib.limits.unknown import Unknown

# "Quotas and constraints for Amazon RDS", Amazon RDS User Guide.
FORMULA = "LEAST({DBInstanceClassMemory/9868951},20000)"


def _reserved(_version: str | Unknown | None) -> Reserved:
    return Reserved(
        slots=9,
        documented=False,
        reason="AWS documents none for Oracle, whose background processes count as well: 9 is the most of any engine",
    )


ENGINE = Engine(
    names=("oracle-ee", "oracle-ee-cdb", "oracle-se2", "oracle-se2-cdb", "custom-oracle-"),
    title="Oracle",
    port=1521,
    schemes=("oracle",),
    parameter="processes",
    query="SELECT value FROM v$parameter WHERE name = 'processes'",
    least=80,
    most=20000,
    default=lambda _: Default(formula=FORMULA),
    reserved=_reserved,
)
