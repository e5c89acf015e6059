"""A pool that fits, and is too small to be of use."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally

FEW = 5
"""SQLAlchemy's own default pool_size."""


def _look(document: Document, tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    for name, allotment in tally.allotments.items():
        size = allotment.size
        share = (allotment.divisible or 0) // allotment.divisor
        if allotment.demand.fixed is None and size is not None and share < FEW and allotment.capped is None:
            yield (
                Subject("workloads", name),
                (
                    f"each pool of {name} has a share of {share}, which gives {size.pool_size} + {size.max_overflow}:"
                    f" {document.database_of(allotment.workload)} is divided among {allotment.divisor} pools,"
                    f" and SQLAlchemy alone would keep {FEW}"
                ),
                "use fewer processes or tasks, a lower maximum_percent, a larger instance class, or an RDS Proxy",
            )


RULE = Rule(
    id="starved-pool",
    severity=Severity.WARNING,
    title="a pool's share is very small",
    why="requests wait for a connection, and fail after pool_timeout, while the server is safe",
    example="a db.t4g.micro leaves 53 connections for 16 pools: 3 for each, 2 + 0 at a split of 70/30",
    remedy="run fewer processes or tasks, surge less, take a larger instance class, or put an RDS Proxy in front",
    source='SQLAlchemy documentation, "Connection Pooling", QueuePool: pool_size 5 by default',
    look=_look,
)
