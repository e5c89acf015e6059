"""Who is connected to a PostgreSQL server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from constructs_lib.limits.activity import Activity, Sessions
from constructs_lib.limits.reserved import RESERVING_SETTINGS, reserved_by
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.postgres_refusal import refusal
from constructs_lib.lookups.postgres_server import TIMEOUT_S, connected
from constructs_lib.lookups.server_url import ServerUrl

# Of another role's sessions an ordinary role sees neither state nor kind, and without track_activities nobody a state;
# every client has a role and a database.
_SESSIONS = """
SELECT coalesce(application_name, ''), usename::text, datname::text,
       coalesce(nullif(state, 'disabled'), 'hidden'), count(*)::int,
       coalesce(max(extract(epoch FROM clock_timestamp() - state_change)), 0)::int
FROM pg_catalog.pg_stat_activity
WHERE pid <> pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend'
  AND usename IS NOT NULL AND datname IS NOT NULL
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
_SETTINGS = "SELECT name, setting FROM pg_catalog.pg_settings WHERE name = ANY(%s)"
_ROLES = "SELECT rolname::text, rolconnlimit FROM pg_catalog.pg_roles WHERE rolconnlimit >= 0 AND rolcanlogin"
_DATABASES = "SELECT datname::text, datconnlimit FROM pg_catalog.pg_database WHERE datconnlimit >= 0"

# RDS gives its master user CREATEROLE; it has no superusers for people.
_SELF = """
SELECT session_user::text, current_database()::text, rolsuper OR rolcreaterole
FROM pg_catalog.pg_roles WHERE rolname = session_user
"""


@contextmanager
def postgres_activity(url: ServerUrl) -> Iterator[Callable[[], Activity]]:
    """Open one connection that cannot write, and hand out what looks again whenever it is called."""
    try:
        with connected(url) as connection:
            yield lambda: _look(connection)
    except (psycopg.Error, ValueError) as error:  # ValueError: what cannot be encoded
        raise LookupFailedError(f"{url.place}: {refusal(error)}") from None


def _look(connection: "psycopg.Connection") -> Activity:
    with connection.transaction():
        connection.execute(f"SET LOCAL statement_timeout = {TIMEOUT_S * 1000}")
        settings: dict[str, str] = dict(
            connection.execute(_SETTINGS, [["max_connections", *RESERVING_SETTINGS]]).fetchall()
        )
        ((role, database, administrator),) = connection.execute(_SELF).fetchall()
        return Activity(
            max_connections=int(settings["max_connections"]),
            reserved=sum(reserved_by(settings).values()),
            sessions=tuple(Sessions(*row) for row in connection.execute(_SESSIONS).fetchall()),
            role_limits=dict(connection.execute(_ROLES).fetchall()),
            database_limits=dict(connection.execute(_DATABASES).fetchall()),
            role=role,
            database=database,
            administrator=administrator,
        )
