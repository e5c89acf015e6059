"""What the application's own pool says."""

from constructs_lib.budget.error_messages.message import ErrorMessage

MESSAGES = (
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
        id="psycopg-pool-timeout",
        text="psycopg_pool.PoolTimeout: couldn't get a connection after 30.00 sec",
        patterns=(r"couldn.?t get a connection after", r"psycopg_pool\S{0,20}\.pooltimeout"),
        raised_by="psycopg_pool, in the application",
        cause=(
            "all max_size connections of this one pool are taken and none came back within its timeout; or the pool"
            " could not open any, for the server refused them or is not reached: its log then has the reason as a"
            " warning of its own, 'error connecting in …'"
        ),
        remedy=(
            "look for that warning first; where there is none, look for connections that are held idle in transaction,"
            " then enlarge max_size, but only as far as the budget has room: every pool of every process grows with it."
            " psycopg_pool_options of constructs_lib.runtime gives the budget's size"
        ),
        source='Psycopg documentation, "Connection pools", What\'s the right size for the pool?',
    ),
)
