"""A pool without a limit."""

import re
from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import LARGEST_CLAIMS, UNBOUNDED, WaysOut, about, unknowns, ways_out
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Allotment, Tally
from constructs_lib.budget.variables import MAX_OVERFLOW, POOL_SIZE
from constructs_lib.budget.workloads import PooledWorkload, Workload
from constructs_lib.limits import Unknown

OTHERWISE = "give pool_size of at least 1 and max_overflow of at least 0, or leave both out and let the budget choose"

SIZES = (
    "write {} and {} out as plain numbers in the container's variables, or give pool_size and max_overflow in a"
    " connection-budget.yml"
)
VALUES = (
    "let the budget's own values stand in every container that uses the database, as plain numbers, or leave the"
    " others out with containers"
)

CLASS = (
    "remove {0} from the container's variables, or give it QueuePool as plain text: no other class of pool heeds"
    " pool_size and max_overflow"
)
_CLASS = re.compile(r"\w*POOL_?CLASS\b", re.IGNORECASE)
"""A variable of this kind, with which the reason begins where it is the class that gives the pool no limit."""


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str | WaysOut]]:
    document = tally.document
    found = 0
    alone = {name: unknowns(database) <= 1 for name, database in tally.databases.items()}
    for name, allotment in tally.allotments.items():
        size = allotment.in_force
        if isinstance(size, Unknown):
            yield (
                Subject("workloads", name),
                (f"the size of the pools of {name} cannot be read, so they have no limit that is known: {size.reason}"),
                _readable(allotment, size),
            )
        elif allotment.demand.pooled and size is not None and size.unbounded:
            found += 1
            database = document.database_of(allotment.workload)
            counted = alone[database] and not isinstance(allotment.demand.pools, Unknown)
            setting = "pool_size=0" if size.pool_size == 0 else "max_overflow=-1"
            yield (
                Subject("workloads", name),
                (
                    f"{name} has {setting}, which SQLAlchemy reads as no limit at all:"
                    " one process can take every connection of the server"
                ),
                ways_out(tally, database, own=about(UNBOUNDED, name=name), workload=name, otherwise=OTHERWISE)
                if counted and found <= LARGEST_CLAIMS
                else WaysOut(fixes=(), otherwise=OTHERWISE),
            )


def _readable(allotment: Allotment, size: Unknown) -> str:
    """What makes the size of the pools known."""
    if found := _CLASS.match(size.reason):
        return CLASS.format(found[0])
    return SIZES.format(*_variables(allotment.workload)) if allotment.demand.unsized else VALUES


def _variables(workload: Workload) -> tuple[str, str]:
    return workload.size_variables if isinstance(workload, PooledWorkload) else (POOL_SIZE, MAX_OVERFLOW)


RULE = Rule(
    id="unbounded-pool",
    severity=Severity.ERROR,
    title="a pool has no limit, or none that is known",
    why=(
        "pool_size=0 and max_overflow=-1 switch SQLAlchemy's limit off, and a size that is missing in the container,"
        " or is not to be read, may be any: no sum can be taken"
    ),
    example=(
        'pool_size=0 in one of 4 tasks, meant as "overflow only": under load that task alone opens connections'
        " until the server refuses them"
    ),
    remedy=(
        "give pool_size of at least 1 and max_overflow of at least 0, as plain numbers, or leave both to the budget;"
        " remove POOL_CLASS=NullPool, which opens a connection for every use: pool_size 1 and max_overflow 0 is a limit"
    ),
    source='SQLAlchemy documentation, "Connection Pooling", QueuePool: pool_size 0 and max_overflow −1 mean no limit',
    look=_look,
)
