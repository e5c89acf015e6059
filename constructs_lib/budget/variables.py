"""What the budget writes into a container and the application reads there: one list for both sides.

It imports nothing, because the application should not wait for the arithmetic.
"""

ENV_PREFIX = "DB_"
"""How the names below begin, unless a workload has a prefix of its own."""

POOL_SIZE = "POOL_SIZE"
MAX_OVERFLOW = "MAX_OVERFLOW"
POOL_TIMEOUT = "POOL_TIMEOUT"
POOL_RECYCLE = "POOL_RECYCLE"
POOL_PRE_PING = "POOL_PRE_PING"
POOL_CLASS = "POOL_CLASS"
APPLICATION_NAME = "APPLICATION_NAME"
IAM_AUTH = "IAM_AUTH"
BEHIND_POOLER = "BEHIND_POOLER"
STATEMENT_TIMEOUT = "STATEMENT_TIMEOUT"
NEVER_WRITTEN = (POOL_CLASS, STATEMENT_TIMEOUT)
"""Read by the application, and set by whoever owns it: the budget has no say in them."""

RDS_MAX_CONNECTIONS = "RDS_MAX_CONNECTIONS"
APP_INSTANCE_COUNT = "APP_INSTANCE_COUNT"
ADMIN_RESERVE = "DB_ADMIN_RESERVE"
API_INSTANCE_COUNT = "API_INSTANCE_COUNT"
CELERY_WORKERS = "CELERY_WORKERS"
CELERY_CONCURRENCY = "CELERY_CONCURRENCY"

NULL_POOL = "NullPool"
LIMITED_POOLS = frozenset({"", "QueuePool", "AsyncAdaptedQueuePool"})
"""The classes of pool that pool_size and max_overflow limit."""
TRUE, FALSE = "true", "false"

IAM_RECYCLE_S = 800
"""Below the 15 minutes that an IAM authentication token lives."""
