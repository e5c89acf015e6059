"""Knowing an error message in what is pasted from a log."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.budget.error_messages import ERROR_MESSAGES, LONGEST, recognized


def ids(text: str) -> list[str]:
    return [message.id for message in recognized(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FATAL: remaining connection slots are reserved for non-replication superuser connections", "slots-reserved"),
        (
            'FATAL:  remaining connection slots are reserved for roles with privileges of the "rds_reserved" role',
            "slots-reserved",
        ),
        ("remaining connection slots are reserved for roles with the SUPERUSER attribute", "slots-reserved"),
        (
            (
                'psycopg.OperationalError: connection failed: connection to server at "10.0.0.1", port 5432 failed:'
                " FATAL:  sorry, too many clients already"
            ),
            "too-many-clients",
        ),
        ("WARNING: there are already too many connections to the database", "too-many-clients"),
        ("asyncpg.exceptions.TooManyConnectionsError: sorry, too many clients already", "too-many-clients"),
        ("QueuePool limit of size 5 overflow 10 reached", "queue-pool-limit"),
        (
            (
                "sqlalchemy.exc.TimeoutError: QueuePool limit of size 20 overflow 0 reached, connection timed out,"
                " timeout 30.00 (Background on this error at: https://sqlalche.me/e/20/3o7r)"
            ),
            "queue-pool-limit",
        ),
        (
            'asyncpg.exceptions.TooManyConnectionsError: FATAL: too many connections for role "app"',
            "role-connection-limit",
        ),
        ('too many connections for database "orders"', "role-connection-limit"),
        (
            "ERROR 1226 (42000): User 'app' has exceeded the 'max_user_connections' resource (current value: 10)",
            "role-connection-limit",
        ),
        ("ConnectionDoesNotExistError", "connection-does-not-exist"),
        (
            "asyncpg.exceptions.ConnectionDoesNotExistError: connection was closed in the middle of operation",
            "connection-does-not-exist",
        ),
        ("psycopg2.OperationalError: server closed the connection\nunexpectedly", "connection-does-not-exist"),
        ("psycopg2.OperationalError: SSL error: decryption failed or bad record mac", "shared-after-fork"),
        ("ssl.SSLError: [SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC] decryption failed", "shared-after-fork"),
        ("SSL error: sslv3 alert bad record mac", "shared-after-fork"),
        ('lost synchronization with server: got message type "D", length 1920233074', "shared-after-fork"),
        ("pymysql.err.InternalError: Packet sequence number wrong - got 1 expected 2", "shared-after-fork"),
        ("django.db.utils.InterfaceError: connection already closed", "connection-already-closed"),
        ("asyncpg.exceptions._base.InterfaceError: connection is closed", "connection-already-closed"),
        ("(2006, 'MySQL server has gone away')", "mysql-gone-away"),
        ("MySQL server has gone away", "mysql-gone-away"),
        ("ERROR 2013 (HY000): Lost connection to MySQL server during query", "mysql-gone-away"),
        ("Lost connection to server during query", "mysql-gone-away"),
        (
            "HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10)",
            "hikari-pool-timeout",
        ),
        (
            "ActiveRecord::ConnectionTimeoutError (could not obtain a connection from the pool within 5.000 seconds)",
            "active-record-pool-timeout",
        ),
        ("Timed out fetching a new connection from the connection pool", "prisma-pool-timeout"),
        ("Knex: Timeout acquiring a connection. The pool is probably full.", "knex-pool-timeout"),
        ("Timeout acquiring a connection. The pool is probably full.", "knex-pool-timeout"),
        ("TimeoutError on first request after low-traffic period", "timeout-after-idle"),
        ("asyncio.exceptions.TimeoutError", "timeout-after-idle"),
        (
            (
                "sqlalchemy.exc.OperationalError: (asyncpg.exceptions.QueryCanceledError) ERROR: canceling statement"
                " due to statement timeout"
            ),
            "statement-timeout",
        ),
        ('pymysql.err.OperationalError: (1040, "Too many connections")', "mysql-too-many-connections"),
        ("ERROR 1040 (08004): Too many connections", "mysql-too-many-connections"),
        ('broker redis://cache: (1040, "Too many connections")', "mysql-too-many-connections"),
        ("Too many connections", "mysql-too-many-connections"),
        ("FATAL: Timed-out waiting to acquire database connection", "proxy-borrow-timeout"),
        ("ERROR 9501 (HY000): Timed-out waiting to acquire database connection", "proxy-borrow-timeout"),
        ("psycopg.OperationalError: FATAL: query_wait_timeout", "proxy-borrow-timeout"),
        ("psycopg_pool.PoolTimeout: couldn't get a connection after 30.00 sec", "psycopg-pool-timeout"),
        ("FATAL: no more connections allowed (max_client_conn)", "pgbouncer-max-client-conn"),
        ('prepared statement "__asyncpg_stmt_1__" does not exist', "prepared-statement"),
        ('psycopg.errors.DuplicatePreparedStatement: prepared statement "_pg3_0" already exists', "prepared-statement"),
        ("psycopg2.OperationalError: SSL SYSCALL error: EOF detected", "connection-does-not-exist"),
        ('FATAL: PAM authentication failed for user "app"', "pam-authentication"),
        ("FATAL: terminating connection due to idle-in-transaction timeout", "idle-in-transaction"),
        (
            (
                "FATAL: terminating connection due to idle-in-transaction timeout\nserver closed the connection"
                " unexpectedly"
            ),
            "idle-in-transaction",
        ),
        ("FATAL: terminating connection due to idle-session timeout", "connection-does-not-exist"),
        ("redis.exceptions.ConnectionError: max number of clients reached", "redis-max-clients"),
        ("(error) ERR max number of clients reached", "redis-max-clients"),
        ("redis.exceptions.ConnectionError: Too many connections", "redis-max-clients"),
    ],
)
def test_a_message_is_known_by_its_own_words(text: str, expected: str) -> None:
    assert ids(text) == [expected]
    assert ids(f"2026-11-24 10:00:00 [1234]\n  {text.upper()}\n\tat line 5\n" if ":" in text else text) == [expected]


def test_a_class_that_several_messages_have_in_common_names_them_all() -> None:
    """asyncpg has one class for SQLSTATE 53300."""
    known = ["slots-reserved", "too-many-clients", "role-connection-limit"]
    for text in ("TooManyConnectionsError", "SQLSTATE 53300", "sqlstate=53300", "code: '53300'", "FATAL:  53300: x"):
        assert ids(text) == known


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "relation does not exist",
        "canceling statement due to lock timeout",
        "connection refused",
        "order 53300 is paid",
        "zip code 53300",
        "ticket 57014",
        "order 1226 exceeded its budget",
        "in 2006 the pool was new",
        "redis.exceptions.TimeoutError: Timeout reading from socket",
        "httpx.PoolTimeout",
        "urllib3.exceptions.SSLError: [SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC]",
        "pymongo.errors.AutoReconnect: too many connections",
        "pool",
        "\x00",
    ],
)
def test_what_is_none_of_them_is_not_taken_for_one(text: str) -> None:
    assert ids(text) == []


@pytest.mark.parametrize("message", ERROR_MESSAGES, ids=lambda message: message.id)
def test_every_message_is_known_by_its_own_example_alone(message: object) -> None:
    assert ids(getattr(message, "text", "")) == [getattr(message, "id", "")]


def test_every_message_has_a_name_a_cause_a_remedy_and_the_title_of_its_source() -> None:
    names = [message.id for message in ERROR_MESSAGES]
    assert len(set(names)) == len(names) >= 7
    for message in ERROR_MESSAGES:
        assert message.cause
        assert message.remedy
        assert re.search(r'^[A-Z].+, ".+"', message.source)
        assert not any(words.endswith(".") for words in (message.cause, message.remedy, message.source))


def test_a_traceback_is_known_by_its_end() -> None:
    assert ids("x" * LONGEST + "\nsorry, too many clients already") == ["too-many-clients"]


@given(st.text(max_size=300), st.sampled_from(ERROR_MESSAGES), st.text(max_size=300))
def test_whatever_stands_around_a_message_it_is_among_those_found(before: str, message: object, after: str) -> None:
    text = getattr(message, "text", "")
    if getattr(message, "id", "") != "mysql-too-many-connections":
        assert getattr(message, "id", "") in ids(f"{before}\n{text}\n{after}")


def test_a_text_that_nearly_matches_over_and_over_takes_no_time() -> None:
    assert ids("timed out acquir borrow queuepool 1040 " * 1000) != ["slots-reserved"]
