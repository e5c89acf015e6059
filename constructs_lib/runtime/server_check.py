"""Whether the server that the application found is the one that its budget was made for: asked once, at the start."""

import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, get_args

from constructs_lib.budget import variables as names
from constructs_lib.limits.reserved import RESERVING_SETTINGS, reserved_by
from constructs_lib.runtime.accepted import Accepted, differences
from constructs_lib.runtime.given_engine import require_async_engine, require_engine
from constructs_lib.runtime.settings import read_settings
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


def check_server(
    engine: "sqlalchemy.Engine",
    *,
    prefix: str = names.ENV_PREFIX,
    environ: Mapping[str, str] | None = None,
    consequence: Consequence = "raise",
) -> None:
    """Compare the budget in the environment with what the server accepts, over one connection, which is closed.

    Raises ServerCheckError where the server accepts less, and the driver's error where it cannot be asked; with
    `consequence="log"`, both are warnings in the log.
    """
    _allowed(consequence)
    require_engine(engine, "check_server")
    accepted: Accepted | None = None
    try:
        with engine.connect() as connection:
            connection.detach()
            accepted = _ask(connection)
    except SettingsError:
        raise
    except Exception as error:  # noqa: BLE001 - each driver has its own
        _failed(error, consequence)
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
    require_async_engine(engine, "check_server_async")
    accepted: Accepted | None = None
    try:
        async with engine.connect() as connection:
            await connection.run_sync(lambda it: it.detach())
            accepted = await connection.run_sync(_ask)
    except SettingsError:
        raise
    except Exception as error:  # noqa: BLE001 - each driver has its own
        _failed(error, consequence)
    _conclude(accepted, prefix, environ, consequence)


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


def _failed(error: Exception, consequence: Consequence) -> None:
    """Raise again, or log: by its kind alone, for a driver's text may hold a part of the URL."""
    if consequence == "raise":
        raise error
    _LOG.warning("the connection budget could not be compared with the server: %s", type(error).__name__)


def _conclude(
    accepted: Accepted | None, prefix: str, environ: Mapping[str, str] | None, consequence: Consequence
) -> None:
    settings = read_settings(prefix, environ)
    if accepted is None:
        return
    whole = os.environ if environ is None else environ
    if prefix != names.ENV_PREFIX:  # the numbers of the whole budget are written for one database of the task only
        whole = {}
        _LOG.warning("with the prefix %s, only this process's own pool is compared with the server", prefix)
    found = differences(settings, whole, accepted)
    if not found:
        return
    message = f"the connection budget does not hold at this server: {'; '.join(found)}"
    if consequence == "raise":
        raise ServerCheckError(message)
    _LOG.warning(message)
