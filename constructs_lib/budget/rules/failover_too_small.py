"""What fits the writer does not fit the instance that would take its place."""

from collections.abc import Iterator
from dataclasses import replace

from constructs_lib.budget import arithmetic
from constructs_lib.budget.capacity import Capacity, capacity_of
from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import larger_server
from constructs_lib.budget.fixes.case import changed, part_of, with_entry
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import DatabaseTally, ProxyTally, Tally, tally
from constructs_lib.limits import Limit

SAME_CLASS = "give every instance that can be promoted the writer's class"


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, database in document.databases.items():
        promoted, sums = database.failover_class, tally.databases[name]
        joining = _joining(document, database)
        if promoted is None or not sums.holds or (promoted == database.instance_class and joining is None):
            continue
        capacity = sums.capacity
        if promoted != database.instance_class:
            # what was declared, or looked up, was read on the writer
            capacity = capacity_of(
                replace(database, instance_class=promoted, max_connections=None, facts=None, memory_bytes=None)
            )
        moved = 0 if joining is None else tally.databases[joining].total.peak
        peak = sums.total.peak + moved
        what = f"a reader of {promoted}" if isinstance(promoted, str) else "a reader of unknown class"
        if capacity.usable is None or peak > capacity.usable:
            beside = f", {moved} of them of {joining}, which has no other instance left" if moved else ""
            yield (
                Subject("databases", name),
                (
                    f"after a failover of {name} its workloads can ask for {peak} connections of {what}{beside}, which"
                    f" accepts {arithmetic.of_capacity(capacity)}"
                ),
                ", or ".join(_ways(document, sums, capacity, moved)),
            )
            continue
        for proxy, ceiling in _shrunk(sums, capacity):
            yield (
                Subject("databases", name),
                (
                    f"after a failover of {name} the clients of {proxy.proxy.name} can ask for {proxy.total.peak}"
                    f" connections, and of {what} it opens at most {ceiling}"
                ),
                f"{SAME_CLASS}, or raise the proxy's percentage",
            )


def _ways(document: Document, sums: DatabaseTally, promoted: Capacity, moved: int) -> Iterator[str]:
    """What mends it, each tried: the instance accepts all of it, or the plan is of no more than it accepts."""
    needed, enough = sums.total.peak + moved, sums.capacity.usable or 0
    if promoted is not sums.capacity and needed <= enough:
        yield SAME_CLASS
    if promoted is not sums.capacity and isinstance(promoted.limit, Limit) and promoted.usable is not None:
        limit = {"max_connections": promoted.limit.max_connections}
        smaller = with_entry(part_of(document, sums.name), changed(sums.server, limit))
        then = tally(smaller).databases[sums.name]
        if then.holds and then.total.peak + moved <= promoted.usable and not any(_shrunk(then, promoted)):
            yield f"plan for the smaller one with max_connections={promoted.limit.max_connections}"
    if moved:
        yield "run a second reader"
    if needed > enough:
        yield larger_server(sums)


def _joining(document: Document, database: Database) -> str | None:
    """The readers' entry where their only instance is the one that is promoted: their clients stay with it."""
    if database.failover is None or database.readers != 1:
        return None
    return next((name for name, item in document.databases.items() if item.resource == database.failover), None)


def _shrunk(sums: DatabaseTally, capacity: Capacity) -> Iterator[tuple[ProxyTally, int]]:
    """The proxies whose clients no longer fit their percentage of the promoted instance."""
    for proxy in sums.proxies:
        percent = proxy.proxy.max_connections_percent
        if isinstance(percent, int) and isinstance(capacity.limit, Limit):
            ceiling = capacity.limit.max_connections * percent // 100
            if proxy.total.peak > ceiling:
                yield proxy, ceiling


RULE = Rule(
    id="failover-too-small",
    severity=Severity.WARNING,
    title="the instance that a failover promotes is too small",
    why=(
        "a failover moves every connection of the writer at once to an instance that may accept fewer, and that has the"
        " readers' own where it was the only reader"
    ),
    example=(
        "a writer of db.r6g.xlarge whose workloads can ask for 2,500 connections, and the only reader is a"
        " db.r6g.large, which accepts some 1,700"
    ),
    remedy="give all instances that can be promoted the class of the writer, or plan for the smallest of them",
    source='Amazon Aurora User Guide, "High availability for Amazon Aurora", fault tolerance and failover',
    look=_look,
)
