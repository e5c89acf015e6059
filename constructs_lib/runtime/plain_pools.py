"""The same settings for pools other than SQLAlchemy's, which take one password: IAM tokens are refused here."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.budget.variables import ENV_PREFIX, IAM_AUTH, NULL_POOL, POOL_CLASS
from constructs_lib.runtime.drivers import driver_of
from constructs_lib.runtime.postgres import plain_asyncpg
from constructs_lib.runtime.settings import Settings, read_settings
from constructs_lib.runtime.settings_error import SettingsError


def asyncpg_pool_options(prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The keyword arguments of `asyncpg.create_pool`.

    It opens a quarter of `pool_size` at once and closes what has been idle for `pool_recycle`. How long to wait is an
    argument of its `acquire`, in which `Settings.pool_timeout_s` belongs.
    """
    settings = _pooled(prefix, environ)
    return {
        **plain_asyncpg(settings),
        "min_size": settings.pool_size // 4,
        "max_size": settings.ceiling,
        "max_inactive_connection_lifetime": settings.pool_recycle_s,
    }


def psycopg_pool_options(prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The keyword arguments of `psycopg_pool.ConnectionPool` and `AsyncConnectionPool`.

    `check` is the one that depends on the class: `check=ConnectionPool.check_connection` is the pre-ping.
    """
    settings = _pooled(prefix, environ)
    return {**_psycopg_pool(settings), "kwargs": driver_of("psycopg").connect_args(settings)}


def django_database_options(prefix: str = ENV_PREFIX, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Entries for one of Django's DATABASES on PostgreSQL, such as `{"ENGINE": …, "NAME": …, **these}`.

    Django 5.1 and psycopg with its pool (`psycopg[pool]`) are needed: without a pool, Django opens as many connections
    as there are threads, whatever the budget says.
    """
    settings = _with_a_password(prefix, environ)
    options: dict[str, Any] = driver_of("psycopg").connect_args(settings)
    if settings.pooled:
        options["pool"] = _psycopg_pool(settings)
    entries: dict[str, Any] = {
        "CONN_MAX_AGE": 0,  # the pool keeps them
        "CONN_HEALTH_CHECKS": settings.pool_pre_ping,
        "OPTIONS": options,
    }
    return entries | ({"DISABLE_SERVER_SIDE_CURSORS": True} if settings.behind_pooler else {})


def _psycopg_pool(settings: Settings) -> dict[str, Any]:
    return {
        "min_size": settings.pool_size,
        "max_size": settings.ceiling,
        "timeout": settings.pool_timeout_s,
        "max_lifetime": settings.pool_recycle_s,
    }


def _pooled(prefix: str, environ: Mapping[str, str] | None) -> Settings:
    settings = _with_a_password(prefix, environ)
    if not settings.pooled:
        raise SettingsError(f"{prefix}{POOL_CLASS} is {NULL_POOL}: there is no pool to size, connect without one")
    return settings


def _with_a_password(prefix: str, environ: Mapping[str, str] | None) -> Settings:
    settings = read_settings(prefix, environ)
    if settings.iam_auth:
        raise SettingsError(
            f"{prefix}{IAM_AUTH} must not be true here, got true: these pools keep one password, and a token is one for"
            " 15 minutes; use create_engine or create_async_engine, which sign a token for every connection, or a"
            " password of Secrets Manager's and iam_auth=False in the budget"
        )
    return settings
