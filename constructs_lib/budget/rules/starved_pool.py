"""A pool that fits, and is too small to be of use."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import WaysOut, larger_server, ways_out
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Allotment, Tally

FEW = 5
"""SQLAlchemy's own default pool_size."""
REMEDY = "run fewer processes or tasks, surge less, {}, or put an RDS Proxy in front"


def _look(tally: Tally) -> Iterator[tuple[Subject, str, WaysOut]]:
    document = tally.document
    ways: dict[str, WaysOut] = {}
    for name, allotment in tally.allotments.items():
        size = allotment.size
        share = (allotment.divisible or 0) // allotment.divisor
        if size is not None and _starved(allotment):
            database = document.database_of(allotment.workload)
            if database not in ways:
                larger = larger_server(tally.databases[database])
                ways[database] = ways_out(tally, database, goal=_fed, otherwise=REMEDY.format(larger))
            yield (
                Subject("workloads", name),
                (
                    f"each pool of {name} has a share of {share}, which gives {size.pool_size} + {size.max_overflow}:"
                    f" {allotment.workload.proxy or database} is divided among {allotment.divisor} pools,"
                    f" and SQLAlchemy alone would keep {FEW}"
                ),
                ways[database],
            )


def _starved(allotment: Allotment) -> bool:
    share = (allotment.divisible or 0) // allotment.divisor
    chosen = allotment.demand.fixed is None and allotment.size is not None and allotment.capped is None
    return chosen and share < FEW


def _fed(tally: Tally) -> bool:
    return not any(_starved(allotment) for allotment in tally.allotments.values())


RULE = Rule(
    id="starved-pool",
    severity=Severity.WARNING,
    title="a pool's share is very small",
    why="requests wait for a connection, and fail after pool_timeout, while the server is safe",
    example="a db.t4g.micro leaves 53 connections for 16 pools: 3 for each, 2 + 0 at a split of 70/30",
    remedy=REMEDY.format("take a larger instance class"),
    source='SQLAlchemy documentation, "Connection Pooling", QueuePool: pool_size 5 by default',
    look=_look,
)
