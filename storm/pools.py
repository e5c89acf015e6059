"""The engine of a process: its container's environment, with the pool of a sizing."""

from collections.abc import Mapping
from typing import Any

from constructs_lib import runtime
from constructs_lib.budget.split import PoolSize


def engine_options(environment: Mapping[str, str], size: PoolSize, url: str) -> dict[str, Any]:
    """Keywords for `create_engine`: all but the size are the environment's, so that sizings are compared alone."""
    variables = {
        **environment,
        "DB_POOL_SIZE": str(size.pool_size),
        "DB_MAX_OVERFLOW": str(size.max_overflow),
    }
    return runtime.engine_options(environ=variables, driver=url.partition(":")[0])
