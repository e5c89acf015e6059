"""Why a PostgreSQL server could not be asked, without the names and secrets in libpq's and the server's texts."""

import re

import psycopg

# libpq hands on no error code for a connection that fails. These are parts of its texts and of the server's, with every
# quoted name cut out; the first that is found counts.
_REASONS = {
    "password authentication failed": "the server does not accept the user or the password",
    "no password supplied": "the server asks for a password: put it into the URL or into PGPASSWORD",
    "too many connections for": "the role or the database has no connection left under its own limit",
    "too many clients already": "the server has no connection left, for no role: end a client, or scale a service in",
    "reserved for roles with privileges": "the server has no connection left for this role: one that may use reserved"
    " slots may still enter (pg_use_reserved_connections; on RDS the master user)",
    "remaining connection slots": "the server has no connection left for this role: only superusers may still enter, on"
    " RDS nobody but AWS; end a client, or scale a service in",
    "pg_hba.conf": "the server does not let this user in from here, or not without TLS",
    "role … does not exist": "there is no such role",
    "database … does not exist": "there is no such database",
    "permission denied for database": "this role may not connect to the database",
    "failed to resolve host": "the host is not known",
    "could not translate host name": "the host is not known",
    "Connection refused": "nothing answers at this host and port",
    "No such file or directory": "nothing answers at this socket",
    "timeout": "the server did not answer in time: check its security group and the network",
    "unreachable": "the network has no way to this host",
    "certificate": "the server's certificate is not trusted: check sslmode and sslrootcert",
    "sslmode value": "its URL has an sslmode that does not exist",
    "SSL": "no TLS connection can be made: check sslmode, and whether this is a PostgreSQL server",
    "the database system is": "the server is starting up or shutting down: try again in a minute",
}

_CODES = {
    "57P01": "the server has ended this session: an administrator, a restart or a failover",
    "57P02": "the server has ended this session: it crashed and starts again",
    "57P03": "the server is starting up or shutting down: try again in a minute",
    "57014": "the server did not answer in time",
}


def refusal(error: psycopg.Error | ValueError) -> str:
    """Word an error of psycopg; what is not known here is named by its code, never by its text."""
    if isinstance(error, psycopg.Error) and error.sqlstate is not None:
        return _CODES.get(error.sqlstate) or f"the server refuses to say its settings (SQLSTATE {error.sqlstate})"
    text = re.sub(r"\"[^\"]*\"|'[^']*'", "…", str(error))
    for part, reason in _REASONS.items():
        if part in text:
            return reason
    return f"no connection ({type(error).__name__}): psql shows the reason when it is given the same URL"
