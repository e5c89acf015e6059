"""The engine of a process: its container's environment, with the pool of a sizing."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.budget.split import PoolSize


def engine_options(environment: Mapping[str, str], size: PoolSize) -> dict[str, Any]:
    """Keywords for `create_engine`: all but the size are the environment's, so that sizings are compared alone."""
    return {
        "pool_size": size.pool_size,
        "max_overflow": size.max_overflow,
        "pool_timeout": int(environment["DB_POOL_TIMEOUT"]),
        "pool_recycle": int(environment["DB_POOL_RECYCLE"]),
        "pool_pre_ping": environment["DB_POOL_PRE_PING"] == "true",
    }
