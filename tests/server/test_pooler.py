"""Pools behind a pooler that drops idle clients: sized and recycled by the proxy branch of the plan.

PgBouncer in transaction mode stands for RDS Proxy: both lend a server's connection for a transaction and drop a client
that has been idle for too long. RDS Proxy's least idle timeout is a minute; these tests have four seconds.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from constructs_lib import runtime
from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.runtime import create_engine
from storm.deployment import Deployment
from storm.server import Server
from tests.server import pgbouncer
from tests.server.pgbouncer import PgBouncer
from tests.server.polling import wait_until

IDLE_CLIENT_TIMEOUT_S = 4
DOCUMENT = {
    "schema": 1,
    "databases": {"orders": {"engine": "postgres", "max_connections": 30, "reserved": {"engine": 9, "admin": 2}}},
    "proxies": {
        "proxy": {
            "database": "orders",
            "max_connections_percent": 50,
            "idle_client_timeout": IDLE_CLIENT_TIMEOUT_S,
        }
    },
    "workloads": {"api": {"proxy": "proxy", "tasks": 2, "maximum_percent": 100, "processes": 1}},
}


@pytest.fixture(scope="module")
def planned() -> Plan:
    return plan(Document.read(DOCUMENT))


@pytest.fixture(scope="module")
def pooler(postgres: Server, planned: Plan) -> Iterator[PgBouncer]:
    ceiling = planned.tally.proxies["proxy"].ceiling
    assert isinstance(ceiling, int)
    postgres.restart(Deployment.of_plan(planned).slots)
    with (
        tempfile.TemporaryDirectory(prefix="bouncer-") as folder,
        pgbouncer.running(
            postgres, Path(folder), connections=ceiling, idle_client_timeout=IDLE_CLIENT_TIMEOUT_S
        ) as running,
    ):
        yield running


def engine_of(pooler: PgBouncer, environment: Mapping[str, str], **changed: Any) -> AsyncEngine:
    options = {**runtime.engine_options(environ=environment, driver="asyncpg"), **changed}
    return create_async_engine(pooler.url, **options)


async def ask(engine: AsyncEngine) -> Exception | None:
    """Ask for one thing; what goes wrong is the result."""
    try:
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
    except DBAPIError as error:
        return error
    return None


async def used_after_an_idle_period(pooler: PgBouncer, engines: Mapping[str, AsyncEngine]) -> dict[str, Any]:
    """Open a connection in each pool, leave it idle until the pooler has dropped it, ask again."""
    try:
        assert not any([await ask(engine) for engine in engines.values()])
        assert pooler.clients() == len(engines)
        # The event loop does not run meanwhile, as in a process that is busy or suspended: nobody sees the hang-up.
        wait_until(lambda: pooler.clients() == 0, "the pooler drops idle clients")
        return {name: await ask(engine) for name, engine in engines.items()}
    finally:
        for engine in engines.values():
            await engine.dispose()


@pytest.fixture(scope="module")
def after_idling(pooler: PgBouncer, planned: Plan) -> dict[str, Exception | None]:
    """What each pool meets after one idle period that all of them sit out."""
    environment = planned.environments()["api"]
    above = {**environment, "DB_POOL_RECYCLE": "1800"}
    return asyncio.run(
        used_after_an_idle_period(
            pooler,
            {
                # Pre-ping, which would hide a dropped connection, is off: recycling alone has to do.
                "recycled above": engine_of(pooler, above, pool_pre_ping=False),
                "recycled below": engine_of(pooler, environment, pool_pre_ping=False),
                "pinged": engine_of(pooler, above),
            },
        )
    )


def test_pools_of_the_proxy_branch_fill_their_part_of_the_server_and_none_waits(
    pooler: PgBouncer, planned: Plan
) -> None:
    """Proxy: floor(30 × 50 / 100) = 15; 2 tasks × 1 process = 2 pools; 15 ÷ 2 = 7 → 4 + 2; 2 × 6 = 12."""
    assert planned.fits
    assert planned.tally.proxies["proxy"].ceiling == 15
    assert planned.tally.proxies["proxy"].total.peak == 12
    environment = planned.environments()["api"]

    async def saturate() -> None:
        engines = [engine_of(pooler, environment) for _ in range(2)]
        try:
            async with AsyncExitStack() as stack:

                async def begin(engine: AsyncEngine) -> AsyncConnection:
                    connection = await stack.enter_async_context(engine.connect())
                    await connection.execute(text("SELECT 1"))  # the transaction stays open
                    return connection

                for engine in engines:
                    for _ in range(6):
                        await begin(engine)
                assert (pooler.clients(), pooler.servers(), pooler.waiting()) == (12, 12, 0)
        finally:
            for engine in engines:
                await engine.dispose()

    asyncio.run(saturate())


def test_a_pool_recycled_below_the_idle_timeout_never_meets_a_dropped_connection(
    after_idling: dict[str, Exception | None], planned: Plan
) -> None:
    """Half of 4 s is 2 s."""
    assert planned.environments()["api"]["DB_POOL_RECYCLE"] == "2"
    assert after_idling["recycled below"] is None


def test_a_pool_recycled_above_the_idle_timeout_meets_it(after_idling: dict[str, Exception | None]) -> None:
    error = after_idling["recycled above"]
    assert isinstance(error, DBAPIError)
    assert error.connection_invalidated
    assert error.__cause__ is not None
    assert isinstance(error.__cause__.__cause__, asyncpg.ConnectionDoesNotExistError)


def test_pre_ping_replaces_a_dropped_connection_where_recycling_comes_too_late(
    after_idling: dict[str, Exception | None], planned: Plan
) -> None:
    assert planned.environments()["api"]["DB_POOL_PRE_PING"] == "true"
    assert after_idling["pinged"] is None


def repeated(pooler: PgBouncer, driver: str, environment: Mapping[str, str]) -> None:
    """A client runs one statement often enough to be prepared, then is lent another connection than before."""
    engine = create_engine(pooler.url.replace("asyncpg", driver), environ=environment)
    try:
        with engine.connect() as one, engine.connect() as other:
            for turn in range(8):
                assert one.scalar(text("SELECT :turn + 1"), {"turn": turn}) == turn + 1
                one.commit()
            assert other.scalar(text("SELECT 2")) == 2  # what was given back last is lent first
            assert one.scalar(text("SELECT :turn + 1"), {"turn": 8}) == 9
    finally:
        engine.dispose()


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_no_statement_is_prepared_on_a_connection_that_is_lent(pooler: PgBouncer, planned: Plan, driver: str) -> None:
    repeated(pooler, driver, planned.environments()["api"])


def test_psycopg_that_is_not_told_of_the_pooler_meets_a_statement_of_another_connection(
    pooler: PgBouncer, planned: Plan
) -> None:
    unaware = {name: value for name, value in planned.environments()["api"].items() if name != "DB_BEHIND_POOLER"}
    with pytest.raises(DBAPIError, match="prepared statement"):
        repeated(pooler, "psycopg", unaware)


async def repeated_async(engine: AsyncEngine) -> None:
    """As `repeated`, with one statement that both connections know."""
    async with engine.connect() as one, engine.connect() as other:
        for turn in range(4):
            assert await one.scalar(text("SELECT CAST(:turn AS integer) + 1"), {"turn": turn}) == turn + 1
            await one.commit()
        assert await other.scalar(text("SELECT CAST(:turn AS integer) + 1"), {"turn": 4}) == 5
        assert await one.scalar(text("SELECT CAST(:turn AS integer) + 1"), {"turn": 5}) == 6


async def named_alike(engine: AsyncEngine) -> None:
    """Two connections whose driver counts its statements alike, as those of two processes do, one after the other."""
    async with engine.connect() as one, engine.connect() as other:
        await one.execute(text("SELECT 1"))
        await one.commit()
        counted = asyncpg.connection._uid
        assert await one.scalar(text("SELECT 2")) == 2
        await one.commit()
        asyncpg.connection._uid = counted
        assert await other.scalar(text("SELECT 3")) == 3


async def run_with(
    scenario: Callable[[AsyncEngine], Awaitable[None]], url: str, environment: Mapping[str, str], *without: str
) -> None:
    """With all that asyncpg is told of the pooler, but for some arguments."""
    arguments = runtime.engine_options(environ=environment, driver="asyncpg")["connect_args"]
    engine = create_async_engine(url, connect_args={key: arguments[key] for key in arguments if key not in without})
    try:
        await scenario(engine)
    finally:
        await engine.dispose()


OWN, CACHE, NAMES = "statement_cache_size", "prepared_statement_cache_size", "prepared_statement_name_func"


def test_asyncpg_needs_no_statement_of_another_transaction(pooler: PgBouncer, planned: Plan) -> None:
    environment = planned.environments()["api"]
    for scenario in (repeated_async, named_alike):
        asyncio.run(run_with(scenario, pooler.url, environment))


@pytest.mark.parametrize(("scenario", "without"), [(repeated_async, (OWN, CACHE, NAMES)), (named_alike, (OWN, NAMES))])
def test_asyncpg_that_is_not_told_meets_a_statement_of_another_connection(
    pooler: PgBouncer, planned: Plan, scenario: Callable[[AsyncEngine], Awaitable[None]], without: tuple[str, ...]
) -> None:
    with pytest.raises(DBAPIError, match="prepared statement"):
        asyncio.run(run_with(scenario, pooler.url, planned.environments()["api"], *without))


async def plain(pooler: PgBouncer, options: Mapping[str, Any]) -> None:
    async with (
        asyncpg.create_pool(host=str(pooler.folder), port=6432, user="app", database="postgres", **options) as pool,
        pool.acquire() as one,
        pool.acquire() as other,
    ):
        for turn in range(4):
            assert await one.fetchval("SELECT $1::integer + 1", turn) == turn + 1
        async with other.transaction():
            assert await other.fetchval("SELECT $1::integer + 1", 4) == 5
            assert await one.fetchval("SELECT $1::integer + 1", 5) == 6


def test_asyncpgs_own_pool_keeps_no_statements_either(pooler: PgBouncer, planned: Plan) -> None:
    options = runtime.asyncpg_pool_options(environ=planned.environments()["api"])
    asyncio.run(plain(pooler, options))
    del options["statement_cache_size"]
    with pytest.raises((asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError)):
        asyncio.run(plain(pooler, options))
