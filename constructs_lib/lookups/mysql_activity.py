"""Who is connected to a MySQL or MariaDB server."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import pymysql

from constructs_lib.limits.activity import IDLE_IN_TRANSACTION, Activity, Sessions
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.mysql_server import connected, refusal
from constructs_lib.lookups.server_url import ServerUrl

_LIMITS = "SHOW VARIABLES WHERE Variable_name IN ('max_connections', 'max_user_connections')"
_NAMES = (
    "SELECT PROCESSLIST_ID, ATTR_VALUE FROM performance_schema.session_connect_attrs WHERE ATTR_NAME = 'program_name'"
)
_TRANSACTIONS = "SELECT trx_mysql_thread_id, 1 FROM information_schema.innodb_trx"
_NOT_CLIENTS = {"system user", "event_scheduler"}
# The server does not let this account ask, or has no such table.
_WITHOUT = {1044, 1109, 1142, 1146, 1227}


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
    limits = {str(name).lower(): int(value) for name, value in _rows(cursor, _LIMITS)}
    ((own, account),) = _rows(cursor, "SELECT CONNECTION_ID(), CURRENT_USER()")
    names, in_transaction = _optional(cursor, _NAMES), _optional(cursor, _TRANSACTIONS)
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for ident, user, host, database, command, time, *_ in _rows(cursor, "SHOW PROCESSLIST"):
        if user in _NOT_CLIENTS or ident == own:
            continue
        client = f"{user}@{str(host).partition(':')[0]}"
        state = _state(str(command), in_transaction=ident in in_transaction)
        key = (names.get(ident, "") if names else client, str(user), str(database or ""), state)
        found.setdefault(key, []).append(int(time or 0))
    user_limit = limits.get("max_user_connections", 0)
    return Activity(
        max_connections=limits["max_connections"],
        reserved=0,  # the one for administrators is on top
        sessions=tuple(Sessions(*key, len(times), max(times)) for key, times in sorted(found.items())),
        role_limits={str(account).partition("@")[0]: user_limit} if user_limit else {},
        named=bool(names),
    )


def _state(command: str, *, in_transaction: bool) -> str:
    """MySQL's command in PostgreSQL's words."""
    if command == "Sleep":
        return IDLE_IN_TRANSACTION if in_transaction else "idle"
    return "active"


def _rows(cursor: Any, query: str) -> list[tuple[Any, ...]]:
    cursor.execute(query)
    return list(cursor.fetchall())


def _optional(cursor: Any, query: str) -> Mapping[int, str]:
    """Rows of two by the first, empty where this account may not read them."""
    try:
        return {int(first): str(second) for first, second in _rows(cursor, query)}
    except pymysql.MySQLError as error:
        if error.args and error.args[0] in _WITHOUT:
            return {}
        raise
