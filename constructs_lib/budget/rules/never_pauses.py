"""A database that is to pause when nobody is connected, and somebody always is."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.workloads import TaskWorkload


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, database in tally.databases.items():
        if document.databases[name].min_acu not in {"0", "0.0"}:
            continue
        holders = sorted(f"the proxy {item.proxy.name}" for item in database.proxies)
        pools: list[str] = []
        for allotment in database.direct:
            workload, connections = allotment.workload, allotment.connections
            if isinstance(workload, TaskWorkload) and (connections is None or connections.steady):
                pools.append(f"the pools of {workload.name}")
        holders += sorted(pools)  # in no order of the document's
        if holders:
            yield (
                Subject("databases", name),
                (
                    f"{name} has a minimum of 0 ACU to pause while nobody is connected, and {' and '.join(holders)}"
                    " keep a connection open: it never does"
                ),
                "a minimum of 0.5 ACU, or no pool that outlives its work (NullPool, a scheduled task, no proxy)",
            )


RULE = Rule(
    id="never-pauses",
    severity=Severity.WARNING,
    title="a pool or a proxy keeps the database from pausing",
    why="Aurora Serverless v2 pauses at 0 ACU only while there is no user connection, and a pool keeps some open",
    example="a service of one task with pool_size=5 in front of a cluster with a minimum of 0 ACU",
    remedy="a minimum capacity above 0, or clients that close what they open",
    source='Amazon Aurora User Guide, "Scaling to Zero ACUs with automatic pause and resume for Aurora Serverless v2"',
    look=_look,
)
