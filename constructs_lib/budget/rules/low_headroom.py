"""Nearly all of the server is spoken for by claims that the budget cannot shrink."""

from collections.abc import Iterator
from functools import partial

from constructs_lib.budget import arithmetic
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import WaysOut, ceilings, larger_server, ways_out
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import DatabaseTally, Tally
from constructs_lib.budget.workloads import PooledWorkload, Reservation, SizedWorkload

PERCENT = 90
"""Where AWS recommends an alarm on DatabaseConnections (Amazon CloudWatch User Guide, "Recommended alarms")."""


def _look(tally: Tally) -> Iterator[tuple[Subject, str, WaysOut]]:
    for name, database in tally.databases.items():
        fixed = _claimed(database)
        if database.holds and _scarce(database):
            yield (
                Subject("databases", name),
                (
                    f"{name}: {fixed} of {arithmetic.of_capacity(database.capacity)} are claimed at fixed size,"
                    f" more than {PERCENT} %: one more task may not fit"
                ),
                ways_out(tally, name, goal=partial(_spacious, name), otherwise=_otherwise(database)),
            )


def _otherwise(database: DatabaseTally) -> str:
    """What helps: where the proxies' shares alone are too much, no pool that is chosen does."""
    usable, ways = database.capacity.usable or 0, []
    if database.proxies:
        ways.append("lower the proxies' max_connections_percent and what connects through them")
    if ceilings(database) * 100 <= usable * PERCENT:
        if any(isinstance(item.workload, SizedWorkload) and item.demand.fixed is not None for item in database.direct):
            ways.append("let the budget choose the pools, which then shrink as tasks are added")
        if any(isinstance(item.workload, Reservation) for item in database.direct):
            ways.append("lower what is reserved")
    return ", or ".join([*ways, larger_server(database)])


def _claimed(database: DatabaseTally) -> int:
    """What is claimed at fixed size; a proxy's share only beside pools of fixed size, for its own clients share it."""
    fixed = [claim for claim in database.direct if claim.demand.fixed is not None and claim.connections is not None]
    beside = any(isinstance(claim.workload, PooledWorkload) for claim in fixed)
    direct = sum(claim.connections.peak for claim in fixed if claim.connections is not None)
    return direct + (ceilings(database) if beside else 0)


def _scarce(database: DatabaseTally) -> bool:
    usable = database.capacity.usable
    return usable is not None and _claimed(database) * 100 > usable * PERCENT


def _spacious(name: str, tally: Tally) -> bool:
    return not _scarce(tally.databases[name])


RULE = Rule(
    id="low-headroom",
    severity=Severity.WARNING,
    title="claims of fixed size take more than 90 % of the server",
    why="pools that the budget chooses shrink when a task is added; fixed ones fail",
    example="fixed pools claim 630 of 670 usable connections, 94 %: the next task with a pool of 60 does not fit",
    remedy="leave pool_size and max_overflow to the budget, lower them, or take a larger instance class",
    source='Amazon CloudWatch User Guide, "Recommended alarms", Amazon RDS, DatabaseConnections',
    look=_look,
)
