"""Who is connected to a MySQL server: a scripted connection stands for it, as no wheel has a MySQL server."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pymysql
import pytest

from constructs_lib.limits.activity import Sessions
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.mysql_activity import mysql_activity
from constructs_lib.lookups.server_url import read_url

URL = read_url("mysql://app:hunter-two@db/orders")
DENIED = pymysql.err.OperationalError(1142, "SELECT command denied to user 'app'@'%'")
PROCESSES = [
    (1, "event_scheduler", "localhost", None, "Daemon", 99, "Waiting", None),
    (7, "app", "10.0.0.7:5012", "orders", "Query", 0, "init", "SHOW PROCESSLIST"),
    (8, "app", "10.0.0.7:5013", "orders", "Sleep", 12, "", None),
    (9, "app", "10.0.0.7:5014", "orders", "Sleep", 40, "", None),
    (10, "app", "10.0.0.8:5015", "orders", "Execute", 3, "", "SELECT 1"),
    (11, "root", "localhost", None, "Sleep", 5, "", None),
]
ANSWERS: Mapping[str, Any] = {
    "SHOW VARIABLES": [("max_connections", "150"), ("max_user_connections", "0")],
    "SELECT CONNECTION_ID()": [(7, "app@%")],
    "SELECT PROCESSLIST_ID": [(8, "api"), (9, "api"), (10, "api"), (11, "mysql")],
    "SELECT trx_mysql_thread_id": [(9, 1)],
    "SHOW PROCESSLIST": PROCESSES,
    "SET SESSION TRANSACTION READ ONLY": [],
}


class Server:
    """Answers by the beginning of a statement; an exception instead of rows is raised."""

    def __init__(self, **changed: Any) -> None:
        names = {"limits": "SHOW VARIABLES", "names": "SELECT PROCESSLIST_ID", "trx": "SELECT trx_mysql_thread_id"}
        self.answers = {**ANSWERS, **{names[key]: value for key, value in changed.items()}}
        self.rows: list[tuple[Any, ...]] = []
        self.open = 0

    def connect(self, **_given: Any) -> "Server":
        self.open += 1
        return self

    def cursor(self) -> AbstractContextManager["Server"]:
        return nullcontext(self)

    def execute(self, statement: str) -> None:
        answer = next(value for key, value in self.answers.items() if statement.startswith(key))
        if isinstance(answer, Exception):
            raise answer
        self.rows = answer

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows

    def close(self) -> None:
        self.open -= 1


def test_connections_are_counted_by_the_name_that_their_program_gave() -> None:
    server = Server()
    with mysql_activity(URL, connect=server.connect) as look:
        activity = look()
    assert server.open == 0
    assert activity.sessions == (
        Sessions("api", "app", "orders", "active", 1, 3),
        Sessions("api", "app", "orders", "idle", 1, 12),
        Sessions("api", "app", "orders", "idle in transaction", 1, 40),
        Sessions("mysql", "root", "", "idle", 1, 5),
    )
    assert (activity.max_connections, activity.reserved, activity.in_use, activity.named) == (150, 0, 4, True)
    assert activity.role_limits == {}


def test_without_the_right_to_read_names_it_is_user_and_host() -> None:
    server = Server(names=DENIED, trx=DENIED, limits=[("max_connections", "150"), ("max_user_connections", "20")])
    with mysql_activity(URL, connect=server.connect) as look:
        activity = look()
    assert not activity.named
    assert activity.sessions == (
        Sessions("app@10.0.0.7", "app", "orders", "idle", 2, 40),
        Sessions("app@10.0.0.8", "app", "orders", "active", 1, 3),
        Sessions("root@localhost", "root", "", "idle", 1, 5),
    )
    assert activity.role_limits == {"app": 20}


def test_another_error_is_one_line_without_a_secret() -> None:
    server = Server(names=pymysql.err.OperationalError(2013, "Lost connection to app:hunter-two"))
    with pytest.raises(LookupFailedError) as caught, mysql_activity(URL, connect=server.connect) as look:
        look()
    assert str(caught.value) == "db: the server did not answer in time"
    assert server.open == 0
