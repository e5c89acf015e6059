"""The budget in the environment against the server that the application found."""

import asyncio
import logging
from typing import Any

import pytest
import sqlalchemy

from constructs_lib.runtime import (
    ServerCheckError,
    SettingsError,
    check_server,
    check_server_async,
    create_async_engine,
    create_engine,
    read_settings,
)
from constructs_lib.runtime.accepted import Accepted, differences
from tests.budget.orders import entry, planned
from tests.runtime.container import address, container
from tests.server.polling import wait_until


def checked(socket_folder: str, environ: dict[str, str], user: str = "app", database: str = "postgres") -> str | None:
    engine = create_engine(address("psycopg", socket_folder, user, database), environ=environ)
    try:
        check_server(engine, environ=environ)
    except ServerCheckError as error:
        return str(error).removeprefix("the connection budget does not hold at this server: ")
    finally:
        engine.dispose()
    return None


def whole(**changed: str) -> dict[str, str]:
    """A pool of 4 + 2 of one that 12 − 3 − 3 = 6 were divided among."""
    numbers = {"RDS_MAX_CONNECTIONS": "12", "DB_ADMIN_RESERVE": "6", "APP_INSTANCE_COUNT": "1"}
    return container() | numbers | changed


def test_a_server_as_it_was_budgeted_passes(postgres_socket: str) -> None:
    assert checked(postgres_socket, whole()) is None
    assert checked(postgres_socket, container()) is None


def test_a_server_that_accepts_less_is_told_in_numbers(postgres_socket: str) -> None:
    """12 − 2 − 1 = 9 are for the role; 683 − 13 = 670 were divided among 4 pools, of 6 each here: 24."""
    environ = whole(RDS_MAX_CONNECTIONS="683", DB_ADMIN_RESERVE="13", APP_INSTANCE_COUNT="4")
    assert checked(postgres_socket, environ) == (
        "the server accepts 12 connections, and the budget was made for 683 (RDS_MAX_CONNECTIONS);"
        " 4 pools × (4 + 2) = 24 can be open, and this role can open 9"
        " (max_connections 12 − 3 reserved = 9)"
    )


def test_a_pool_that_alone_exceeds_the_server_is_found_without_the_whole_budget(postgres_socket: str) -> None:
    environ = container(DB_POOL_SIZE="9", DB_MAX_OVERFLOW="1")
    assert checked(postgres_socket, environ) == (
        "9 + 1 = 10 in this process alone can be open, and this role can open 9 (max_connections 12 − 3 reserved = 9)"
    )


def test_the_limits_of_the_role_and_of_the_database_count(postgres_socket: str) -> None:
    """Two pools of 6 are 12, but 12 − 4 = 8 were divided."""
    two = whole(DB_ADMIN_RESERVE="4", APP_INSTANCE_COUNT="2")
    wanted = "12 − 4 that the budget divides among pools = 8 can be open, and this role can open"
    assert checked(postgres_socket, two) is None
    assert checked(postgres_socket, two, user="limited") == f"{wanted} 7 (the role's own limit 7)"
    assert checked(postgres_socket, two, database="small") == f"{wanted} 5 (the database's own limit 5)"


def test_celery_counts_its_workers_times_their_concurrency(postgres_socket: str) -> None:
    environ = container(DB_POOL_SIZE="1", DB_MAX_OVERFLOW="0", CELERY_WORKERS="5", CELERY_CONCURRENCY="2")
    assert checked(postgres_socket, environ) == (
        "5 Celery workers × 2 = 10 can be open, and this role can open 9 (max_connections 12 − 3 reserved = 9)"
    )


def test_celery_beside_the_pools_counts_for_the_same_limits(postgres_socket: str) -> None:
    """One pool of 6 among 12 − 6, and 2 × 1 of Celery: 8 of a role that has 7, and of a server that has 9."""
    environ = whole(CELERY_WORKERS="2", CELERY_CONCURRENCY="1")
    assert checked(postgres_socket, environ) is None
    assert checked(postgres_socket, environ, user="limited") == (
        "1 pools × (4 + 2) + 2 Celery workers × 1 = 8 can be open, and this role can open 7 (the role's own limit 7)"
    )


@pytest.mark.parametrize("name", ["RDS_MAX_CONNECTIONS", "DB_ADMIN_RESERVE", "APP_INSTANCE_COUNT", "CELERY_WORKERS"])
@pytest.mark.parametrize("value", ["1,000", "683.0", "-1", "6e2", "hunter-two"])
def test_a_number_of_the_budget_that_is_none_is_refused(name: str, value: str) -> None:
    accepted = Accepted(max_connections=12, reserved=3, role_limit=None, database_limit=None)
    environ = whole(CELERY_CONCURRENCY="1") | {name: value}
    with pytest.raises(SettingsError, match=f"{name} must be a whole number from 0 to 1000000, got") as caught:
        differences(read_settings(environ=environ), environ, accepted)
    assert "hunter" not in str(caught.value)


def test_a_pool_without_limit_does_not_pass() -> None:
    accepted = Accepted(max_connections=12, reserved=3, role_limit=None, database_limit=None)
    environ = container(DB_POOL_CLASS="NullPool")
    (found,) = differences(read_settings(environ=environ), environ, accepted)
    assert found == "DB_POOL_CLASS=NullPool opens one for every use, without limit"
    behind = environ | {"DB_BEHIND_POOLER": "true"}
    assert differences(read_settings(environ=behind), behind, accepted) == []


def test_where_it_only_logs_a_server_that_cannot_be_asked_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    environ = container()
    with caplog.at_level(logging.WARNING, "constructs_lib.runtime"):
        engine = create_engine("postgresql+psycopg://app:hunter-two@127.0.0.1:1/x", environ=environ)
        check_server(engine, environ=environ, consequence="log")
        with pytest.raises(sqlalchemy.exc.OperationalError):
            check_server(engine, environ=environ)

        async def check() -> None:
            refusing = create_async_engine("postgresql+asyncpg://app:hunter-two@127.0.0.1:1/x", environ=environ)
            await check_server_async(refusing, environ=environ, consequence="log")

        asyncio.run(check())
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "the connection budget could not be compared with the server: OperationalError",
        "the connection budget could not be compared with the server: ConnectionRefusedError",
    ]


def test_the_connection_of_the_check_is_closed_and_leaves_none_in_the_pool(postgres_socket: str) -> None:
    environ = container(DB_APPLICATION_NAME="checks")
    count = sqlalchemy.text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'checks'")
    watch = sqlalchemy.create_engine(address("psycopg", postgres_socket), isolation_level="AUTOCOMMIT")
    with watch.connect() as connection:

        def closed() -> None:
            wait_until(lambda: connection.scalar(count) == 0, "the check has closed its connection")

        async def check() -> None:
            engine = create_async_engine(address("asyncpg", postgres_socket), environ=environ)
            await check_server_async(engine, environ=environ)
            closed()
            await engine.dispose()

        engine = create_engine(address("psycopg", postgres_socket), environ=environ)
        check_server(engine, environ=environ)
        closed()
        asyncio.run(check())
    watch.dispose()


def test_the_check_of_the_server_logs_what_is_wrong_where_it_is_told_to(
    postgres_socket: str, caplog: pytest.LogCaptureFixture
) -> None:
    environ = whole(RDS_MAX_CONNECTIONS="13")

    async def check() -> None:
        engine = create_async_engine(address("asyncpg", postgres_socket), environ=environ)
        await check_server_async(engine, environ=environ, consequence="log")
        await engine.dispose()

    with caplog.at_level(logging.WARNING, "constructs_lib.runtime"):
        asyncio.run(check())
    (record,) = caplog.records
    assert "the server accepts 12 connections, and the budget was made for 13" in record.getMessage()


def test_behind_a_proxy_only_the_limit_is_compared() -> None:
    """A proxy lends its connections: clients may be more than the server accepts."""
    accepted = Accepted(max_connections=12, reserved=3, role_limit=1, database_limit=None)
    environ = container(DB_BEHIND_POOLER="true", DB_POOL_SIZE="100")
    assert differences(read_settings(environ=environ), environ, accepted) == []
    assert len(differences(read_settings(environ=environ), {"RDS_MAX_CONNECTIONS": "13"}, accepted)) == 1


def test_whatever_was_planned_for_a_server_passes_at_that_server() -> None:
    """670 among 4 + 2 pools and 8 × 4 Celery children, at a server that keeps 3 and accepts 683."""
    members = {
        "api": entry(tasks=4),
        "batch": entry(tasks=2, weight=3),
        "workers": entry(kind="celery", tasks=8, concurrency=4),
    }
    accepted = Accepted(max_connections=683, reserved=3, role_limit=None, database_limit=None)
    for environ in planned(members).environments().values():
        assert differences(read_settings(environ=environ), environ, accepted) == []


def test_another_prefix_has_no_numbers_of_the_whole_and_says_so(
    postgres_socket: str, caplog: pytest.LogCaptureFixture
) -> None:
    environ = {name.replace("DB_", "ORDERS_", 1): value for name, value in container().items()}
    environ |= {"RDS_MAX_CONNECTIONS": "683"}
    engine = create_engine(address("psycopg", postgres_socket), prefix="ORDERS_", environ=environ)
    check_server(engine, prefix="ORDERS_", environ=environ)
    engine.dispose()
    assert "with the prefix ORDERS_, only this process's own pool is compared" in caplog.text


def test_another_database_is_refused() -> None:
    with pytest.raises(SettingsError, match="knows PostgreSQL and MySQL, got the dialect 'sqlite'"):
        check_server(sqlalchemy.create_engine("sqlite://"), environ=container())


def test_a_consequence_that_does_not_exist_passes_nothing() -> None:
    consequence: Any = "warn"
    engine = create_engine("postgresql+psycopg://app@127.0.0.1:1/x", environ=container())
    with pytest.raises(SettingsError, match="consequence must be one of raise, log, got 'warn'"):
        check_server(engine, environ=container(), consequence=consequence)
