"""Asking a server itself, and adding its answer to what AWS said of it."""

from dataclasses import replace
from datetime import datetime, timezone

from constructs_lib.limits.facts import ServerFacts
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.server_url import Protocol, ServerUrl


def look_up_server(url: ServerUrl, *, now: datetime) -> ServerFacts:
    """Read what the server at a URL says; the driver is loaded here, because the other protocol needs another."""
    looked_up = now.astimezone(timezone.utc).date().isoformat()
    try:
        if url.protocol is Protocol.POSTGRESQL:
            from constructs_lib.lookups.postgres_server import read_postgres

            return read_postgres(url, looked_up=looked_up)
        from constructs_lib.lookups.mysql_server import read_mysql

        return read_mysql(url, looked_up=looked_up)
    except ImportError:  # also psycopg without its binary
        raise LookupFailedError("asking a server needs an extra: pip install 'rds-connection-budget[server]'") from None


def with_answer(known: ServerFacts | None, answer: ServerFacts) -> ServerFacts:
    """Keep what only AWS knows, such as the class or a parameter that waits for a reboot, beside what it answered."""
    if known is None or known.engine != answer.engine:
        return answer
    return replace(
        known,
        looked_up=answer.looked_up,
        engine_version=answer.engine_version,
        max_connections=answer.max_connections,
        reserved=answer.reserved,
        role_connection_limit=answer.role_connection_limit,
        database_connection_limit=answer.database_connection_limit,
    )
