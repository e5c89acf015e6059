"""The options as SQLAlchemy, its drivers and a real PostgreSQL take them."""

import asyncio
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.ext import asyncio as sqlalchemy_asyncio
from sqlalchemy.pool import NullPool, QueuePool

from constructs_lib.runtime import SettingsError, create_async_engine, create_engine, engine_options
from tests.runtime.container import address, container

POOL = {"pool_size": 4, "max_overflow": 2, "pool_timeout": 30, "pool_recycle": 1800, "pool_pre_ping": True}
DRIVERS = ("psycopg", "psycopg2", "asyncpg", "pymysql", "aiomysql")
SHOWN = "SELECT current_setting('application_name'), current_setting('statement_timeout')"


def connect_args(driver: str, **changed: str) -> dict[str, Any]:
    arguments: dict[str, Any] = engine_options(environ=container(**changed), driver=driver)["connect_args"]
    return arguments


def refusal(driver: str | None, **changed: str) -> str:
    with pytest.raises(SettingsError) as caught:
        engine_options(environ=container(**changed), driver=driver)
    return str(caught.value)


def test_without_a_driver_the_options_are_the_pools() -> None:
    assert engine_options(environ=container()) == POOL
    assert engine_options("X_", {name.replace("DB_", "X_"): value for name, value in container().items()}) == POOL


@pytest.mark.parametrize("driver", DRIVERS)
def test_sqlalchemy_takes_the_options_of_every_driver(driver: str) -> None:
    scheme = f"{'mysql' if driver.endswith('mysql') else 'postgresql'}+{driver}"
    url = f"{scheme}://app@localhost/orders"
    create = sqlalchemy_asyncio.create_async_engine if driver in {"asyncpg", "aiomysql"} else sqlalchemy.create_engine
    engine = create(url, **engine_options(environ=container(DB_STATEMENT_TIMEOUT="20"), driver=scheme))
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    assert (pool.size(), pool._max_overflow, pool._timeout, pool._recycle, pool._pre_ping) == (4, 2, 30, 1800, True)


def test_null_pool_is_an_option_by_itself() -> None:
    environ = container(DB_POOL_CLASS="NullPool", DB_POOL_SIZE=None, DB_MAX_OVERFLOW=None)
    assert engine_options(environ=environ) == {"poolclass": NullPool}
    assert isinstance(create_engine("postgresql+psycopg://app@localhost/x", environ=environ).pool, NullPool)


@pytest.mark.parametrize(
    ("driver", "expected"),
    [
        ("psycopg", {"application_name": "api", "options": "-c statement_timeout=20000"}),
        ("psycopg2", {"application_name": "api", "options": "-c statement_timeout=20000"}),
        (
            "asyncpg",
            {"server_settings": {"application_name": "api", "statement_timeout": "20000"}, "command_timeout": 25},
        ),
        (
            "pymysql",
            {
                "program_name": "api",
                "read_timeout": 25,
                "write_timeout": 25,
                "init_command": "SET SESSION /*!50708 max_execution_time = 20000 */ /*M! max_statement_time = 20 */",
            },
        ),
        (
            "aiomysql",
            {
                "program_name": "api",
                "init_command": "SET SESSION /*!50708 max_execution_time = 20000 */ /*M! max_statement_time = 20 */",
            },
        ),
    ],
)
def test_a_statements_time_is_limited_by_the_server_and_a_little_later_by_the_client(
    driver: str, expected: dict[str, Any]
) -> None:
    """20 s, and 5 s more for a client that can give up by itself."""
    assert connect_args(driver, DB_STATEMENT_TIMEOUT="20") == expected


def test_behind_a_pooler_there_are_no_prepared_statements_and_no_settings_of_a_session() -> None:
    assert connect_args("psycopg", DB_BEHIND_POOLER="true") == {"application_name": "api", "prepare_threshold": None}
    assert connect_args("psycopg2", DB_BEHIND_POOLER="true") == {"application_name": "api"}
    found = connect_args("asyncpg", DB_BEHIND_POOLER="true", DB_STATEMENT_TIMEOUT="20")
    assert found.pop("prepared_statement_name_func")() == ""
    assert found == {
        "server_settings": {"application_name": "api"},
        "statement_cache_size": 0,
        "prepared_statement_cache_size": 0,
        "command_timeout": 20,
    }
    limited = connect_args("pymysql", DB_BEHIND_POOLER="true", DB_STATEMENT_TIMEOUT="20")
    assert limited == {"program_name": "api", "read_timeout": 20, "write_timeout": 20}


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "aiomysql"])
def test_a_time_limit_that_nobody_can_keep_is_refused(driver: str) -> None:
    text = refusal(driver, DB_BEHIND_POOLER="true", DB_STATEMENT_TIMEOUT="20")
    assert text.startswith(f"DB_STATEMENT_TIMEOUT cannot be kept by {driver} behind a proxy or pooler")


def test_a_time_limit_and_a_pooler_need_a_driver_and_the_driver_has_to_be_known() -> None:
    assert refusal(None, DB_STATEMENT_TIMEOUT="20").startswith(
        "DB_STATEMENT_TIMEOUT is set, and every driver is told so"
    )
    assert refusal(None, DB_BEHIND_POOLER="true").startswith("DB_BEHIND_POOLER is set, and every driver is told so")
    assert refusal("sqlite") == f"the driver must be one of {', '.join(DRIVERS)}, got 'sqlite'"


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_a_real_server_knows_the_name_and_the_limit(driver: str, postgres_socket: str) -> None:
    engine = create_engine(address(driver, postgres_socket), environ=container(DB_STATEMENT_TIMEOUT="20"))
    with engine.connect() as connection:
        assert tuple(connection.execute(sqlalchemy.text(SHOWN)).one()) == ("api", "20s")
    engine.dispose()


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
@pytest.mark.parametrize("behind_pooler", ["false", "true"])
def test_an_async_engine_works_with_and_without_prepared_statements(
    driver: str, behind_pooler: str, postgres_socket: str
) -> None:
    async def shown() -> list[tuple[Any, ...]]:
        environ = container(DB_BEHIND_POOLER=behind_pooler)
        engine = create_async_engine(address(driver, postgres_socket), environ=environ)
        async with engine.connect() as connection:
            for _ in range(6):  # psycopg prepares what comes for the sixth time
                name, _ = (await connection.execute(sqlalchemy.text(SHOWN))).one()
                assert name == "api"
            rows = await connection.execute(sqlalchemy.text("SELECT name FROM pg_prepared_statements WHERE name <> ''"))
            prepared = [tuple(row) for row in rows]
        await engine.dispose()
        return prepared

    assert (asyncio.run(shown()) == []) is (behind_pooler == "true")


def test_a_pool_opens_as_many_as_the_budget_says_and_then_waits(postgres_socket: str) -> None:
    """4 + 2 = 6 are opened; the seventh waits for a second and gives up."""
    engine = create_engine(address("psycopg", postgres_socket), environ=container(DB_POOL_TIMEOUT="1"))
    connections = [engine.connect() for _ in range(6)]
    count = sqlalchemy.text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'api'")
    assert connections[0].execute(count).scalar() == 6
    with pytest.raises(sqlalchemy.exc.TimeoutError):
        engine.connect()
    for connection in connections:
        connection.close()
    engine.dispose()


def test_the_callers_options_stay_and_join_those_of_the_budget(postgres_socket: str) -> None:
    url = address("psycopg", postgres_socket) + "&options=-c%20work_mem%3D123kB"
    engine = create_engine(
        url,
        environ=container(DB_STATEMENT_TIMEOUT="20"),
        connect_args={"options": "-c lock_timeout=7000", "connect_timeout": 3},
        isolation_level="AUTOCOMMIT",
    )
    names = ("work_mem", "lock_timeout", "statement_timeout")
    with engine.connect() as connection:
        shown = [connection.execute(sqlalchemy.text(f"SHOW {name}")).scalar() for name in names]
        assert shown == ["123kB", "7s", "20s"]
        driver_connection: Any = connection.connection.driver_connection
        assert driver_connection.autocommit is True
    engine.dispose()


def test_a_size_beside_the_budgets_is_refused() -> None:
    with pytest.raises(SettingsError, match="pool_size, max_overflow cannot be given beside the budget"):
        create_engine("postgresql+psycopg://app@localhost/x", environ=container(), pool_size=50, max_overflow=1)
    with pytest.raises(SettingsError, match="DB_POOL_CLASS=NullPool"):
        create_engine("postgresql+psycopg://app@localhost/x", environ=container(), poolclass=NullPool)
