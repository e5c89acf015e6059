"""Pools connect to Aurora Serverless v2 without a proxy between."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.workloads import PooledWorkload
from constructs_lib.limits import Unknown


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, database in tally.databases.items():
        if not document.databases[name].serverless:
            continue
        pools = {
            allotment.workload.name: "?" if isinstance(allotment.demand.pools, Unknown) else allotment.demand.pools.peak
            for allotment in database.direct
            if isinstance(allotment.workload, PooledWorkload)
        }
        if pools:
            listed = ", ".join(f"{workload} {count}" for workload, count in sorted(pools.items()))
            yield (
                Subject("databases", name),
                (
                    f"{name} is Aurora Serverless v2 and has pools that connect to it directly ({listed}):"
                    " max_connections follows its largest capacity, its memory the present one"
                ),
                "connect through an RDS Proxy, which keeps few connections for many clients, or keep the pools small",
            )


RULE = Rule(
    id="serverless-without-proxy",
    severity=Severity.WARNING,
    title="pools connect to Aurora Serverless v2 without a proxy",
    why="the server accepts connections for its largest capacity and holds them in the memory of its smallest",
    example="0.5 to 16 ACU: 2000 connections are accepted, and the 1 GiB of 0.5 ACU has to hold those that are open",
    remedy="an RDS Proxy between, or pools of a few connections",
    source='Amazon Aurora User Guide, "Performance and scaling for Aurora Serverless v2"',
    look=_look,
)
