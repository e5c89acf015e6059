"""What a MySQL or MariaDB server says of itself."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pymysql

from constructs_lib.limits.facts import ReservedFacts, ServerFacts
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.server_url import ServerUrl
from constructs_lib.lookups.tls import pymysql_tls

TIMEOUT_S = 5

_VARIABLES = ("max_connections", "max_user_connections", "version", "aurora_version")
_QUERY = f"SHOW VARIABLES WHERE Variable_name IN ({', '.join(['%s'] * len(_VARIABLES))})"
_OPTIONS = {"unix_socket"}

# Error codes of the server (1…) and of the client (2…): "MySQL Error Message Reference".
_REASONS = {
    1040: "the server has no connection left: one with CONNECTION_ADMIN (MariaDB: CONNECTION ADMIN) may still enter,"
    " which the master user of RDS is not",
    1044: "this user may not use the database",
    1045: "the server does not accept the user or the password",
    1049: "there is no such database",
    1129: "the server has blocked this host after too many failed connections",
    1130: "the server does not let this host in",
    1203: "the user has no connection left under its own limit",
    1226: "the user has no connection left under its own limit",
    1698: "the server does not accept the user or the password",
    2002: "nothing answers at this socket",
    2003: "nothing answers at this host and port: check its security group and the network",
    2013: "the server did not answer in time",
    2026: "no TLS connection can be made: check ssl_ca, and whether this is a MySQL server",
    3159: "the server takes TLS connections only",
}


def read_mysql(url: ServerUrl, *, looked_up: str, connect: Callable[..., Any] = pymysql.connect) -> ServerFacts:
    """Read limits over one connection that cannot write; MySQL reserves its extra connection outside the limit."""
    said = _said(url, connect)
    if not {"max_connections", "version"} <= set(said):
        raise LookupFailedError(f"{url.place} does not say its max_connections: it is no MySQL server")
    engine, version = _engine(said["version"], said.get("aurora_version"))
    return ServerFacts(
        looked_up=looked_up,
        engine=engine,
        engine_version=version,
        max_connections=int(said["max_connections"]),
        reserved=ReservedFacts(engine=0),
        # In a session this variable is the limit of its account, else the global one; 0 stands for none.
        role_connection_limit=int(said.get("max_user_connections", 0)) or None,
    )


def refusal(error: Exception) -> str:
    """Word an error of PyMySQL, or of what it calls, by its code."""
    if not isinstance(error, pymysql.MySQLError):
        # An ssl_ca that cannot be read, a password plugin whose package is missing, what cannot be encoded.
        return f"no connection ({type(error).__name__})"
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    return _REASONS.get(code, f"no answer ({type(error).__name__}, error {code})")


def _said(url: ServerUrl, connect: Callable[..., Any]) -> dict[str, str]:
    try:
        with closing(connected(url, connect)) as connection, connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            cursor.execute(_QUERY, _VARIABLES)
            return {str(name).lower(): str(value) for name, value in cursor.fetchall()}
    except (pymysql.MySQLError, OSError, RuntimeError, ValueError) as error:
        raise LookupFailedError(f"{url.place}: {refusal(error)}") from None


def connected(url: ServerUrl, connect: Callable[..., Any]) -> Any:
    """Open a connection that gives up where the server does not answer."""
    given = {
        "host": url.host,
        "port": url.port,
        "user": url.user,
        "password": url.password.encode() if url.password else None,  # PyMySQL would encode it as Latin-1
        "database": url.database,
    }
    options = {key: value for key, value in url.options.items() if key in _OPTIONS}
    return connect(
        **{key: value for key, value in {**given, **options}.items() if value is not None},
        **pymysql_tls(url.options),
        connect_timeout=TIMEOUT_S,
        read_timeout=TIMEOUT_S,
        write_timeout=TIMEOUT_S,
    )


def _engine(version: str, aurora_version: str | None) -> tuple[str, str]:
    """Name engine and version as RDS does: 8.0.40, 10.11.6 of 10.11.6-MariaDB-log, 8.0.mysql_aurora.3.08.0."""
    number = version.partition("-")[0]
    if aurora_version:
        return "aurora-mysql", f"{'.'.join(number.split('.')[:2])}.mysql_aurora.{aurora_version}"
    return ("mariadb" if "mariadb" in version.lower() else "mysql"), number
