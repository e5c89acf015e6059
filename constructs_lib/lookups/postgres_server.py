"""What a PostgreSQL server says of itself."""

from collections.abc import Mapping

import psycopg
from psycopg.conninfo import make_conninfo

from constructs_lib.limits.facts import ReservedFacts, ServerFacts
from constructs_lib.limits.reserved import RESERVING_SETTINGS, reserved_by
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.postgres_refusal import refusal
from constructs_lib.lookups.server_url import ServerUrl
from constructs_lib.lookups.tls import libpq_tls

TIMEOUT_S = 5

_SETTINGS = ("max_connections", "server_version", *RESERVING_SETTINGS)
_QUERY = """
SELECT name, setting FROM pg_catalog.pg_settings WHERE name = ANY(%s)
UNION ALL SELECT 'rolconnlimit', rolconnlimit::text FROM pg_catalog.pg_roles WHERE rolname = session_user
UNION ALL SELECT 'datconnlimit', datconnlimit::text FROM pg_catalog.pg_database WHERE datname = current_database()
UNION ALL SELECT DISTINCT proname::text, '' FROM pg_catalog.pg_proc WHERE proname = 'aurora_version'
"""
# Those of libpq's options that decide how it connects: a URL written for another driver has options of its own.
_OPTIONS = {
    "channel_binding",
    "gssencmode",
    "host",
    "port",
    "target_session_attrs",
}


def read_postgres(url: ServerUrl, *, looked_up: str) -> ServerFacts:
    """Read limits and reserved slots over one connection, in one transaction that cannot write."""
    said = _said(url)
    if not {"max_connections", "server_version"} <= set(said):
        raise LookupFailedError(f"{url.place} does not say its max_connections: it is no PostgreSQL server")
    return facts_of(said, looked_up=looked_up)


def facts_of(said: Mapping[str, str], *, looked_up: str) -> ServerFacts:
    """Make facts of a server's settings by name, and of the limits of its role and database by their columns."""
    reserved = reserved_by(said)
    return ServerFacts(
        looked_up=looked_up,
        engine="aurora-postgresql" if "aurora_version" in said else "postgres",
        engine_version=said["server_version"].split()[0],
        max_connections=int(said["max_connections"]),
        reserved=ReservedFacts(engine=sum(reserved.values()), settings=reserved),
        role_connection_limit=_limited(said, "rolconnlimit"),
        database_connection_limit=_limited(said, "datconnlimit"),
    )


def connected(url: ServerUrl) -> "psycopg.Connection":
    """Open a connection whose transactions cannot write."""
    given = {"host": url.host, "port": url.port, "user": url.user, "password": url.password, "dbname": url.database}
    options = {key: value for key, value in url.options.items() if key in _OPTIONS} | libpq_tls(url.options)
    conninfo = make_conninfo(
        "",
        **{**given, **options},
        connect_timeout=TIMEOUT_S,
        tcp_user_timeout=TIMEOUT_S * 1000,
        application_name="connection-budget",
    )
    connection = psycopg.connect(conninfo)
    connection.read_only = True
    return connection


def _said(url: ServerUrl) -> dict[str, str]:
    try:
        with connected(url) as connection:
            connection.execute(f"SET LOCAL statement_timeout = {TIMEOUT_S * 1000}")
            return dict(connection.execute(_QUERY, [list(_SETTINGS)]).fetchall())
    except (psycopg.Error, ValueError) as error:  # ValueError: what cannot be encoded
        raise LookupFailedError(f"{url.place}: {refusal(error)}") from None


def _limited(said: Mapping[str, str], name: str) -> int | None:
    limit = int(said.get(name, -1))
    return limit if limit >= 0 else None  # -1 stands for none
