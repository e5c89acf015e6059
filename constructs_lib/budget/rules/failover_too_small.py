"""What fits the writer does not fit the instance that would take its place."""

from collections.abc import Iterator
from dataclasses import replace

from constructs_lib.budget import arithmetic
from constructs_lib.budget.capacity import capacity_of
from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.limits import Limit, Unknown


def _look(document: Document, tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    for name, database in document.databases.items():
        promoted = database.failover_class
        if promoted is None or promoted == database.instance_class or not tally.databases[name].holds:
            continue
        # what was declared, or looked up, was read on the writer
        capacity = capacity_of(
            replace(database, instance_class=promoted, max_connections=None, facts=None, memory_bytes=None)
        )
        peak = tally.databases[name].total.peak
        if capacity.usable is None or peak > capacity.usable:
            what = f"a reader of {promoted}" if isinstance(promoted, str) else "a reader of unknown class"
            yield (
                Subject("databases", name),
                (
                    f"after a failover of {name} its workloads can ask for {peak} connections of {what}, which accepts"
                    f" {arithmetic.of_capacity(capacity)}"
                ),
                (
                    "give every instance that can be promoted the writer's class,"
                    f" or plan for the smaller one with max_connections={_limit(capacity.limit)}"
                ),
            )


def _limit(limit: Limit | Unknown) -> str:
    return "what it accepts" if isinstance(limit, Unknown) else str(limit.max_connections)


RULE = Rule(
    id="failover-too-small",
    severity=Severity.WARNING,
    title="a smaller instance can be promoted to writer",
    why="a failover moves every connection of the writer at once to an instance that may accept fewer",
    example=(
        "a writer of db.r6g.xlarge whose workloads can ask for 2,500 connections, and the only reader is a"
        " db.r6g.large, which accepts some 1,700"
    ),
    remedy="give all instances that can be promoted the class of the writer, or plan for the smallest of them",
    source='Amazon Aurora User Guide, "High availability for Amazon Aurora", fault tolerance and failover',
    look=_look,
)
