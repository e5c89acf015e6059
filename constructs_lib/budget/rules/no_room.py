"""What is left does not give every pool a single connection."""

from collections.abc import Iterator

from constructs_lib.budget import arithmetic
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import NO_ROOM, OVERDRAWN, WaysOut, about, larger_server, ways_out
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Allotment, DatabaseTally, Tally
from constructs_lib.limits import Limit


def _look(tally: Tally) -> Iterator[tuple[Subject, str, WaysOut]]:
    document = tally.document
    for name, database in tally.databases.items():
        if database.capacity.overdrawn:
            yield (
                Subject("databases", name),
                (
                    f"{name} has no connection left for applications, its reserves exceed its limit:"
                    f" {arithmetic.of_capacity(database.capacity)}"
                ),
                ways_out(tally, name, own=about(OVERDRAWN), otherwise=_less(database)),
            )
    ways: dict[tuple[str, str | None], WaysOut] = {}
    for name, allotment in tally.allotments.items():
        if allotment.no_room:
            database_name = document.database_of(allotment.workload)
            shared = (database_name, allotment.workload.proxy)
            if shared not in ways:
                ways[shared] = ways_out(tally, database_name, own=about(NO_ROOM, names=_beside(allotment, tally)))
            yield (
                Subject("workloads", name),
                (
                    f"{name} cannot have one connection for each of its {allotment.demand.sizing_pools} pools:"
                    f" {allotment.divisible or 0} connections of {database_name} are left to divide among"
                    f" {allotment.divisor} pools of its weight"
                ),
                ways[shared],
            )


def _less(database: DatabaseTally) -> str:
    """What makes room where the reserves take more than there is; of the engine's own nothing can be taken."""
    limit, larger = database.capacity.limit, larger_server(database)
    enough = isinstance(limit, Limit) and database.capacity.engine_reserve <= limit.max_connections
    return f"lower the administrative reserve, or {larger}" if enough else larger


def _beside(allotment: Allotment, tally: Tally) -> frozenset[str]:
    """The workloads that share with one what has no room for them: what mends one of them has to mend all."""
    at = (allotment.workload.database, allotment.workload.proxy)
    return frozenset(
        name for name, item in tally.allotments.items() if (item.workload.database, item.workload.proxy) == at
    )


RULE = Rule(
    id="no-room",
    severity=Severity.ERROR,
    title="a pool's share is below one connection",
    why="a pool opens at least one connection, so the sum would exceed the server however small the pools are made",
    example="60 connections are left for 8 tasks × 200 % × 4 processes = 64 pools: 60 // 64 = 0 connections for each",
    remedy=(
        "make fewer pools (processes, tasks, the surge of a deployment), shrink what is claimed at fixed size, or"
        " take a larger instance class"
    ),
    source=(
        'SQLAlchemy documentation, "Connection Pooling", QueuePool: a pool opens at least the one connection it'
        " is asked for"
    ),
    look=_look,
)
