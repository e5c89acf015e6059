"""What stands between the application and the database says: RDS Proxy, PgBouncer."""

from constructs_lib.budget.error_messages.message import ErrorMessage

MESSAGES = (
    ErrorMessage(
        id="proxy-borrow-timeout",
        text="Timed-out waiting to acquire database connection",
        patterns=(r"timed-out waiting to acquire database connection", r"\bquery_wait_timeout\b"),
        raised_by="RDS Proxy, after its borrow timeout (MySQL error 9501); of PgBouncer the name is query_wait_timeout",
        cause=(
            "the client is connected to the proxy, and the proxy had no connection to the database to give it: all that"
            " its MaxConnectionsPercent allows are in use, as they are when sessions are pinned or transactions are"
            " long; or the database accepts no more, because of others, or is not available"
        ),
        remedy=(
            "compare DatabaseConnections of the proxy with its share of max_connections, and"
            " DatabaseConnectionsCurrentlySessionPinned with zero. Where the share is used up, shorten transactions and"
            " end what pins (prepared statements, SET, temporary tables), or plan a larger percentage:"
            " connection-budget plan or check says which one fits. Where it is not, the database itself is full"
        ),
        source='Amazon RDS User Guide, "Troubleshooting for RDS Proxy"',
    ),
    ErrorMessage(
        id="pgbouncer-max-client-conn",
        text="FATAL: no more connections allowed (max_client_conn)",
        patterns=(r"no more connections allowed",),
        raised_by="PgBouncer",
        cause=(
            "PgBouncer itself has as many clients as max_client_conn allows, 100 unless it is set. The database refused"
            " nothing, and its max_connections may be far away: the pools of all tasks and processes together are"
            " larger than this"
        ),
        remedy=(
            "set max_client_conn to the sum of the pools at its worst, deployments included, and the limit of open"
            " files above it; what reaches the database is bounded by default_pool_size and max_db_connections. In the"
            " budget PgBouncer is a reservation of as many connections as these let it open"
        ),
        source='PgBouncer documentation, "Configuration", max_client_conn',
    ),
    ErrorMessage(
        id="prepared-statement",
        text='asyncpg.exceptions.InvalidSQLStatementNameError: prepared statement "__asyncpg_stmt_1__" does not exist',
        patterns=(
            r"prepared statement \S{1,200} (?:does not exist|already exists)",
            r"\bduplicatepreparedstatement",
            r"\binvalidsqlstatementname",
        ),
        raised_by="PostgreSQL, SQLSTATE 26000 or 42P05, through a pooler",
        cause=(
            "a pooler in transaction mode gave the transaction another server connection than the one on which the"
            " driver had prepared the statement, or one on which another client had used its name. RDS Proxy pins the"
            " session instead, which ends multiplexing"
        ),
        remedy=(
            "let the driver prepare nothing: asyncpg statement_cache_size=0 and, under SQLAlchemy, a"
            " prepared_statement_name_func that returns an empty name; psycopg prepare_threshold=None."
            " constructs_lib.runtime does so where DB_BEHIND_POOLER is set, as the budget does behind a proxy. Or let"
            " PgBouncer 1.21 or newer track"
            " them: max_prepared_statements"
        ),
        source='SQLAlchemy documentation, "PostgreSQL", Prepared Statement Name with PGBouncer',
    ),
)
