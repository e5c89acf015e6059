"""The options as SQLAlchemy, its drivers and a real PostgreSQL take them."""

import asyncio
import pickle
import subprocess
import sys
import traceback
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


def test_the_pools_options_are_plain_and_the_rest_waits_for_the_driver() -> None:
    renamed = {name.replace("DB_", "X_"): value for name, value in container().items()}
    for options in (engine_options(environ=container()), engine_options("X_", renamed)):
        assert {name: options[name] for name in POOL} == POOL
        assert options["plugins"] == ["connection_budget"]
        assert set(options) == {*POOL, "plugins", "connection_budget"}


def connected_with(url: str, options: dict[str, Any]) -> dict[str, Any]:
    """What the driver would be called with by an engine of SQLAlchemy's own."""
    is_async = any(driver in url for driver in ("asyncpg", "aiomysql"))
    engine: Any = (sqlalchemy_asyncio.create_async_engine if is_async else sqlalchemy.create_engine)(url, **options)
    engine = getattr(engine, "sync_engine", engine)
    seen: list[dict[str, Any]] = []

    def connect(_dialect: object, _record: object, _arguments: object, keywords: dict[str, Any]) -> None:
        seen.append(keywords)
        raise ConnectionRefusedError

    sqlalchemy.event.listen(engine, "do_connect", connect)
    with pytest.raises(ConnectionRefusedError):
        engine.raw_connection()
    return seen[0]


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("behind_pooler", ["false", "true"])
def test_without_a_driver_every_driver_is_told_the_same_as_with_it(driver: str, behind_pooler: str) -> None:
    url = f"{'mysql' if driver.endswith('mysql') else 'postgresql'}+{driver}://app@localhost/orders"
    changed = {"DB_BEHIND_POOLER": behind_pooler}
    if behind_pooler == "false":
        changed["DB_STATEMENT_TIMEOUT"] = "20"
    told = connected_with(url, engine_options(environ=container(**changed)))
    expected = connect_args(driver, **changed)
    name = expected.get("application_name") or expected.get("program_name") or expected["server_settings"]
    assert name in ("api", {"application_name": "api", "statement_timeout": "20000"}, {"application_name": "api"})
    assert {key: told[key] for key in expected} == expected
    again = connected_with(url, engine_options(environ=container(**changed), driver=driver))
    assert {key: again[key] for key in expected} == expected


def test_the_options_survive_a_way_to_another_process() -> None:
    program = """
import pickle, sys, sqlalchemy
engine = sqlalchemy.create_engine("postgresql+psycopg://app@localhost/x", **pickle.load(sys.stdin.buffer))
print(engine.pool.size(), engine.pool._max_overflow)
"""
    options = pickle.dumps(engine_options(environ=container(DB_IAM_AUTH="true")))
    run = subprocess.run([sys.executable, "-c", program], input=options, capture_output=True, check=True)
    assert run.stdout.split() == [b"4", b"2"]


def test_options_without_the_driver_ask_for_tokens_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("constructs_lib.runtime.iam._signed", lambda host, port, user, _: f"{user}@{host}:{port}")
    told = connected_with("postgresql+psycopg://app@db/x", engine_options(environ=container(DB_IAM_AUTH="true")))
    assert (told["password"], told["sslmode"]) == ("app@db:5432", "require")


def test_the_plugin_alone_says_what_it_needs() -> None:
    engine_options(environ=container())
    with pytest.raises(SettingsError, match=r"needs all that engine_options\(\) returns"):
        sqlalchemy.create_engine("postgresql+psycopg://app@localhost/x?plugin=connection_budget")


def test_an_engine_of_an_unknown_driver_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"the driver must be one of psycopg, .*, got 'pysqlite'"):
        create_engine("sqlite://", environ=container())


@pytest.mark.parametrize("driver", DRIVERS)
def test_sqlalchemy_takes_the_options_of_every_driver(driver: str) -> None:
    scheme = f"{'mysql' if driver.endswith('mysql') else 'postgresql'}+{driver}"
    url = f"{scheme}://app@localhost/orders"
    create = sqlalchemy_asyncio.create_async_engine if driver in {"asyncpg", "aiomysql"} else sqlalchemy.create_engine
    engine = create(url, **engine_options(environ=container(DB_STATEMENT_TIMEOUT="20"), driver=scheme))
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    assert (pool.size(), pool._max_overflow, pool._timeout, pool._recycle, pool._pre_ping) == (4, 2, 30, 1800, True)
    unpinged = engine_options(environ=container(DB_POOL_PRE_PING="false"), driver=scheme)
    assert not create(url, **unpinged).pool._pre_ping


def test_null_pool_is_an_option_by_itself() -> None:
    environ = container(DB_POOL_CLASS="NullPool", DB_POOL_SIZE=None, DB_MAX_OVERFLOW=None)
    options = engine_options(environ=environ)
    assert (options["poolclass"], set(options) & set(POOL)) == (NullPool, set())
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


def test_the_remedy_for_a_time_limit_is_one_that_the_database_has() -> None:
    assert "ALTER ROLE app SET statement_timeout = '20s'" in refusal(
        "psycopg", DB_BEHIND_POOLER="true", DB_STATEMENT_TIMEOUT="20"
    )
    text = refusal("aiomysql", DB_BEHIND_POOLER="true", DB_STATEMENT_TIMEOUT="20")
    assert "max_execution_time = 20000" in text
    assert "ALTER ROLE" not in text


@pytest.mark.parametrize("driver", ["pymysql", "aiomysql"])
def test_a_command_of_the_callers_never_takes_the_place_of_the_time_limit(driver: str) -> None:
    """The driver takes one `init_command`: the caller's would silently end the limit."""
    environ = container(DB_STATEMENT_TIMEOUT="20")
    create: Any = create_async_engine if driver == "aiomysql" else create_engine
    given: dict[str, Any]
    for url, given in (
        (f"mysql+{driver}://app@db/x", {"connect_args": {"init_command": "SET time_zone = '+00:00'"}}),
        (f"mysql+{driver}://app@db/x?init_command=SET%20NAMES%20utf8mb4", {}),
    ):
        with pytest.raises(SettingsError, match="DB_STATEMENT_TIMEOUT and an init_command of your own exclude"):
            create(url, environ=environ, **given)
        create(url, environ=container(), **given)


def test_the_driver_has_to_be_known() -> None:
    assert refusal("sqlite") == f"the driver must be one of {', '.join(DRIVERS)}, got 'sqlite'"


@pytest.mark.parametrize(
    "url", ["postgresql:/app:hunter-two@db/x", "postgresql+psycopg://app@db:hunter-two/x", "hunter-two", "", None]
)
def test_a_url_that_cannot_be_read_is_not_quoted(url: Any) -> None:
    for create in (create_engine, create_async_engine):
        with pytest.raises(SettingsError) as caught:
            create(url, environ=container())
        text = "".join(traceback.format_exception(caught.value))
        assert "the database's URL must be of the form postgresql+psycopg://user:password@host:port/database" in text
        assert "hunter-two" not in text


def test_a_database_or_driver_that_sqlalchemy_does_not_know_is_told_with_the_usual_reason() -> None:
    for url in ("postgres://app:hunter-two@db/x", "postgresql+hunter://app:hunter-two@db/x"):
        with pytest.raises(SettingsError, match="postgres:// is spelled postgresql://") as caught:
            create_engine(url, environ=container())
        assert "hunter" not in str(caught.value)


def test_special_characters_in_a_url_arrive_as_they_were(postgres_socket: str) -> None:
    """The password is wrong, and the error of the driver says so without quoting it."""
    engine = create_engine(
        f"postgresql+psycopg://app:p%40ss%2Fw%3A%25rd@/postgres?host={postgres_socket}", environ=container()
    )
    assert engine.url.password == "p@ss/w:%rd"  # noqa: S105 - made up here
    with pytest.raises(sqlalchemy.exc.OperationalError) as caught:
        engine.connect()
    assert "p@ss" not in str(caught.value)
    assert "p@ss" not in repr(engine)


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


def test_connections_that_somebody_else_makes_are_refused() -> None:
    with pytest.raises(SettingsError, match=r"creator .* cannot be given beside the budget"):
        create_engine("postgresql+psycopg://app@localhost/x", environ=container(), creator=print)
    with pytest.raises(SettingsError, match=r"creator .* cannot be given beside the budget"):
        create_async_engine("postgresql+asyncpg://app@localhost/x", environ=container(), async_creator=print)


def test_a_size_beside_the_budgets_is_refused() -> None:
    with pytest.raises(SettingsError, match="pool_size, max_overflow cannot be given beside the budget"):
        create_engine("postgresql+psycopg://app@localhost/x", environ=container(), pool_size=50, max_overflow=1)
    with pytest.raises(SettingsError, match="DB_POOL_CLASS=NullPool"):
        create_engine("postgresql+psycopg://app@localhost/x", environ=container(), poolclass=NullPool)
    with pytest.raises(SettingsError, match="pool cannot be given beside the budget"):
        create_engine("postgresql+psycopg://app@localhost/x", environ=container(), pool=object())
