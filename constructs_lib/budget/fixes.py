"""Ways out of a sum that does not fit, each tried before it is proposed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from constructs_lib.budget.document import Document
from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.tally import Allotment, DatabaseTally, tally
from constructs_lib.budget.workloads import Celery, PooledWorkload, Reservation, SizedWorkload, TaskWorkload, Workload
from constructs_lib.limits import Unknown, family_classes

MOST_FIXES = 4
LARGEST_CLAIMS = 3
"""How many workloads, largest first, a way out is looked for in."""


def fixes(document: Document, database: str) -> str:
    """The changes, each alone, after which the database's sum holds, in one sentence; verified by adding up again."""
    found = [fix for fix, _ in _proposals(document, database)][:MOST_FIXES]
    if not found:
        return "no single change makes it fit: lower pools, processes or tasks, or use a larger instance class"
    return "any one of: " + "; ".join(found) if len(found) > 1 else found[0]


def _proposals(document: Document, database: str) -> Iterator[tuple[str, Document]]:
    """Every way out with the document that it leads to."""
    if as_planned := _as_planned(document):
        if _holds(as_planned, database):
            yield "let the budget's own values stand in the containers", as_planned
            return
        document = as_planned
    sums = tally(document).databases[database]
    claims = [*sums.direct, *(client for proxy in sums.proxies for client in proxy.clients)]
    claims.sort(key=lambda claim: (-_peak(claim), claim.workload.name))
    for knob in (_pool, _unfixed, _tasks, _percent, _concurrency, _connections):
        for claim in claims[:LARGEST_CLAIMS]:
            yield from knob(document, database, claim)
    yield from _proxy_percent(document, database, sums)
    yield from _instance_class(document, database)


def _pool(document: Document, database: str, claim: Allotment) -> Iterator[tuple[str, Document]]:
    workload, fixed = claim.workload, claim.demand.fixed
    if not isinstance(workload, SizedWorkload) or fixed is None:
        return
    ratio = fixed if not fixed.unbounded else PoolSize(1, 0)

    def sized(ceiling: int) -> Document:
        pool_size = max(1, ceiling * ratio.pool_size // ratio.ceiling)
        size = replace(workload, pool_size=pool_size, max_overflow=ceiling - pool_size)
        return _with(document, size)

    most = fixed.ceiling - 1 if not fixed.unbounded else 1
    if (ceiling := _largest(1, most, lambda ceiling: _holds(sized(ceiling), database))) is not None:
        result = sized(ceiling)
        size = result.workloads[workload.name].demand().fixed or fixed
        yield f"pool_size={size.pool_size} and max_overflow={size.max_overflow} for {workload.name}", result


def _unfixed(document: Document, database: str, claim: Allotment) -> Iterator[tuple[str, Document]]:
    workload = claim.workload
    if not isinstance(workload, SizedWorkload) or claim.demand.fixed is None:
        return
    result = _with(document, replace(workload, pool_size=None, max_overflow=None))
    if _holds(result, database) and (size := tally(result).allotments[workload.name].size):
        yield (
            (
                f"no pool_size and max_overflow for {workload.name}: the budget then gives"
                f" {size.pool_size} + {size.max_overflow}"
            ),
            result,
        )


def _tasks(document: Document, database: str, claim: Allotment) -> Iterator[tuple[str, Document]]:
    workload = claim.workload
    if not isinstance(workload, TaskWorkload) or isinstance(live := workload.fleet.live(), Unknown):
        return

    def limited(most: int) -> Document:
        tasks = workload.tasks if isinstance(workload.tasks, Unknown) else min(workload.tasks, most)
        return _with(document, replace(workload, tasks=tasks, max_tasks=most))

    most = _largest(1, live.scaled_out - 1, lambda most: _holds(limited(most), database))
    if most is not None:
        yield (
            f"at most {most} {'task' if most == 1 else 'tasks'} of {workload.name} instead of {live.scaled_out}",
            limited(most),
        )


def _percent(document: Document, database: str, claim: Allotment) -> Iterator[tuple[str, Document]]:
    workload = claim.workload
    if not isinstance(workload, TaskWorkload) or isinstance(workload.maximum_percent, Unknown):
        return
    if isinstance(live := workload.fleet.live(), Unknown) or workload.deployment is not Deployment.ROLLING:
        return

    def deployed(percent: int) -> Document:
        return _with(document, replace(workload, maximum_percent=percent))

    percent = _largest(101, workload.maximum_percent - 1, lambda percent: _holds(deployed(percent), database))
    most = live.scaled_out
    # a percentage that leaves no room for one more task would stop deployments
    if percent is not None and most < most * percent // 100 < live.deploying:
        yield f"maximum_percent={percent} for {workload.name}", deployed(percent)


def _concurrency(document: Document, database: str, claim: Allotment) -> Iterator[tuple[str, Document]]:
    workload = claim.workload
    if not isinstance(workload, Celery) or isinstance(workload.concurrency, Unknown):
        return

    def running(concurrency: int) -> Document:
        return _with(document, replace(workload, concurrency=concurrency))

    most = _largest(1, workload.concurrency - 1, lambda concurrency: _holds(running(concurrency), database))
    if most is not None:
        yield f"concurrency={most} for {workload.name}", running(most)


def _connections(document: Document, database: str, claim: Allotment) -> Iterator[tuple[str, Document]]:
    workload = claim.workload
    if not isinstance(workload, Reservation):
        return

    def reserving(connections: int) -> Document:
        return _with(document, replace(workload, connections=connections))

    most = _largest(0, workload.connections - 1, lambda connections: _holds(reserving(connections), database))
    if most is not None:
        yield f"connections={most} for {workload.name}", reserving(most)


def _proxy_percent(document: Document, database: str, sums: DatabaseTally) -> Iterator[tuple[str, Document]]:
    for item in sorted(sums.proxies, key=lambda item: item.proxy.name):
        proxy = item.proxy

        def opening(percent: int) -> Document:
            changed = replace(proxy, max_connections_percent=percent)  # noqa: B023 - called within this turn
            return replace(document, proxies={**document.proxies, proxy.name: changed})  # noqa: B023 - same

        if isinstance(proxy.max_connections_percent, int):
            # too high a percentage leaves nothing to direct clients, too low a one nothing to the proxy's own
            fitting = (percent for percent in range(100, 0, -1) if _holds(opening(percent), database))
            if percent := next(fitting, None):
                yield f"max_connections_percent={percent} for {proxy.name}", opening(percent)


def _instance_class(document: Document, database: str) -> Iterator[tuple[str, Document]]:
    server = document.databases[database]
    if not isinstance(server.instance_class, str):
        return
    engine = server.engine if isinstance(server.engine, str) else None
    for instance_class in family_classes(server.instance_class, engine=engine):
        databases = {**document.databases, database: replace(server, instance_class=instance_class)}
        larger = replace(document, databases=databases)
        if _holds(larger, database):
            yield f"{instance_class} for {database}", larger
            return


def _largest(low: int, high: int, holds: Callable[[int], bool]) -> int | None:
    """The largest number from low to high for which the sum holds, given that smaller numbers hold more easily."""
    if low > high or not holds(low):
        return None
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _holds(document: Document, database: str) -> bool:
    return tally(document).databases[database].holds


def _peak(claim: Allotment) -> int:
    return claim.connections.peak if claim.connections is not None else 0


def _as_planned(document: Document) -> Document | None:
    """The document without what was found in the containers; None where nothing was found."""
    workloads: Mapping[str, Workload] = {
        name: replace(workload, found=None) if isinstance(workload, PooledWorkload) and workload.found else workload
        for name, workload in document.workloads.items()
    }
    return replace(document, workloads=workloads) if workloads != document.workloads else None


def _with(document: Document, workload: Workload) -> Document:
    return replace(document, workloads={**document.workloads, workload.name: workload})
