"""SQLAlchemy engines whose pools are the budget's."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from constructs_lib.budget.variables import BEHIND_POOLER, ENV_PREFIX, NULL_POOL, POOL_CLASS, STATEMENT_TIMEOUT
from constructs_lib.runtime.driver import Driver
from constructs_lib.runtime.drivers import driver_of
from constructs_lib.runtime.settings import Settings, read_settings
from constructs_lib.runtime.settings_error import SettingsError

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy.ext.asyncio import AsyncEngine

_POOL = ("poolclass", "pool_size", "max_overflow", "pool_timeout", "pool_recycle", "pool_pre_ping")


def engine_options(
    prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None, driver: str | None = None
) -> dict[str, Any]:
    """The keyword arguments that SQLAlchemy's `create_engine` and `create_async_engine` take from the budget.

    `driver` (`psycopg`, `psycopg2`, `asyncpg`, `pymysql`, `aiomysql`, or the beginning of a URL with one of them) adds
    the `connect_args` that the driver understands: the application's name, the time limit of a statement, what a proxy
    or pooler needs. Without it there are none. IAM tokens need `create_engine` below, or `authenticate_with_iam`.
    Raises SettingsError.
    """
    settings = read_settings(prefix, environ)
    if driver is not None:
        return _options(settings, driver_of(driver))
    if settings.statement_timeout_s is not None or settings.behind_pooler:
        name = BEHIND_POOLER if settings.behind_pooler else STATEMENT_TIMEOUT
        raise SettingsError(
            f"{prefix}{name} is set, and every driver is told so in its own way: give engine_options a driver, such as"
            " driver='psycopg'"
        )
    return _pool_options(settings)


def create_engine(
    url: "str | sqlalchemy.URL", *, prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None, **options: Any
) -> "sqlalchemy.Engine":
    """SQLAlchemy's `create_engine` with the budget's pool, and fresh IAM tokens where the budget says so.

    `options` are SQLAlchemy's own, except for those of the pool, which are the budget's.
    """
    import sqlalchemy

    settings, options = _with_budget(sqlalchemy.make_url(url), prefix, environ, options)
    engine = sqlalchemy.create_engine(url, **options)
    _authenticate(engine, settings)
    return engine


def create_async_engine(
    url: "str | sqlalchemy.URL", *, prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None, **options: Any
) -> "AsyncEngine":
    """SQLAlchemy's `create_async_engine`, as `create_engine` above."""
    import sqlalchemy
    from sqlalchemy.ext.asyncio import create_async_engine

    settings, options = _with_budget(sqlalchemy.make_url(url), prefix, environ, options)
    engine = create_async_engine(url, **options)
    _authenticate(engine.sync_engine, settings)
    return engine


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


def _options(settings: Settings, driver: Driver) -> dict[str, Any]:
    return {**_pool_options(settings), "connect_args": driver.connect_args(settings)}


def _with_budget(
    url: "sqlalchemy.URL", prefix: str, environ: Mapping[str, str] | None, given: dict[str, Any]
) -> tuple[Settings, dict[str, Any]]:
    """The settings, and the options given together with the budget's."""
    own = [key for key in _POOL if key in given]
    if own:
        raise SettingsError(
            f"{', '.join(own)} cannot be given beside the budget, which sizes the pool by the {prefix}* variables:"
            " change the workload's pool_size and max_overflow in the budget, or, for a pool that keeps nothing, set"
            f" {prefix}{POOL_CLASS}={NULL_POOL}"
        )
    settings = read_settings(prefix, environ)
    options = _options(settings, driver_of(url.get_dialect().driver))
    options["connect_args"] = _joined(options["connect_args"], given.get("connect_args", {}), url.query)
    return settings, {**given, **options}


def _joined(budgeted: dict[str, Any], given: Mapping[str, Any], query: Mapping[str, Any]) -> dict[str, Any]:
    """Both sides' arguments; where both have one, the caller's, unless it holds several: then all of both."""
    joined = {**budgeted, **given}
    if "server_settings" in budgeted:
        joined["server_settings"] = {**budgeted["server_settings"], **given.get("server_settings", {})}
    if "options" in budgeted:  # libpq's; the last word counts
        joined["options"] = " ".join(
            part for part in (budgeted["options"], query.get("options"), given.get("options")) if isinstance(part, str)
        )
    return joined


def _authenticate(engine: "sqlalchemy.Engine", settings: Settings) -> None:
    if settings.iam_auth:
        from constructs_lib.runtime.iam import authenticate_with_iam

        authenticate_with_iam(engine)
