"""SQLAlchemy engines whose pools are the budget's."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from constructs_lib.budget.variables import ENV_PREFIX, NULL_POOL, POOL_CLASS
from constructs_lib.runtime.drivers import driver_of
from constructs_lib.runtime.settings import Settings, read_settings
from constructs_lib.runtime.settings_error import SettingsError

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy.ext.asyncio import AsyncEngine

_POOL = ("pool", "poolclass", "pool_size", "max_overflow", "pool_timeout", "pool_recycle", "pool_pre_ping")
_URL = "postgresql+psycopg://user:password@host:port/database"


def engine_options(
    prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None, driver: str | None = None
) -> dict[str, Any]:
    """The keyword arguments that SQLAlchemy's `create_engine` and `create_async_engine` take from the budget.

    What depends on the driver (the application's name, the time limit of a statement, what a proxy or pooler needs, IAM
    tokens) is added by a plugin of SQLAlchemy's, when the engine is made and its URL names the driver. To see those
    `connect_args` before, give `driver`: `psycopg`, `psycopg2`, `asyncpg`, `pymysql`, `aiomysql`, or the beginning of a
    URL with one of them. Raises SettingsError.
    """
    from constructs_lib.runtime.engine_plugin import NAME, register

    settings = read_settings(prefix, environ)
    arguments = {} if driver is None else {"connect_args": driver_of(driver).connect_args(settings)}
    register()
    return {**_pool_options(settings), **arguments, "plugins": [NAME], NAME: settings}


def create_engine(
    url: "str | sqlalchemy.URL", *, prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None, **options: Any
) -> "sqlalchemy.Engine":
    """SQLAlchemy's `create_engine` with the budget's pool, and fresh IAM tokens where the budget says so.

    `options` are SQLAlchemy's own, except for those of the pool, which are the budget's.
    """
    import sqlalchemy

    return sqlalchemy.create_engine(_read(url), **_with_budget(prefix, environ, options))


def create_async_engine(
    url: "str | sqlalchemy.URL", *, prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None, **options: Any
) -> "AsyncEngine":
    """SQLAlchemy's `create_async_engine`, as `create_engine` above."""
    from sqlalchemy.ext.asyncio import create_async_engine

    return create_async_engine(_read(url), **_with_budget(prefix, environ, options))


def _read(url: "str | sqlalchemy.URL") -> "sqlalchemy.URL":
    """SQLAlchemy's own error quotes a part of the URL, in which a password may be."""
    import sqlalchemy

    try:
        read = sqlalchemy.make_url(url)
        read.get_dialect()
    except sqlalchemy.exc.NoSuchModuleError:
        raise SettingsError(
            f"the database's URL must be of the form {_URL}, got one of a database or driver that SQLAlchemy does not"
            " know: change its beginning (postgres:// is spelled postgresql://, or with a driver postgresql+psycopg://)"
        ) from None
    except (sqlalchemy.exc.ArgumentError, ValueError):
        got = "something else" if isinstance(url, str) and url.strip() else "nothing"
        raise SettingsError(
            f"the database's URL must be of the form {_URL}, got {got}: percent-encode the special characters of user"
            " and password, or make it with sqlalchemy.URL.create; it is often in a variable such as DATABASE_URL"
        ) from None
    return read


def _pool_options(settings: Settings) -> dict[str, Any]:
    if not settings.pooled:
        from sqlalchemy.pool import NullPool

        return {"poolclass": NullPool}
    return {
        "pool_size": settings.pool_size,
        "max_overflow": settings.max_overflow,
        "pool_timeout": settings.pool_timeout_s,
        "pool_recycle": settings.pool_recycle_s,
        "pool_pre_ping": settings.pool_pre_ping,
    }


def _with_budget(prefix: str, environ: Mapping[str, str] | None, given: dict[str, Any]) -> dict[str, Any]:
    """The options given together with the budget's."""
    own = [key for key in _POOL if key in given]
    if own:
        raise SettingsError(
            f"{', '.join(own)} cannot be given beside the budget, which sizes the pool by the {prefix}* variables:"
            " change the workload's pool_size and max_overflow in the budget, or, for a pool that keeps nothing, set"
            f" {prefix}{POOL_CLASS}={NULL_POOL}"
        )
    options = engine_options(prefix, environ)
    return {**given, **options, "plugins": [*given.get("plugins", []), *options["plugins"]]}
