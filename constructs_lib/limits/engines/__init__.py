"""The engines: a module each, and a line each in the registry below."""

from constructs_lib.limits.engine import Engine
from constructs_lib.limits.engines import (
    aurora_mysql,
    aurora_postgresql,
    db2,
    mariadb,
    mysql,
    oracle,
    postgres,
    sqlserver,
)
from constructs_lib.limits.nearest import nearest
from constructs_lib.limits.unknown import Unknown, quoted

ENGINES: tuple[Engine, ...] = (
    postgres.ENGINE,
    mysql.ENGINE,
    mariadb.ENGINE,
    aurora_postgresql.ENGINE,
    aurora_mysql.ENGINE,
    oracle.ENGINE,
    sqlserver.ENGINE,
    db2.ENGINE,
)


def engine_of(name: str | Unknown | None) -> Engine | Unknown:
    """Find an engine by the name that RDS gives it, in any case: 'postgres', 'aurora-mysql', 'oracle-se2'."""
    if name is None:
        return Unknown("the engine is not given")
    if isinstance(name, Unknown):
        return name
    if not isinstance(name, str):
        return Unknown(f"the engine must be a name like 'postgres', got {quoted(name)}")
    wanted = name.strip().lower()
    for engine in ENGINES:
        if any(wanted == known or (known.endswith("-") and wanted.startswith(known)) for known in engine.names):
            return engine
    alike = nearest(wanted, [known for engine in ENGINES for known in engine.names], at_most=1)
    hint = (
        f"the nearest known engine is '{alike[0]}{'…' * alike[0].endswith('-')}'"
        if alike
        else "engines are named like 'postgres'"
    )
    return Unknown(f"engine {quoted(name)} is not known here: {hint}; give max_connections")


def engine_behind(family: str) -> Engine | None:
    """An engine that an RDS Proxy of an EngineFamily stands in front of; all of one family have the same port."""
    return next((engine for engine in ENGINES if engine.proxy_family == family.upper()), None)


def limit_query(name: str | Unknown | None) -> str | None:
    """What a client asks a server of this engine to learn its limit; None where there is nothing to ask."""
    engine = engine_of(name)
    return None if isinstance(engine, Unknown) else engine.query
