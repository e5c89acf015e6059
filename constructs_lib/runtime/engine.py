"""SQLAlchemy engines whose pools are the budget's.

What the functions need is imported when they are called: to import them must not keep an application waiting.
"""

from __future__ import annotations

from constructs_lib.budget.variables import ENV_PREFIX, NULL_POOL, POOL_CLASS

TYPE_CHECKING = False  # a checker takes it for true; typing would take longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import sqlalchemy
    from sqlalchemy.ext.asyncio import AsyncEngine

_POOL = ("pool", "poolclass", "pool_size", "max_overflow", "pool_timeout", "pool_recycle", "pool_pre_ping")


def engine_options(
    prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None, driver: str | None = None
) -> dict[str, Any]:
    """The keyword arguments that SQLAlchemy's `create_engine` and `create_async_engine` take from the budget.

    What depends on the driver (the application's name, the time limit of a statement, what a proxy or pooler needs, IAM
    tokens) is added by a plugin of SQLAlchemy's, when the engine is made and its URL names the driver. To see those
    `connect_args` before, give `driver`: `psycopg`, `psycopg2`, `asyncpg`, `pymysql`, `aiomysql`, or the beginning of a
    URL with one of them. Raises SettingsError.
    """
    from constructs_lib.runtime.drivers import driver_of
    from constructs_lib.runtime.engine_plugin import NAME, register
    from constructs_lib.runtime.pool_options import pool_options
    from constructs_lib.runtime.settings import read_settings

    settings = read_settings(prefix, environ)
    arguments = {} if driver is None else {"connect_args": driver_of(driver).connect_args(settings)}
    register()
    return {**pool_options(settings), **arguments, "plugins": [NAME], NAME: settings}


def create_engine(
    url: str | sqlalchemy.URL, *, prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None, **options: Any
) -> sqlalchemy.Engine:
    """SQLAlchemy's `create_engine` with the budget's pool, and fresh IAM tokens where the budget says so.

    A URL that only names a driver, such as `postgresql+psycopg://`, is completed from the variables HOST, PORT, NAME,
    USER and PASSWORD behind the prefix. `options` are SQLAlchemy's own, except for those of the pool, which are the
    budget's. Raises SettingsError.
    """
    import sqlalchemy

    from constructs_lib.runtime.address import address
    from constructs_lib.runtime.settings_error import SettingsError

    budgeted = _with_budget(prefix, environ, options)
    read = address(url, prefix, environ)
    if read.get_dialect().is_async:
        raise SettingsError(
            f"create_engine takes a driver for threads, got {read.get_dialect().driver}: use create_async_engine, or"
            " change the URL's beginning, such as to postgresql+psycopg://"
        )
    return sqlalchemy.create_engine(read, **budgeted)


def create_async_engine(
    url: str | sqlalchemy.URL, *, prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None, **options: Any
) -> AsyncEngine:
    """SQLAlchemy's `create_async_engine`, as `create_engine` above."""
    from sqlalchemy.ext.asyncio import create_async_engine

    from constructs_lib.runtime.address import address
    from constructs_lib.runtime.settings_error import SettingsError

    budgeted = _with_budget(prefix, environ, options)
    read = address(url, prefix, environ)
    dialect = read.get_dialect()
    if not dialect.get_async_dialect_cls(read).is_async:
        raise SettingsError(
            f"create_async_engine takes an asynchronous driver, got {dialect.driver}: use create_engine, or change the"
            " URL's beginning, such as to postgresql+asyncpg://"
        )
    return create_async_engine(read, **budgeted)


def _with_budget(prefix: str, environ: Mapping[str, str] | None, given: dict[str, Any]) -> dict[str, Any]:
    """The options given together with the budget's."""
    from constructs_lib.runtime.settings_error import SettingsError

    own = [key for key in _POOL if key in given]
    if own:
        raise SettingsError(
            f"{', '.join(own)} cannot be given beside the budget, which sizes the pool by the {prefix}* variables:"
            " change the workload's pool_size and max_overflow in the budget, or, for a pool that keeps nothing, set"
            f" {prefix}{POOL_CLASS}={NULL_POOL}"
        )
    options = engine_options(prefix, environ)
    return {**given, **options, "plugins": [*given.get("plugins", []), *options["plugins"]]}
