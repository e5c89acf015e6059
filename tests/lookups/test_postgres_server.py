"""A PostgreSQL server that is asked itself. The server is real; what only RDS has is answered by hand."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing

import psycopg
import pytest

from constructs_lib.limits.facts import ReservedFacts
from constructs_lib.lookups import postgres_server
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.postgres_server import connected, facts_of, read_postgres
from constructs_lib.lookups.server_url import ServerUrl, read_url

DATE = "2026-11-22"
SECRET = "hunter-two"  # noqa: S105 - the password of the server in conftest.py


def url(socket_folder: str, user: str = "app", password: str = SECRET, database: str = "postgres") -> ServerUrl:
    return read_url(f"postgresql://{user}:{password}@/{database}?host={socket_folder}")


def failure(url: ServerUrl) -> str:
    with pytest.raises(LookupFailedError) as caught:
        read_postgres(url, looked_up=DATE)
    text = str(caught.value)
    assert "\n" not in text
    assert SECRET not in text
    assert caught.value.__cause__ is None
    return text


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port on which something listens that never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def test_the_settings_of_the_server_are_the_facts(postgres_socket: str) -> None:
    facts = read_postgres(url(postgres_socket), looked_up=DATE)
    assert (facts.engine, facts.looked_up, facts.max_connections) == ("postgres", DATE, 12)
    assert facts.engine_version is not None
    assert facts.engine_version.startswith("16.")
    assert facts.reserved == ReservedFacts(
        engine=3, settings={"superuser_reserved_connections": 2, "reserved_connections": 1}
    )
    assert (facts.role_connection_limit, facts.database_connection_limit) == (None, None)


def test_an_ordinary_role_can_open_exactly_what_the_facts_leave(postgres_socket: str) -> None:
    facts = read_postgres(url(postgres_socket), looked_up=DATE)
    assert facts.max_connections is not None
    assert facts.reserved is not None
    with ExitStack() as stack:
        for _ in range(facts.max_connections - facts.reserved.engine):
            stack.enter_context(connected(url(postgres_socket)))
        assert failure(url(postgres_socket)).endswith("(pg_use_reserved_connections; on RDS the master user)")


def test_the_limits_of_the_role_and_of_the_database_are_facts(postgres_socket: str) -> None:
    facts = read_postgres(url(postgres_socket, "limited", database="small"), looked_up=DATE)
    assert (facts.role_connection_limit, facts.database_connection_limit) == (7, 5)


def test_a_look_up_takes_one_connection_and_gives_it_back(postgres_socket: str) -> None:
    with psycopg.connect(f"postgresql://postgres@/?host={postgres_socket}", autocommit=True) as connection:
        count = "SELECT sessions FROM pg_stat_database WHERE datname = 'small'"

        def sessions() -> int:
            # The counter is written after a session ends.
            connection.execute("SELECT pg_sleep(0.2), pg_stat_clear_snapshot()")
            row = connection.execute(count).fetchone()
            assert row is not None
            return int(row[0])

        before = sessions()
        read_postgres(url(postgres_socket, database="small"), looked_up=DATE)
        assert sessions() == before + 1
        left = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = 'small'").fetchone()
        assert left == (0,)


def test_the_connection_cannot_write(postgres_socket: str) -> None:
    with connected(url(postgres_socket)) as connection:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("CREATE TEMPORARY SEQUENCE written; CREATE TABLE written (id int)")
        connection.rollback()


@pytest.mark.parametrize(
    ("user", "password", "database", "words"),
    [
        ("app", "wrong", "postgres", "the server does not accept the user or the password"),
        ("nobody", SECRET, "postgres", "the server does not accept the user or the password"),
        ("app", "", "postgres", "the server asks for a password: put it into the URL or into PGPASSWORD"),
        ("app", SECRET, "none", "there is no such database"),
        ("app", "\udcff", "postgres", "no connection (UnicodeEncodeError)"),
        ("full", SECRET, "postgres", "the role or the database has no connection left under its own limit"),
        ("rejected", SECRET, "postgres", "the server does not let this user in from here, or not without TLS"),
    ],
)
def test_a_server_that_refuses_is_one_line_without_a_secret(
    postgres_socket: str,
    monkeypatch: pytest.MonkeyPatch,
    user: str,
    password: str,
    database: str,
    words: str,
) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    text = failure(url(postgres_socket, user, password, database))
    assert text.startswith(f"localhost: {words}")
    assert user not in text.replace("localhost", "").replace(words, "")


def test_a_closed_port_and_an_unknown_host_say_so() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    text = failure(read_url(f"postgresql://app:{SECRET}@127.0.0.1:{port}/x"))
    assert text == f"127.0.0.1:{port}: nothing answers at this host and port"
    assert failure(read_url(f"postgresql://app:{SECRET}@database.invalid/x")) == (
        "database.invalid: the host is not known"
    )
    assert failure(read_url("postgresql://app@/x?host=/nowhere")) == "localhost: nothing answers at this socket"


def test_a_server_that_does_not_answer_is_left_after_the_timeout(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_server, "TIMEOUT_S", 2)
    assert failure(read_url(f"postgresql://app:{SECRET}@127.0.0.1:{silent_port}/x")) == (
        f"127.0.0.1:{silent_port}: the server did not answer in time: check its security group and the network"
    )


def test_a_url_with_options_of_other_drivers_connects(postgres_socket: str) -> None:
    text = (
        f"postgresql+asyncpg://app:{SECRET}@/postgres?host={postgres_socket}&ssl=prefer&prepared_statement_cache_size=0"
    )
    assert read_postgres(read_url(text), looked_up=DATE).max_connections == 12


@pytest.mark.parametrize(
    ("version", "settings", "slots"),
    [
        ("16.4", {"superuser_reserved_connections": 3, "reserved_connections": 2}, 5),
        (
            "17.2",
            {"superuser_reserved_connections": 3, "reserved_connections": 2, "rds.rds_reserved_connections": 4},
            9,
        ),
        (
            "15.9",
            {
                "superuser_reserved_connections": 3,
                "rds.rds_reserved_connections": 4,
                "rds.rds_superuser_reserved_connections": 2,
            },
            9,
        ),
    ],
)
def test_on_rds_all_its_own_reserved_settings_count(version: str, settings: dict[str, int], slots: int) -> None:
    said = {"max_connections": "683", "server_version": version, **{name: str(n) for name, n in settings.items()}}
    facts = facts_of(said, looked_up=DATE)
    assert facts.reserved == ReservedFacts(engine=slots, settings=settings)
    assert facts.engine == "postgres"


def test_a_server_with_aurora_s_function_is_aurora() -> None:
    said = {"max_connections": "683", "server_version": "16.4 (Debian 16.4-1)", "aurora_version": ""}
    facts = facts_of(said, looked_up=DATE)
    assert (facts.engine, facts.engine_version) == ("aurora-postgresql", "16.4")
