"""Asking a server who is connected."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from constructs_lib.limits.activity import Activity
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.server_url import Protocol, ServerUrl


def activity_at(url: ServerUrl) -> AbstractContextManager[Callable[[], Activity]]:
    """Open one connection; what the `with` gives looks again whenever it is called."""
    try:
        if url.protocol is Protocol.POSTGRESQL:
            from constructs_lib.lookups.postgres_activity import postgres_activity

            return postgres_activity(url)
        from constructs_lib.lookups.mysql_activity import mysql_activity

        return mysql_activity(url)
    except ImportError:  # also psycopg without its binary
        raise LookupFailedError("asking a server needs an extra: pip install 'rds-connection-budget[server]'") from None
