"""More clients behind a proxy than it has connections."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.tally import Allotment, Tally
from constructs_lib.limits import Unknown


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    for name, allotment in tally.allotments.items():
        factor, connections = allotment.demand.multiplexing, allotment.connections
        if factor > 1 and connections is not None and (clients := _clients(allotment)) is not None:
            yield (
                Subject("workloads", name),
                (
                    f"{name} relies on {factor} clients sharing each connection of {allotment.workload.proxy}:"
                    f" if its sessions are pinned, up to {clients} clients ask for the"
                    f" {connections.peak} connections that are planned, and the others wait for the borrow timeout"
                ),
                (
                    "avoid what pins a session (SET, temporary tables, advisory locks, LISTEN, prepared statements),"
                    " or plan with multiplexing=1"
                ),
            )


def _clients(allotment: Allotment) -> int | None:
    """All that the pools can open at the proxy: the connections behind it are that divided, and rounded up."""
    pools, size = allotment.demand.pools, allotment.in_force
    return pools.peak * size.ceiling if isinstance(size, PoolSize) and not isinstance(pools, Unknown) else None


RULE = Rule(
    id="proxy-pinning",
    severity=Severity.WARNING,
    title="the plan relies on a proxy's multiplexing",
    why="a pinned session holds its connection for itself; when all are pinned, a proxy multiplexes nothing",
    example=(
        "multiplexing=10 plans 64 connections for 640 clients; once the driver prepares statements, 640 sessions"
        " are pinned and 576 of them wait"
    ),
    remedy="avoid what pins a session, watch DatabaseConnectionsCurrentlySessionPinned, or plan with multiplexing=1",
    source='Amazon RDS User Guide, "Avoiding pinning an RDS Proxy"',
    look=_look,
)
