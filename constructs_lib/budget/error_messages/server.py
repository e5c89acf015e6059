"""What the database server says."""

from constructs_lib.budget.error_messages.message import ErrorMessage

CODE = r"""(?:(?:sqlstate|pgcode|error code|fatal:|error:)\W{{0,4}}|code['"]?[:=]\W{{0,2}}){}\b"""
"""An SQLSTATE as logs and drivers print it: the bare number may be that of an order."""
SQLSTATE_53300 = (
    r"\btoomanyconnections(?:error)?\b",
    CODE.format("53300"),
    r"\btoo_many_connections\b",
)

MESSAGES = (
    ErrorMessage(
        id="slots-reserved",
        text="FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute",
        patterns=(r"remaining connection slots are reserved",),
        hints=SQLSTATE_53300,
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
        hints=SQLSTATE_53300,
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
        patterns=(
            r"\b1040\b.{0,80}too many connections",
            r"^(?!.*(?:redis|mongo|amqp))(?:.{0,200}: )?too many connections$",
        ),
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
        id="role-connection-limit",
        text='asyncpg.exceptions.TooManyConnectionsError: too many connections for role "app"',
        patterns=(r"too many connections for (?:role|database)", r"max_user_connections"),
        hints=SQLSTATE_53300,
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
        id="statement-timeout",
        text="asyncpg.exceptions.QueryCanceledError: canceling statement due to statement timeout",
        patterns=(r"cancell?ing statement due to statement timeout",),
        hints=(r"\bquerycanceled(?:error)?\b", CODE.format("57014")),
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
    ErrorMessage(
        id="idle-in-transaction",
        text="FATAL: terminating connection due to idle-in-transaction timeout",
        patterns=(r"idle[ -]in[ -]transaction (?:session )?timeout", r"\bidleintransactionsessiontimeout"),
        hints=(CODE.format("25p03"),),
        raised_by="PostgreSQL, SQLSTATE 25P03",
        cause=(
            "a transaction was open and nothing was asked in it for idle_in_transaction_session_timeout: the code waits"
            " for something else between its statements, such as an HTTP call, or forgot to commit, roll back or close"
            " the session. All that time the connection was taken from its pool"
        ),
        remedy=(
            "end the transaction before waiting for anything that is not the database, and close sessions in a with"
            " block. pool_pre_ping and pool_recycle do not help, for the connection was not idle in the pool. To find"
            " the code: SELECT pid, application_name, state_change, query FROM pg_stat_activity WHERE state = 'idle in"
            " transaction'"
        ),
        source='PostgreSQL documentation, "Client Connection Defaults", idle_in_transaction_session_timeout',
    ),
    ErrorMessage(
        id="pam-authentication",
        text='FATAL: PAM authentication failed for user "app"',
        patterns=(r"pam authentication failed",),
        raised_by="PostgreSQL on RDS, for a user with rds_iam",
        cause=(
            "the IAM token was not accepted: it is older than 15 minutes, made for another host, port, user or region"
            " than is connected to (the endpoint itself counts, no CNAME), or the task's role is not allowed"
            " rds-db:connect for this user. A pool that keeps one token fails when it opens its next connection, often"
            " long after the start"
        ),
        remedy=(
            "make a token for every new connection, not one for the engine: constructs_lib.runtime does where"
            " DB_IAM_AUTH is set (iam_auth=True in the budget). Grant rds-db:connect on the database's resource id and"
            " the user, and connect with TLS. A user without rds_iam has a password and no token"
        ),
        source='Amazon RDS User Guide, "Connecting to your DB instance using IAM authentication"',
    ),
)
