"""The messages that a full server, a full pool or a dead connection leaves in a log: cause and remedy of each."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorMessage:
    """One message: how to know it in a log line, where it comes from, what it means, what to do."""

    id: str
    text: str
    """The message as it is commonly printed."""
    patterns: tuple[str, ...]
    """Regular expressions, any of which tells it, for text in lower case with single spaces."""
    hints: tuple[str, ...] = ()
    """The same for what several messages have in common: these count only where no message is told by its own words."""
    raised_by: str
    cause: str
    remedy: str
    source: str


_SQLSTATE_53300 = (r"\btoomanyconnections(?:error)?\b", r"\b53300\b", r"\btoo_many_connections\b")

ERROR_MESSAGES = (
    ErrorMessage(
        id="slots-reserved",
        text="FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute",
        patterns=(r"remaining connection slots are reserved",),
        hints=_SQLSTATE_53300,
        raised_by="PostgreSQL, SQLSTATE 53300",
        cause=(
            "every connection that an ordinary role may open is open. The last slots of max_connections are kept back:"
            " superuser_reserved_connections 3, on RDS also rds.rds_reserved_connections 4 (since 17.1, 16.5, 15.9,"
            " 14.14, 13.17 and 12.21) and 2 for rds_superuser, so that an application gets max_connections − 9. The sum"
            " of all pools, pool_size + max_overflow times processes times tasks, is larger than that: often only in a"
            " deployment, which runs old and new tasks together, or after scaling out"
        ),
        remedy=(
            "plan the sum: connection-budget plan or check says by how much it is too large and which pool, number of"
            " tasks or instance class fits. To see who holds the slots now, connect as the master user: SELECT"
            " application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2"
        ),
        source='PostgreSQL documentation, "Connections and Authentication", superuser_reserved_connections',
    ),
    ErrorMessage(
        id="too-many-clients",
        text="FATAL: sorry, too many clients already",
        patterns=(r"too many clients already", r"too many connections to the database"),
        hints=_SQLSTATE_53300,
        raised_by="PostgreSQL, SQLSTATE 53300",
        cause=(
            "max_connections itself is reached: even the slots kept back for administration are taken. It is no warning"
            " before the limit; the connection was refused"
        ),
        remedy=(
            "shrink the pools, or raise the limit: a larger instance class, or max_connections in the parameter group,"
            " which takes a reboot and memory for each connection. Watch DatabaseConnections with an alarm at 90 % so"
            " that the warning comes earlier: SELECT state, count(*) FROM pg_stat_activity GROUP BY state"
        ),
        source='Amazon RDS User Guide, "Quotas and constraints for Amazon RDS", maximum number of database connections',
    ),
    ErrorMessage(
        id="mysql-too-many-connections",
        text="ERROR 1040 (HY000): Too many connections",
        patterns=(r"\b1040\b.{0,80}too many connections", r"^(?:.{0,200}: )?too many connections$"),
        raised_by="MySQL and MariaDB, error 1040",
        cause=(
            "max_connections is reached. MySQL keeps one more for CONNECTION_ADMIN, which the master user of RDS does"
            " not have, so that nobody gets in"
        ),
        remedy=(
            "shrink the pools so that an administrative reserve is left, or raise the limit: a larger instance class,"
            " or max_connections in the parameter group"
        ),
        source='MySQL Reference Manual, "Too many connections"',
    ),
    ErrorMessage(
        id="queue-pool-limit",
        text=(
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out,"
            " timeout 30.00"
        ),
        patterns=(r"queuepool limit", r"queue ?pool.{0,200}(?:timed out|overflow)", r"sqlalche\.me/e/\d+/3o7r"),
        raised_by="SQLAlchemy, in the application",
        cause=(
            "all pool_size + max_overflow connections of this one pool are checked out, and none came back within"
            " pool_timeout. The server did not refuse anything: the pool is too small for what runs at once, or"
            " connections are held too long (slow queries, transactions left open, sessions that are not closed)"
        ),
        remedy=(
            "first look whether they are held idle in transaction (pg_stat_activity), then enlarge the pool, but only"
            " as far as the budget has room: every pool of every process grows with it. connection-budget plan says how"
            " much is left. A larger instance class helps only where the budget has no room"
        ),
        source='SQLAlchemy documentation, "Error Messages", QueuePool limit of size <x> overflow <y> reached',
    ),
    ErrorMessage(
        id="role-connection-limit",
        text='asyncpg.exceptions.TooManyConnectionsError: too many connections for role "app"',
        patterns=(
            r"too many connections for (?:role|database)",
            r"max_user_connections",
            r"\b1226\b.{0,80}exceeded",
        ),
        hints=_SQLSTATE_53300,
        raised_by="PostgreSQL, SQLSTATE 53300; MySQL, error 1226 or 1203",
        cause=(
            "the role (or the database) has a CONNECTION LIMIT of its own, lower than what its pools may open; in MySQL"
            " it is max_user_connections. max_connections is not reached"
        ),
        remedy=(
            "look it up: SELECT rolname, rolconnlimit FROM pg_roles. Give the limit to the budget (connection-budget"
            " lookup --from-server reads it) so that the pools are sized by it, or raise it with ALTER ROLE …"
            " CONNECTION LIMIT to at least the peak of the plan. Removing it altogether removes the last bound that"
            " protects the other roles"
        ),
        source='PostgreSQL documentation, "CREATE ROLE", CONNECTION LIMIT',
    ),
    ErrorMessage(
        id="connection-does-not-exist",
        text="asyncpg.exceptions.ConnectionDoesNotExistError: connection was closed in the middle of operation",
        patterns=(
            r"connectiondoesnotexisterror",
            r"connection was closed in the middle of operation",
            r"server closed the connection unexpectedly",
            r"ssl connection has been closed unexpectedly",
            r"mysql server has gone away",
            r"lost connection to (?:mysql )?server during query",
            r"terminating connection due to (?:administrator command|idle)",
        ),
        raised_by="the driver, in the application",
        cause=(
            "the pool gave out a connection that somebody else had closed meanwhile: RDS Proxy after its idle client"
            " timeout (1800 s unless set), a load balancer after 350 s, MySQL after wait_timeout (28800 s), a failover"
            " or a restart. PostgreSQL itself closes no idle connection unless idle_session_timeout is set"
        ),
        remedy=(
            "pool_pre_ping=True, and a pool_recycle below the shortest of these timeouts: half of the proxy's, 900 s,"
            " else 1800 s. The budget writes both into the containers. What is closed in the middle of a query, and not"
            " while idle, is a restart or a failover: repeat the transaction"
        ),
        source='SQLAlchemy documentation, "Connection Pooling", Dealing with Disconnects',
    ),
    ErrorMessage(
        id="timeout-after-idle",
        text="TimeoutError on the first requests after a quiet time",
        patterns=(r"timeouterror on (?:the )?first request",),
        hints=(
            r"\btimeouterror\b",
            r"connection timeout expired",
            r"timed? ?out.{0,100}(?:acquir|borrow|connecting|connect to)",
            r"(?:acquir|borrow)\w* .{0,100}timed? ?out",
        ),
        raised_by="the driver or RDS Proxy, while connecting",
        cause=(
            "the connections that the pool had kept were dropped or recycled while nobody used them, and now many"
            " requests connect at once, each with a TLS handshake, while the server may be cold (Aurora Serverless v2"
            " at its minimum, or resuming). Behind RDS Proxy it can also be the borrow timeout, 120 s: all of its"
            " connections are in use"
        ),
        remedy=(
            "open the pool when the application starts (a few times SELECT 1, at most pool_size of them), keep"
            " pool_size near what is used all day so that fewer connections have to be made anew, and give the proxy"
            " the percentage that the plan asks for"
        ),
        source='Amazon RDS User Guide, "RDS Proxy connection considerations", ConnectionBorrowTimeout',
    ),
    ErrorMessage(
        id="statement-timeout",
        text="asyncpg.exceptions.QueryCanceledError: canceling statement due to statement timeout",
        patterns=(r"cancell?ing statement due to statement timeout",),
        hints=(r"\bquerycanceled(?:error)?\b", r"\b57014\b"),
        raised_by="PostgreSQL, SQLSTATE 57014",
        cause=(
            "the server stopped a statement that ran longer than statement_timeout of the role, the database or the"
            " session. RDS Proxy has no timeout that stops statements, and the pool is not at fault: the connection"
            " lives, its transaction is aborted"
        ),
        remedy=(
            "find why the statement is slow or waits (locks), or raise statement_timeout where it is set. Roll the"
            " transaction back before the session is used again; SQLAlchemy does so when the connection returns to the"
            " pool. Keep the client's command_timeout above statement_timeout, so that the server stops first"
        ),
        source='PostgreSQL documentation, "Client Connection Defaults", statement_timeout',
    ),
)
LONGEST = 20_000
"""Characters of pasted text that are looked at: the last ones, for a traceback ends with its message."""


def recognized(text: str) -> tuple[ErrorMessage, ...]:
    """The messages that stand in a text, whatever stands around them; none where nothing in it is known."""
    plain = re.sub(r"\s+", " ", text[-LONGEST:]).strip().lower()
    told = tuple(message for message in ERROR_MESSAGES if _any(message.patterns, plain))
    return told or tuple(message for message in ERROR_MESSAGES if _any(message.hints, plain))


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)
