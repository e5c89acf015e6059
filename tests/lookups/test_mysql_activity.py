"""Who is connected to a MySQL server: a scripted connection stands for it, as no wheel has a MySQL server."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pymysql
import pytest

from constructs_lib.limits.activity import HIDDEN, Activity, Sessions
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
    "SHOW GLOBAL VARIABLES": [("max_user_connections", "0")],
    "SHOW GLOBAL STATUS": [("Threads_connected", "5")],
    "SELECT CONNECTION_ID()": [(7, "app@%", "orders")],
    "SELECT user, MIN(max_user_connections)": DENIED,
    "SELECT PROCESSLIST_ID": [(8, "api"), (9, "api"), (10, "api"), (11, "mysql")],
    "SELECT trx_mysql_thread_id": [(9, 1)],
    "SHOW PROCESSLIST": PROCESSES,
    "SET SESSION TRANSACTION READ ONLY": [],
}


class Server:
    """Answers by the beginning of a statement; an exception instead of rows is raised."""

    def __init__(self, **changed: Any) -> None:
        names = {
            "limits": "SHOW VARIABLES",
            "of_all": "SHOW GLOBAL VARIABLES",
            "connected": "SHOW GLOBAL STATUS",
            "accounts": "SELECT user, MIN(max_user_connections)",
            "names": "SELECT PROCESSLIST_ID",
            "trx": "SELECT trx_mysql_thread_id",
            "processes": "SHOW PROCESSLIST",
        }
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
    assert (activity.role, activity.database, activity.administrator) == ("app", "orders", False)


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


def looked(**changed: Any) -> Activity:
    with mysql_activity(URL, connect=Server(**changed).connect) as look:
        return look()


def test_sessions_that_an_account_without_process_may_not_see_are_counted_as_hidden() -> None:
    """9 are connected; this one, and 4 that are seen, leave 4."""
    activity = looked(connected=[("Threads_connected", "9")])
    assert activity.sessions[-1] == Sessions("", "", "", HIDDEN, 4, 0)
    assert (activity.in_use, activity.named) == (8, False)


def test_limits_are_those_of_accounts_where_they_may_be_read_and_of_all_where_not() -> None:
    """The own one is the session's; `root` is seen, `batch` only in mysql.user, and 0 is none."""
    own = [("max_connections", "150"), ("max_user_connections", "20")]
    of_all = [("max_user_connections", "30")]
    assert looked(limits=own, of_all=of_all).role_limits == {"app": 20, "root": 30}
    administrator = looked(limits=own, accounts=[(b"batch", 5), ("app", 20)])
    assert administrator.role_limits == {"app": 20, "batch": 5}
    assert administrator.administrator


def test_other_forms_of_a_process_list_are_read() -> None:
    """MariaDB has one more column, an address of IPv6 has colons, a login has no time, a name may be bytes."""
    activity = looked(
        processes=[
            (8, "app", "2001:db8::7:5013", "orders", "Sleep", 12, "", None, 0.0),
            (9, "app", "[2001:db8::7]:5014", "orders", "Query", None, None, None, 0.0),
            (12, "unauthenticated user", "connecting host", None, "Connect", None, "login", None, 0.0),
            (13, "system user", "", None, "Daemon", None, None, None, 0.0),
        ],
        names=[],
        connected=[("Threads_connected", "4")],
    )
    assert [item[:2] for item in activity.sessions] == [
        ("app@2001:db8::7", "app"),
        ("app@[2001:db8::7]", "app"),
        ("unauthenticated user@connecting host", "unauthenticated user"),
    ]
    assert not activity.named
    assert looked(names=[(8, b"api"), (9, b"api")]).sessions[-1].application_name == "api"


def test_another_error_is_one_line_without_a_secret() -> None:
    server = Server(names=pymysql.err.OperationalError(2013, "Lost connection to app:hunter-two"))
    with pytest.raises(LookupFailedError) as caught, mysql_activity(URL, connect=server.connect) as look:
        look()
    assert str(caught.value) == "db: the server did not answer in time"
    assert server.open == 0
