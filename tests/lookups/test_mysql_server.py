"""A MySQL server that is asked itself: a scripted connection stands for it, as no wheel has a MySQL server."""

import socket
import ssl
from contextlib import AbstractContextManager, closing, nullcontext
from typing import Any

import pymysql
import pytest

from constructs_lib.limits.facts import ReservedFacts, ServerFacts
from constructs_lib.lookups import mysql_server
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.mysql_server import read_mysql
from constructs_lib.lookups.server_url import read_url

DATE = "2026-11-22"
URL = read_url("mysql+aiomysql://app:hunter%C3%BC@db:3307/orders?charset=utf8mb4&ssl_mode=REQUIRED")


class Server:
    """Answers SHOW VARIABLES, and remembers what it was asked; an exception instead of rows is raised."""

    def __init__(self, rows: dict[str, str] | Exception) -> None:
        self.rows = rows
        self.given: dict[str, Any] = {}
        self.statements: list[str] = []
        self.open = 0

    def connect(self, **given: Any) -> "Server":
        self.given = given
        self.open += 1
        return self

    def cursor(self) -> AbstractContextManager["Server"]:
        return nullcontext(self)

    def execute(self, statement: str, _values: tuple[str, ...] = ()) -> None:
        self.statements.append(statement)
        if isinstance(self.rows, Exception):
            raise self.rows

    def fetchall(self) -> list[tuple[str, str]]:
        assert not isinstance(self.rows, Exception)
        return list(self.rows.items())

    def close(self) -> None:
        self.open -= 1


def facts(**rows: str) -> ServerFacts:
    return read_mysql(URL, looked_up=DATE, connect=Server(rows).connect)


def failure(error: Exception) -> str:
    server = Server(error)
    with pytest.raises(LookupFailedError) as caught:
        read_mysql(URL, looked_up=DATE, connect=server.connect)
    assert server.open == 0
    text = str(caught.value)
    assert "\n" not in text
    assert "hunter" not in text
    assert "app" not in text
    return text


@pytest.mark.parametrize(
    ("rows", "engine", "version"),
    [
        ({"version": "8.0.40"}, "mysql", "8.0.40"),
        ({"version": "8.4.3-log"}, "mysql", "8.4.3"),
        ({"version": "10.11.6-MariaDB-log"}, "mariadb", "10.11.6"),
        ({"version": "8.0.39", "aurora_version": "3.08.0"}, "aurora-mysql", "8.0.mysql_aurora.3.08.0"),
        ({"version": "5.7.12-log", "aurora_version": "2.11.2"}, "aurora-mysql", "5.7.mysql_aurora.2.11.2"),
    ],
)
def test_engine_and_version_are_named_as_rds_names_them(rows: dict[str, str], engine: str, version: str) -> None:
    found = facts(max_connections="630", max_user_connections="0", **rows)
    assert found == ServerFacts(
        looked_up=DATE, engine=engine, engine_version=version, max_connections=630, reserved=ReservedFacts(engine=0)
    )


def test_the_limit_of_the_account_is_a_fact() -> None:
    assert facts(max_connections="630", max_user_connections="40", version="8.0.40").role_connection_limit == 40


def test_the_session_is_made_read_only_before_it_is_asked_and_is_closed() -> None:
    server = Server({"max_connections": "630", "version": "8.0.40"})
    read_mysql(URL, looked_up=DATE, connect=server.connect)
    assert server.statements[0] == "SET SESSION TRANSACTION READ ONLY"
    assert len(server.statements) == 2
    assert server.statements[1].startswith("SHOW VARIABLES ")
    assert server.open == 0


def test_the_url_decides_where_and_the_timeouts_are_short() -> None:
    server = Server({"max_connections": "630", "version": "8.0.40"})
    read_mysql(URL, looked_up=DATE, connect=server.connect)
    timeouts = {server.given.pop(name) for name in ("connect_timeout", "read_timeout", "write_timeout")}
    assert max(timeouts) <= 5
    assert isinstance(server.given.pop("ssl"), ssl.SSLContext)
    assert server.given == {
        "host": "db",
        "port": 3307,
        "user": "app",
        "password": "hunterü".encode(),
        "database": "orders",
    }


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            pymysql.err.OperationalError(1045, "Access denied for 'app'@'h' hunter"),
            "does not accept the user or the pass",
        ),
        (pymysql.err.OperationalError(1040, "Too many connections"), "the server has no connection left"),
        (pymysql.err.OperationalError(1049, "Unknown database 'app'"), "there is no such database"),
        (pymysql.err.OperationalError(2003, "Can't connect to 'app'"), "nothing answers at this host and port"),
        (pymysql.err.OperationalError(3159, "insecure"), "the server takes TLS connections only"),
        (pymysql.err.ProgrammingError(1064, "app"), "no answer (ProgrammingError, error 1064)"),
        (pymysql.err.InternalError("hunter"), "no answer (InternalError, error 0)"),
        (RuntimeError("'cryptography' package is required, app"), "no connection (RuntimeError)"),
        (FileNotFoundError("/app/ca.pem"), "no connection (FileNotFoundError)"),
        (UnicodeEncodeError("latin-1", "hunter", 0, 1, "app"), "no connection (UnicodeEncodeError)"),
    ],
)
def test_a_server_that_refuses_is_one_line_without_a_secret(error: Exception, words: str) -> None:
    text = failure(error)
    assert text.startswith("db:3307: ")
    assert words in text


def test_a_server_that_says_nothing_is_no_mysql_server() -> None:
    with pytest.raises(LookupFailedError, match="db:3307 does not say its max_connections: it is no MySQL server"):
        facts()


def test_pymysql_itself_finds_a_closed_port_and_gives_up_on_a_silent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mysql_server, "TIMEOUT_S", 1)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(LookupFailedError, match="the server did not answer in time"):
            read_mysql(read_url(f"mysql://app:hunter@127.0.0.1:{port}/x"), looked_up=DATE)
    with pytest.raises(LookupFailedError, match=f"127.0.0.1:{port}: nothing answers at this host and port"):
        read_mysql(read_url(f"mysql://app:hunter@127.0.0.1:{port}/x"), looked_up=DATE)
