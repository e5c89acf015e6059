"""Whether the server that the application found is the one that its budget was made for: asked once, at the start."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from constructs_lib.budget import variables as names
from constructs_lib.limits.reserved import RESERVING_SETTINGS, reserved_by
from constructs_lib.runtime.settings import Settings, read_settings
from constructs_lib.runtime.settings_error import SettingsError

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy.ext.asyncio import AsyncEngine

Consequence = Literal["raise", "log"]

_LOG = logging.getLogger("constructs_lib.runtime")
_POSTGRES = """
SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN :names
UNION ALL SELECT 'rolconnlimit', rolconnlimit::text FROM pg_catalog.pg_roles WHERE rolname = session_user
UNION ALL SELECT 'datconnlimit', datconnlimit::text FROM pg_catalog.pg_database WHERE datname = current_database()
"""
_MYSQL = "SHOW VARIABLES WHERE Variable_name IN ('max_connections', 'max_user_connections')"


class ServerCheckError(Exception):
    """The server accepts less than the budget counts on; the text has every difference in numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a server accepts from the application's role."""

    max_connections: int
    reserved: int
    role_limit: int | None
    """None for no limit of its own, as below."""
    database_limit: int | None

    @property
    def least(self) -> tuple[int, str]:
        """The tightest bound, and its arithmetic."""
        own = self.max_connections - self.reserved
        bounds = [(own, f"max_connections {self.max_connections} − {self.reserved} reserved = {own}")]
        if self.role_limit is not None:
            bounds.append((self.role_limit, f"the role's own limit {self.role_limit}"))
        if self.database_limit is not None:
            bounds.append((self.database_limit, f"the database's own limit {self.database_limit}"))
        return min(bounds)


def check_server(
    engine: "sqlalchemy.Engine",
    *,
    prefix: str = names.ENV_PREFIX,
    environ: Mapping[str, str] | None = None,
    consequence: Consequence = "raise",
) -> None:
    """Compare the budget in the environment with what the server accepts, over one connection of the engine's pool.

    Raises ServerCheckError where the server accepts less, or only logs a warning, with `consequence="log"`.
    """
    _allowed(consequence)
    if hasattr(engine, "sync_engine"):
        raise SettingsError(
            "check_server takes the engine of create_engine, got an AsyncEngine: await check_server_async(engine)"
        )
    with engine.connect() as connection:
        accepted = _ask(connection)
    _conclude(accepted, prefix, environ, consequence)


async def check_server_async(
    engine: "AsyncEngine",
    *,
    prefix: str = names.ENV_PREFIX,
    environ: Mapping[str, str] | None = None,
    consequence: Consequence = "raise",
) -> None:
    """Do as `check_server` does, for an engine of `create_async_engine`."""
    _allowed(consequence)
    async with engine.connect() as connection:
        accepted = await connection.run_sync(_ask)
    _conclude(accepted, prefix, environ, consequence)


def differences(settings: Settings, environ: Mapping[str, str], accepted: Accepted) -> list[str]:
    """Every way in which the server accepts less than the budget counts on."""
    found = []
    budgeted = _number(environ, names.RDS_MAX_CONNECTIONS)
    if budgeted is not None and accepted.max_connections < budgeted:
        found.append(
            f"the server accepts {accepted.max_connections} connections, and the budget was made for {budgeted}"
            f" ({names.RDS_MAX_CONNECTIONS})"
        )
    if settings.behind_pooler:
        return found  # the server's connections are the proxy's, which lends each to many
    least, reason = accepted.least
    for wanted, arithmetic in _wanted(settings, environ, budgeted):
        if wanted > least:
            found.append(f"{arithmetic} can be open, and this role can open {least} ({reason})")
            break  # the others follow from the largest
    return found


def _wanted(settings: Settings, environ: Mapping[str, str], budgeted: int | None) -> list[tuple[int, str]]:
    """What the application opens by its budget, all processes of all tasks first, then this one alone."""
    wanted = []
    reserve = _number(environ, names.ADMIN_RESERVE)
    pools = _number(environ, names.APP_INSTANCE_COUNT)
    if budgeted is not None and reserve is not None and pools is not None and settings.pooled:
        connections = min(pools * settings.ceiling, budgeted - reserve)
        size = f"({settings.pool_size} + {settings.max_overflow})"
        wanted.append((connections, f"{connections} connections of {pools} pools × {size}"))
    workers, concurrency = _number(environ, names.CELERY_WORKERS), _number(environ, names.CELERY_CONCURRENCY)
    if workers is not None and concurrency is not None and budgeted is None:
        wanted.append((workers * concurrency, f"{workers} workers × {concurrency} = {workers * concurrency}"))
    wanted.append(
        (settings.ceiling, f"{settings.pool_size} + {settings.max_overflow} = {settings.ceiling} in this process alone")
    )
    return wanted


def _ask(connection: "sqlalchemy.Connection") -> Accepted:
    from sqlalchemy import bindparam, text

    if connection.dialect.name == "postgresql":
        query = text(_POSTGRES).bindparams(bindparam("names", expanding=True))
        rows = connection.execute(query, {"names": ["max_connections", *RESERVING_SETTINGS]})
    elif connection.dialect.name in {"mysql", "mariadb"}:
        rows = connection.execute(text(_MYSQL))
    else:
        raise SettingsError(f"the check knows PostgreSQL and MySQL, got the dialect {connection.dialect.name!a}")
    said = {str(name).lower(): str(value) for name, value in rows}
    if "max_connections" not in said:
        raise ServerCheckError("the server does not say its max_connections")
    of_role = _limited(said.get("rolconnlimit")) if "rolconnlimit" in said else _own(said.get("max_user_connections"))
    return Accepted(
        max_connections=int(said["max_connections"]),
        reserved=sum(reserved_by(said).values()),
        role_limit=of_role,
        database_limit=_limited(said.get("datconnlimit")),
    )


def _limited(limit: str | None) -> int | None:
    """PostgreSQL's limit: a negative one stands for none."""
    return int(limit) if limit is not None and int(limit) >= 0 else None


def _own(limit: str | None) -> int | None:
    """MySQL's limit of the account, else of all: 0 stands for none."""
    return int(limit or 0) or None


def _allowed(consequence: str) -> None:
    """What is neither would pass a server that does not hold."""
    if consequence not in get_args(Consequence):
        raise SettingsError(f"consequence must be one of {', '.join(get_args(Consequence))}, got {consequence!a}")


def _conclude(accepted: Accepted, prefix: str, environ: Mapping[str, str] | None, consequence: Consequence) -> None:
    settings = read_settings(prefix, environ)
    # the numbers of the whole budget are written for one database of the task only
    whole = (os.environ if environ is None else environ) if prefix == names.ENV_PREFIX else {}
    found = differences(settings, whole, accepted)
    if not found:
        return
    message = f"the connection budget does not hold at this server: {'; '.join(found)}"
    if consequence == "raise":
        raise ServerCheckError(message)
    _LOG.warning(message)


def _number(environ: Mapping[str, str], name: str) -> int | None:
    """A number of the budget, where it wrote one."""
    value = environ.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= len("1000000") else None
