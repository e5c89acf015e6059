"""The pool sizes that the containers of a synthesized template really have."""

from collections.abc import Mapping

from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.variables import LIMITED_POOLS, POOL_CLASS
from constructs_lib.budget.workloads import PooledWorkload, Workload
from constructs_lib.limits import Unknown

Variables = Mapping[str, str | Unknown]


def size_in_force(workload: Workload, size: PoolSize | None) -> PoolSize | Unknown | None:
    """The largest pool among the workload's containers as found; `size` where no template was read.

    A size that is missing or no number is Unknown: the container opens whatever it really has. Where there is no
    `size` to write either, that none was written is no news, and the answer is None.
    """
    if not isinstance(workload, PooledWorkload) or not workload.found:
        return size
    names = workload.size_variables
    if size is None and not any(name in variables for variables in workload.found.values() for name in names):
        return None
    sizes: list[PoolSize] = []
    unreadable: list[Unknown] = []
    for container, variables in workload.found.items():
        found = _classless(variables, workload.env_prefix + POOL_CLASS) or _size(variables, *names)
        if isinstance(found, Unknown):
            place = f"container {container!r}" if container else "the function"
            unreadable.append(Unknown(f"{found.reason} in {place}"))
        else:
            sizes.append(found)
    unbounded = [found for found in sizes if found.unbounded]
    worst: list[PoolSize | Unknown] = [*unbounded, *unreadable]
    return worst[0] if worst else max(sizes, key=lambda found: found.ceiling)


def _classless(variables: Variables, name: str) -> Unknown | None:
    """Why the sizes mean nothing: another class of pool is asked for, such as NullPool, which has no limit."""
    value = variables.get(name, "")
    if isinstance(value, Unknown):
        return Unknown(f"{name} is not readable ({value.reason})")
    if value.strip() in LIMITED_POOLS:
        return None
    return Unknown(f"{name} is set to a class of pool without pool_size and max_overflow, such as NullPool,")


def _size(variables: Variables, pool_size: str, max_overflow: str) -> PoolSize | Unknown:
    kept, overflow = _number(variables, pool_size, 0), _number(variables, max_overflow, -1)
    # no limit is no limit, whatever the other one is
    if kept == 0 or overflow == -1:
        return PoolSize(kept if isinstance(kept, int) else 0, overflow if isinstance(overflow, int) else -1)
    if isinstance(kept, Unknown):
        return kept
    return overflow if isinstance(overflow, Unknown) else PoolSize(kept, overflow)


def _number(variables: Variables, name: str, minimum: int) -> int | Unknown:
    """A variable as SQLAlchemy would be given it: a whole number from the least that means something."""
    value = variables.get(name)
    if value is None:
        return Unknown(f"{name} is missing")
    if isinstance(value, Unknown):
        return Unknown(f"{name} is not readable ({value.reason})")
    digits = value.strip()
    # the value itself is not shown: whatever is no size may be nobody's business
    if not digits.isascii() or not digits.removeprefix("-").isdigit() or len(digits) > 10:  # noqa: PLR2004 - longer is no size
        return Unknown(f"{name} is no whole number")
    number = int(digits)
    return number if number >= minimum else Unknown(f"{name} is {number}, less than {minimum}")
