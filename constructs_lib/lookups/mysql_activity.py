"""Who is connected to a MySQL or MariaDB server."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import pymysql

from constructs_lib.limits.activity import HIDDEN, IDLE_IN_TRANSACTION, Activity, Sessions
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.mysql_server import connected, refusal
from constructs_lib.lookups.server_url import ServerUrl

_LIMITS = "SHOW VARIABLES WHERE Variable_name IN ('max_connections', 'max_user_connections')"
_OF_ALL = "SHOW GLOBAL VARIABLES LIKE 'max_user_connections'"
_OPEN = "SHOW GLOBAL STATUS LIKE 'Threads_connected'"
_ACCOUNTS = "SELECT user, MIN(max_user_connections) FROM mysql.user WHERE max_user_connections > 0 GROUP BY user"
_NAMES = (
    "SELECT PROCESSLIST_ID, ATTR_VALUE FROM performance_schema.session_connect_attrs WHERE ATTR_NAME = 'program_name'"
)
_TRANSACTIONS = "SELECT trx_mysql_thread_id, 1 FROM information_schema.innodb_trx"
_NOT_CLIENTS = {"system user", "event_scheduler"}
# The server does not let this account ask, or has no such table.
_WITHOUT = {1044, 1049, 1109, 1142, 1143, 1146, 1227}


@contextmanager
def mysql_activity(
    url: ServerUrl, *, connect: Callable[..., Any] = pymysql.connect
) -> Iterator[Callable[[], Activity]]:
    """Open one connection that cannot write, and hand out what looks again whenever it is called."""
    try:
        with closing(connected(url, connect)) as connection, connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            yield lambda: _look(cursor)
    except (pymysql.MySQLError, OSError, RuntimeError, ValueError) as error:
        raise LookupFailedError(f"{url.place}: {refusal(error)}") from None


def _look(cursor: Any) -> Activity:
    limits = _numbers(_rows(cursor, _LIMITS))
    ((own, account, database),) = _rows(cursor, "SELECT CONNECTION_ID(), CURRENT_USER(), DATABASE()")
    names, in_transaction = _optional(cursor, _NAMES) or {}, _optional(cursor, _TRANSACTIONS) or {}
    connected = _numbers(_rows(cursor, _OPEN)).get("threads_connected", 0)
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for ident, user, host, of_database, command, time, *_ in _rows(cursor, "SHOW PROCESSLIST"):
        if user in _NOT_CLIENTS or ident == own:
            continue
        state = _state(str(command), in_transaction=str(ident) in in_transaction)
        name = names.get(str(ident), "") if names else f"{user}@{_host(str(host))}"
        found.setdefault((name, str(user), str(of_database or ""), state), []).append(int(time or 0))
    sessions = [Sessions(*key, len(times), max(times)) for key, times in sorted(found.items())]
    unseen = connected - 1 - sum(item.connections for item in sessions)
    if unseen > 0:  # without PROCESS, an account sees its own sessions only
        sessions.append(Sessions("", "", "", HIDDEN, unseen, 0))
    role, accounts = str(account).rpartition("@")[0], _optional(cursor, _ACCOUNTS)
    return Activity(
        max_connections=limits["max_connections"],
        reserved=0,  # the one for administrators is on top
        sessions=tuple(sessions),
        role_limits=_role_limits(
            role,
            limits.get("max_user_connections", 0),
            _numbers(_rows(cursor, _OF_ALL)).get("max_user_connections", 0),
            {item.user for item in sessions if item.user},
            accounts or {},
        ),
        named=bool(names) and unseen <= 0,
        role=role,
        database=str(database or ""),
        administrator=accounts is not None,
    )


def _role_limits(
    role: str, own: int, of_all: int, users: Iterable[str], accounts: Mapping[str, str]
) -> Mapping[str, int]:
    """Limits by account; the global one is for those without their own, and 0 stands for none."""
    limits = dict.fromkeys(users, of_all) | {user: int(limit) for user, limit in accounts.items()} | {role: own}
    return {user: limit for user, limit in limits.items() if limit > 0}


def _host(host: str) -> str:
    """The host of `10.0.0.7:5012`, of `2001:db8::7:5012`, or of a socket's `localhost`."""
    name, _, port = host.rpartition(":")
    return name if name and port.isdigit() else host


def _state(command: str, *, in_transaction: bool) -> str:
    """MySQL's command in PostgreSQL's words."""
    if command == "Sleep":
        return IDLE_IN_TRANSACTION if in_transaction else "idle"
    return "active"


def _rows(cursor: Any, query: str) -> list[tuple[Any, ...]]:
    cursor.execute(query)
    return list(cursor.fetchall())


def _numbers(rows: Iterable[tuple[Any, ...]]) -> dict[str, int]:
    return {str(name).lower(): int(value) for name, value in rows}


def _optional(cursor: Any, query: str) -> Mapping[str, str] | None:
    """Rows of two by the first; None where this account may not read them."""
    try:
        return {_text(first): _text(second) for first, second in _rows(cursor, query)}
    except pymysql.MySQLError as error:
        if error.args and error.args[0] in _WITHOUT:
            return None
        raise


def _text(value: object) -> str:
    """Columns with a binary collation, such as the names of accounts in some versions, arrive as bytes."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
