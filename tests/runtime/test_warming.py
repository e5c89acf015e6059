"""Connections before the first request."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
import sqlalchemy

from constructs_lib.runtime import (
    SettingsError,
    check_server,
    create_async_engine,
    create_engine,
    engine_options,
    warm,
    warm_async,
)
from tests.runtime.container import address, container
from tests.server.polling import wait_until

REFUSED = (sqlalchemy.exc.DBAPIError, asyncpg.TooManyConnectionsError)  # SQLAlchemy 2.1, and 2.0
FEW = {(kept, 0) for kept in range(1, 8)}
EIGHT = {"DB_POOL_SIZE": "8", "DB_MAX_OVERFLOW": "0"}


def wait_until_nobody_is(role: str, socket_folder: str) -> None:
    """A session ends a moment after its client has closed it."""
    query = sqlalchemy.text("SELECT count(*) FROM pg_stat_activity WHERE usename = :role")
    engine = sqlalchemy.create_engine(address("psycopg", socket_folder), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        wait_until(lambda: connection.scalar(query, {"role": role}) == 0, f"nobody is {role}")


def test_a_quarter_of_the_pool_is_open_and_free(postgres_socket: str) -> None:
    """8 // 4 = 2."""
    engine = create_engine(address("psycopg", postgres_socket), environ=container(**EIGHT))
    assert warm(engine) == 2
    pool: Any = engine.pool
    assert (pool.checkedin(), pool.checkedout()) == (2, 0)
    engine.dispose()


def test_warming_opens_all_connections_at_the_same_time() -> None:
    """Each waits until the other has begun: one after the other would never end."""
    engine = create_engine("postgresql+psycopg://app@localhost/x", environ=container(**EIGHT))
    both = threading.Barrier(2, timeout=20)

    def connect(*_: object) -> None:
        both.wait()
        raise ConnectionRefusedError("both began")

    sqlalchemy.event.listen(engine, "do_connect", connect)
    with pytest.raises(ConnectionRefusedError, match="both began"):
        warm(engine)


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_an_async_engine_is_warmed_too(driver: str, postgres_socket: str) -> None:
    async def warmed() -> tuple[int, int]:
        engine = create_async_engine(address(driver, postgres_socket), environ=container(**EIGHT))
        count, pool = await warm_async(engine), engine.pool
        assert isinstance(pool, sqlalchemy.AsyncAdaptedQueuePool)
        kept = pool.checkedin()
        await engine.dispose()
        return count, kept

    assert asyncio.run(warmed()) == (2, 2)


def test_the_ones_that_could_be_opened_stay_when_one_could_not(postgres_socket: str) -> None:
    """The role `limited` of the server has 7 connections: of 32 // 4 = 8, one fails, or more that came at once.

    PostgreSQL counts those that are about to be refused too, so that two can fail over the last slot.
    """
    environ = container(DB_POOL_SIZE="32", DB_MAX_OVERFLOW="0")
    wait_until_nobody_is("limited", postgres_socket)
    engine = create_engine(address("psycopg", postgres_socket, user="limited"), environ=environ)
    with pytest.raises(sqlalchemy.exc.OperationalError, match="too many connections for role"):
        warm(engine)
    pool: Any = engine.pool
    kept = pool.checkedin(), pool.checkedout()
    engine.dispose()
    assert kept in FEW

    wait_until_nobody_is("limited", postgres_socket)

    async def warmed() -> tuple[int, int]:
        engine = create_async_engine(address("asyncpg", postgres_socket, user="limited"), environ=environ)
        with pytest.raises(REFUSED, match="too many connections for role"):
            await warm_async(engine)
        pool: Any = engine.pool
        numbers = pool.checkedin(), pool.checkedout()
        await engine.dispose()
        return numbers

    assert asyncio.run(warmed()) in FEW


def test_a_small_pool_and_null_pool_open_none() -> None:
    small = create_engine("postgresql+psycopg://app@localhost/x", environ=container(DB_POOL_SIZE="3"))
    assert warm(small) == 0
    none = create_engine("postgresql+psycopg://app@localhost/x", environ=container(DB_POOL_CLASS="NullPool"))
    assert warm(none) == 0


def test_an_async_engine_is_not_warmed_by_half() -> None:
    engine: Any = create_async_engine("postgresql+asyncpg://app@127.0.0.1:1/app", environ=container(**EIGHT))
    with pytest.raises(SettingsError, match=r"await warm_async\(engine\)"):
        warm(engine)
    with pytest.raises(SettingsError, match=r"await check_server_async\(engine\)"):
        check_server(engine)


def test_a_url_in_the_drivers_place_is_not_printed() -> None:
    with pytest.raises(SettingsError) as caught:
        engine_options(environ=container(**EIGHT), driver="postgresql://app:hunter-two@db/app")
    assert "hunter-two" not in str(caught.value)


def test_a_large_pool_is_opened_by_a_bounded_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """1000 // 4 = 250, by 64 threads."""
    workers: list[int] = []

    class Threads(ThreadPoolExecutor):
        def __init__(self, count: int) -> None:
            workers.append(count)
            super().__init__(count)

    monkeypatch.setattr("constructs_lib.runtime.warming.ThreadPoolExecutor", Threads)
    engine = create_engine("postgresql+psycopg://app@localhost/x", environ=container(DB_POOL_SIZE="1000"))
    opened: list[object] = []

    def connect() -> SimpleNamespace:
        opened.append(1)
        return SimpleNamespace(close=lambda: None)

    monkeypatch.setattr(engine, "connect", connect)
    assert warm(engine) == 250
    assert (workers, len(opened)) == ([64], 250)
