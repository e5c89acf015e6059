"""The pool sizes that the containers of a synthesized template really have."""

from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.variables import MAX_OVERFLOW, POOL_SIZE
from constructs_lib.budget.workloads import TaskWorkload, Workload
from constructs_lib.limits import Unknown


def size_in_force(workload: Workload, size: PoolSize | None) -> PoolSize | None:
    """The largest pool among the workload's containers as found; `size` where no template was read.

    A value that is missing or no number counts as `size`: that it is wrong is a finding of its own, and an error.
    """
    if not isinstance(workload, TaskWorkload) or not workload.found:
        return size
    sizes = []
    for variables in workload.found.values():
        pool_size = _number(variables.get(workload.env_prefix + POOL_SIZE), 0, size and size.pool_size)
        max_overflow = _number(variables.get(workload.env_prefix + MAX_OVERFLOW), -1, size and size.max_overflow)
        if pool_size is not None and max_overflow is not None:
            sizes.append(PoolSize(pool_size, max_overflow))
    unbounded = [found for found in sizes if found.unbounded]
    return unbounded[0] if unbounded else max(sizes, key=lambda found: found.ceiling, default=size)


def _number(value: str | Unknown | None, minimum: int, otherwise: int | None) -> int | None:
    """A variable as SQLAlchemy would be given it: a whole number from the least that means something."""
    if not isinstance(value, str) or not value.strip().lstrip("-").isascii() or len(value) > 10:  # noqa: PLR2004 - longer is no size
        return otherwise
    try:
        number = int(value)
    except ValueError:
        return otherwise
    return number if number >= minimum else otherwise
