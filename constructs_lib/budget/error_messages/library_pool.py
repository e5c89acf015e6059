"""What the pools of other languages' libraries say."""

from constructs_lib.budget.error_messages.message import ErrorMessage

_CAUSE = (
    "all connections of this one pool are in use and none came back in time. The server did not refuse anything, unless"
    " its refusal stands beside it: the pool is too small for what runs at once, or connections are held too long (slow"
    " queries, open transactions, connections that are not given back)"
)
_REMEDY = (
    "first look whether they are held idle in transaction (pg_stat_activity, SHOW PROCESSLIST), then enlarge {}, but"
    " only as far as the budget has room: every pool of every process of every task grows with it, and"
    " connection-budget check says how much is left"
)

MESSAGES = (
    ErrorMessage(
        id="hikari-pool-timeout",
        text=(
            "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out"
            " after 30000ms."
        ),
        patterns=(r"connection is not available, request timed out", r"\bhikaripool-\d+ - .{0,60}timed out"),
        raised_by="HikariCP, in the application (Spring Boot, Quarkus and others)",
        cause=_CAUSE,
        remedy=_REMEDY.format(
            "maximumPoolSize (10 unless set), or, where a thread needs two connections at once, make it one"
        ),
        source='HikariCP, "About Pool Sizing"',
    ),
    ErrorMessage(
        id="active-record-pool-timeout",
        text=(
            "ActiveRecord::ConnectionTimeoutError: could not obtain a connection from the pool within 5.000 seconds"
            " (waited 5.001 seconds); all pooled connections were in use"
        ),
        patterns=(r"activerecord::connectiontimeouterror", r"could not obtain a connection from the pool within"),
        raised_by="Active Record, in the application (Rails)",
        cause=f"{_CAUSE}. A process needs as many connections as it has threads that use the database",
        remedy=_REMEDY.format("pool in database.yml to the threads of the process (RAILS_MAX_THREADS)"),
        source='Ruby on Rails Guides, "Configuring Rails Applications", Configuring a Database',
    ),
    ErrorMessage(
        id="prisma-pool-timeout",
        text="Timed out fetching a new connection from the connection pool. (P2024)",
        patterns=(r"timed out fetching a new connection from the connection pool", r"\bp2024\b"),
        raised_by="Prisma Client, in the application",
        cause=_CAUSE,
        remedy=_REMEDY.format("connection_limit in the URL (2 × CPUs + 1 unless set)"),
        source='Prisma documentation, "Connection pool", and error P2024',
    ),
    ErrorMessage(
        id="knex-pool-timeout",
        text=(
            "KnexTimeoutError: Knex: Timeout acquiring a connection. The pool is probably full. Are you missing a"
            " .transacting(trx) call?"
        ),
        patterns=(r"knex: timeout acquiring a connection", r"\bknextimeouterror\b", r"the pool is probably full"),
        raised_by="Knex and what is built on it (Objection, Strapi, Directus), in the application",
        cause=(
            f"{_CAUSE}. A query inside a transaction that is not given the transaction takes a second connection, and"
            " waits for it while it holds the first"
        ),
        remedy=_REMEDY.format("pool.max (10 unless set), or give the query its transaction"),
        source='Knex documentation, "Installation", Pool',
    ),
)
