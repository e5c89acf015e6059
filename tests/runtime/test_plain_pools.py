"""asyncpg's, psycopg's and Django's pools, filled at a real server."""

import asyncio
from typing import Any

import asyncpg
import psycopg_pool
import pytest

from constructs_lib.runtime import (
    SettingsError,
    asyncpg_pool_options,
    django_database_options,
    psycopg_pool_options,
)
from tests.runtime.container import SECRET, container

COUNT = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'api'"


def test_asyncpgs_pool_opens_what_the_budget_says_and_no_more(postgres_socket: str) -> None:
    """4 + 2 = 6, of which 4 // 4 = 1 at once."""

    async def filled() -> tuple[int, int]:
        options = asyncpg_pool_options(environ=container(DB_BEHIND_POOLER="true", DB_STATEMENT_TIMEOUT="20"))
        login = {"host": postgres_socket, "user": "app", "password": SECRET, "database": "postgres"}
        async with asyncpg.create_pool(**login, **options) as pool:
            first = pool.get_size()
            connections = [await pool.acquire() for _ in range(6)]
            count = await connections[0].fetchval(COUNT)
            with pytest.raises(asyncio.TimeoutError):
                await pool.acquire(timeout=0.2)
            for connection in connections:
                await pool.release(connection)
            return first, count

    assert asyncio.run(filled()) == (1, 6)


def test_psycopgs_pool_opens_what_the_budget_says_and_no_more(postgres_socket: str) -> None:
    options = psycopg_pool_options(environ=container(DB_POOL_TIMEOUT="1"))
    conninfo = f"host={postgres_socket} user=app password={SECRET} dbname=postgres"
    with psycopg_pool.ConnectionPool(conninfo, open=True, **options) as pool:
        connections = [pool.getconn(timeout=10) for _ in range(6)]
        row = connections[0].execute(COUNT).fetchone()
        assert row == (6,)
        with pytest.raises(psycopg_pool.PoolTimeout):
            pool.getconn()
        for connection in connections:
            pool.putconn(connection)


def test_django_opens_what_the_budget_says_and_no_more(postgres_socket: str) -> None:
    import django
    from django.conf import settings
    from django.db import connections

    entries = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "app",
        "PASSWORD": SECRET,
        "HOST": postgres_socket,
        **django_database_options(environ=container(DB_STATEMENT_TIMEOUT="20", DB_POOL_TIMEOUT="1")),
    }
    settings.configure(DATABASES={"default": entries}, INSTALLED_APPS=[])
    django.setup()
    connection: Any = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('application_name'), current_setting('statement_timeout')")
        assert cursor.fetchone() == ("api", "20s")
    others = [connection.pool.getconn(timeout=10) for _ in range(5)]
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        assert cursor.fetchone() == (6,)
    with pytest.raises(psycopg_pool.PoolTimeout):
        connection.pool.getconn()
    for other in others:
        connection.pool.putconn(other)
    connection.close()
    connection.close_pool()


def test_behind_a_pooler_django_has_no_cursors_that_outlive_a_transaction() -> None:
    assert django_database_options(environ=container(DB_BEHIND_POOLER="true"))["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert "DISABLE_SERVER_SIDE_CURSORS" not in django_database_options(environ=container())


def test_null_pool_has_no_pool_to_size() -> None:
    environ = container(DB_POOL_CLASS="NullPool")
    assert "pool" not in django_database_options(environ=environ)["OPTIONS"]
    for options in (asyncpg_pool_options, psycopg_pool_options):
        with pytest.raises(SettingsError, match="DB_POOL_CLASS is NullPool"):
            options(environ=environ)


@pytest.mark.parametrize("options", [asyncpg_pool_options, psycopg_pool_options, django_database_options])
def test_pools_that_keep_one_password_are_refused_where_the_budget_says_iam(options: Any) -> None:
    with pytest.raises(SettingsError, match=r"DB_IAM_AUTH must not be true here, got true: .* use create_engine"):
        options(environ=container(DB_IAM_AUTH="true"))
