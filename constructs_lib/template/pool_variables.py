"""The size of a pool, as the variables of a container give it to the usual libraries."""

import re
from collections.abc import Iterable, Mapping
from math import inf

from constructs_lib.budget.source import Source
from constructs_lib.budget.split import PoolSize
from constructs_lib.limits import Unknown

POOL_SIZE = 5
MAX_OVERFLOW = 10
"""What SQLAlchemy takes where nothing is said (SQLAlchemy documentation, "Engine Configuration")."""
LARGEST = 100_000
"""Beyond that a variable is surely something else."""
_KEPT = re.compile(r"(?:^|_)POOL_SIZE$")
_OVERFLOW = re.compile(r"(?:^|_)MAX_OVERFLOW$")
_MOST = re.compile(r"(?:(?:MAXIMUM|MAX)_?POOL_?SIZE|POOL_MAX(?:_SIZE)?|MAX_CONNECTIONS_PER_POOL)$")
"""The name of a limit that holds for the pool as a whole, as in HikariCP and in the pools of Node."""

Variables = Mapping[str, str | Unknown]


def pool_of(containers: Iterable[Variables]) -> tuple[dict[str, int], dict[str, Source]]:
    """`pool_size` and `max_overflow` of the largest pool among containers, and where each came from."""
    pools = [_pool(variables) for variables in containers]
    if not pools:
        return {"pool_size": POOL_SIZE, "max_overflow": MAX_OVERFLOW}, _sources(read=False, overflow_read=False)
    return max(pools, key=lambda pool: _ceiling(PoolSize(pool[0]["pool_size"], pool[0]["max_overflow"])))


def _pool(variables: Variables) -> tuple[dict[str, int], dict[str, Source]]:
    most = _largest(variables, _MOST, 1)
    if most is not None:
        return {"pool_size": most, "max_overflow": 0}, _sources(read=True, overflow_read=True)
    kept, overflow = _largest(variables, _KEPT, 0), _largest(variables, _OVERFLOW, -1)
    sizes = {
        "pool_size": POOL_SIZE if kept is None else kept,
        "max_overflow": MAX_OVERFLOW if overflow is None else overflow,
    }
    return sizes, _sources(read=kept is not None, overflow_read=overflow is not None)


def _ceiling(size: PoolSize) -> float:
    return inf if size.unbounded else size.ceiling


def _sources(*, read: bool, overflow_read: bool) -> dict[str, Source]:
    return {
        "pool_size": Source.READ if read else Source.ASSUMED,
        "max_overflow": Source.READ if overflow_read else Source.ASSUMED,
    }


def _largest(variables: Variables, name: re.Pattern[str], least: int) -> int | None:
    """The largest number among the variables of such a name; -1 and 0 have no limit, so they are larger than any."""
    numbers = [
        int(value)
        for key, value in variables.items()
        if isinstance(value, str) and name.search(key.upper()) and re.fullmatch(r"-?[0-9]{1,6}", value.strip())
    ]
    found = [number for number in numbers if least <= number <= LARGEST]
    return max(found, key=lambda number: (number == least and least < 1, number), default=None)
