"""What looks like the database and is not."""

from constructs_lib.budget.error_messages.message import ErrorMessage

MESSAGES = (
    ErrorMessage(
        id="redis-max-clients",
        text="redis.exceptions.ConnectionError: max number of clients reached",
        patterns=(r"max number of clients reached", r"redis\.exceptions\S{0,40} too many connections"),
        raised_by="Redis or Valkey, or the pool of its client: not the database",
        cause=(
            "the Redis server has as many clients as its maxclients allows (ElastiCache: 65,000, fewer on the smallest"
            " nodes); 'Too many connections' without more is the limit of the client's own pool, max_connections. The"
            " database and its budget have no part in it"
        ),
        remedy=(
            "share one client in each process, and set max_connections of its pool; for Celery, broker_pool_limit and"
            " redis_max_connections. INFO clients says how many there are, CLIENT LIST whose"
        ),
        source='Redis documentation, "Redis client handling", Maximum concurrent connected clients',
    ),
)
