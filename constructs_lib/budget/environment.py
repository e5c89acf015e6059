"""The environment variables that carry the budget into a container."""

from collections.abc import Mapping, Sequence

from constructs_lib.budget import variables as names
from constructs_lib.budget.capacity import Capacity
from constructs_lib.budget.document import Document
from constructs_lib.budget.recycle import pool_recycle_s
from constructs_lib.budget.tally import Allotment, Tally
from constructs_lib.budget.workloads import Celery, TaskWorkload, Workload
from constructs_lib.limits import Unknown

APPLICATION_NAME_BYTES = 63
"""PostgreSQL keeps this much of an application_name (NAMEDATALEN − 1)."""
HANDWRITTEN_RESERVE = 15
"""What the widely copied Celery snippet subtracts from RDS_MAX_CONNECTIONS on its own account."""
HANDWRITTEN_LEAST = 2
"""What the widely copied snippets open at the least, however small their share: one kept and one overflow."""


def environments(document: Document, tally: Tally) -> Mapping[str, Mapping[str, str]]:
    """The variables for the containers of every workload that runs as tasks; empty where its pools cannot be sized."""
    celery = _celery_by_database(document)
    return {
        name: _environment(workload, document, tally, celery.get(document.database_of(workload), (0, 0)))
        for name, workload in document.workloads.items()
        if isinstance(workload, TaskWorkload)
    }


def _environment(
    workload: TaskWorkload, document: Document, tally: Tally, celery_beside: tuple[int, int]
) -> dict[str, str]:
    allotment = tally.allotments[workload.name]
    if allotment.size is None:
        return {}
    prefix = workload.env_prefix
    variables: dict[str, object] = {
        f"{prefix}{names.POOL_SIZE}": allotment.size.pool_size,
        f"{prefix}{names.MAX_OVERFLOW}": allotment.size.max_overflow,
        f"{prefix}{names.POOL_TIMEOUT}": workload.pool_timeout,
        f"{prefix}{names.POOL_RECYCLE}": pool_recycle_s(workload, document),
        f"{prefix}{names.POOL_PRE_PING}": names.TRUE,
        f"{prefix}{names.APPLICATION_NAME}": application_name(workload),
    }
    if workload.iam_auth:
        variables[f"{prefix}{names.IAM_AUTH}"] = names.TRUE
    if workload.proxy is not None:
        variables[f"{prefix}{names.BEHIND_POOLER}"] = names.TRUE
    if prefix == names.ENV_PREFIX:
        capacity = tally.databases[document.database_of(workload)].capacity
        variables |= _for_handwritten_code(allotment, capacity, celery_beside)
    return {name: str(value) for name, value in variables.items()}


def application_name(workload: TaskWorkload) -> str:
    """How the workload's connections call themselves at the server."""
    return (workload.application_name or workload.name).encode()[:APPLICATION_NAME_BYTES].decode(errors="ignore")


def _for_handwritten_code(
    allotment: Allotment, capacity: Capacity, celery_beside: tuple[int, int]
) -> Mapping[str, int]:
    """The variables that code in the field divides by itself, so chosen that it arrives at our size or a safer one.

    Such code computes `(RDS_MAX_CONNECTIONS − DB_ADMIN_RESERVE) // APP_INSTANCE_COUNT`, or, beside Celery,
    `(RDS_MAX_CONNECTIONS − 15 − CELERY_WORKERS × CELERY_CONCURRENCY) // API_INSTANCE_COUNT`. So the reserve holds all
    that was set aside before the division, not the administrative reserve alone.
    """
    if own := _celery_numbers(allotment.workload):
        return own
    if isinstance(capacity.limit, Unknown) or allotment.divisible is None:
        return {}
    limit, share = capacity.limit.max_connections, allotment.divisible // allotment.divisor
    # where clients share connections, or are overcommitted, more is divided than there is: the reserves stay
    reserve = max(capacity.reserved, limit - allotment.divisible)
    arrived_at = [(limit - reserve) // allotment.divisor]
    variables = {
        names.RDS_MAX_CONNECTIONS: limit,
        names.APP_INSTANCE_COUNT: allotment.divisor,
        names.ADMIN_RESERVE: reserve,
    }
    workers, concurrency = celery_beside
    if workers:
        left = limit - HANDWRITTEN_RESERVE - workers * concurrency
        instances = max(allotment.divisor, left // (share + 1) + 1)
        arrived_at.append(left // instances)
        variables |= {
            names.API_INSTANCE_COUNT: instances,
            names.CELERY_WORKERS: workers,
            names.CELERY_CONCURRENCY: concurrency,
        }
    # below that it would open more than its share, or arrive at a pool_size of 0, no limit: without variables it stops
    return variables if min(share, *arrived_at) >= HANDWRITTEN_LEAST else {}


def _celery_numbers(workload: Workload) -> dict[str, int]:
    """How many workers there are at the most, and the concurrency of each; empty for any other kind of workload."""
    if not isinstance(workload, Celery) or isinstance(workload.concurrency, Unknown):
        return {}
    live = workload.fleet.live()
    return (
        {}
        if isinstance(live, Unknown)
        else {names.CELERY_WORKERS: live.peak, names.CELERY_CONCURRENCY: workload.concurrency}
    )


def _celery_by_database(document: Document) -> Mapping[str, tuple[int, int]]:
    """Workers and concurrency by database: their product is what runs at once, also where concurrencies differ."""
    numbers: dict[str, list[tuple[int, int]]] = {}
    for workload in document.workloads.values():
        if own := _celery_numbers(workload):
            of_database = numbers.setdefault(document.database_of(workload), [])
            of_database.append((own[names.CELERY_WORKERS], own[names.CELERY_CONCURRENCY]))
    return {database: _combined(pairs) for database, pairs in numbers.items()}


def _combined(pairs: Sequence[tuple[int, int]]) -> tuple[int, int]:
    concurrencies = {concurrency for _, concurrency in pairs}
    if len(concurrencies) == 1:
        return sum(workers for workers, _ in pairs), concurrencies.pop()
    return sum(workers * concurrency for workers, concurrency in pairs), 1
