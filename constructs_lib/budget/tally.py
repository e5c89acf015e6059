"""The sum itself: every connection that can exist, against what each server accepts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from constructs_lib.budget.capacity import Capacity, capacity_of
from constructs_lib.budget.database import Database
from constructs_lib.budget.demand import Demand
from constructs_lib.budget.document import Document
from constructs_lib.budget.found import size_in_force
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.scenario import NOTHING, PerScenario
from constructs_lib.budget.schema import MOST
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads import Workload
from constructs_lib.limits import Unknown

SERVERLESS_POOL = 15
"""The most that a chosen pool opens at Aurora Serverless v2, whose memory is small while it is scaled down."""


class Allotment(NamedTuple):  # every workload has one, and a frozen dataclass takes three times as long to make
    """What one workload gets, and what it can open with it."""

    workload: Workload
    demand: Demand
    size: PoolSize | None
    """The size of every pool, fixed or chosen; None where none can be: no room, or an unknown on the way."""
    in_force: PoolSize | Unknown | None
    """The size that the template's containers really have, where one was read; otherwise `size`."""
    no_room: bool
    """Whether the share of a pool came out below one connection."""
    divisible: int | None
    """The connections that were divided to arrive at `size`, and among how many pools: `divisible // divisor`."""
    divisor: int
    connections: PerScenario | None
    """Connections at the server; None where they are unknown or unbounded."""
    capped: int | None = None
    """The most that one of its pools may be, where that, and not its share, decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyTally:
    """One proxy: what it may open at the server, and what its clients can ask of it."""

    proxy: Proxy
    ceiling: int | Unknown
    """floor(max_connections × percent / 100): what it may open at each server."""
    clients: tuple[Allotment, ...]
    total: PerScenario
    """What the clients whose number is known can use."""
    complete: bool
    """Whether every client's number is known."""

    @property
    def accepts(self) -> int | Unknown:
        """What its clients can have in all, over every server behind it."""
        return self.ceiling if isinstance(self.ceiling, Unknown) else self.ceiling * self.proxy.targets

    @property
    def holds(self) -> bool:
        """Whether the clients fit the proxy."""
        return self.complete and not isinstance(self.accepts, Unknown) and self.total.peak <= self.accepts


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseTally:
    """One server: its capacity, and all that can be open on it."""

    server: Database
    capacity: Capacity
    proxies: tuple[ProxyTally, ...]
    direct: tuple[Allotment, ...]
    total: PerScenario
    """Direct connections and the proxies' ceilings, as far as they are known."""
    complete: bool
    """Whether every term of the total is known."""

    @property
    def name(self) -> str:
        """The name of the document's entry."""
        return self.server.name

    @property
    def clients(self) -> Sequence[Allotment]:
        """Every workload that ends at the server: the direct ones, then those of each proxy."""
        return [*self.direct, *(client for proxy in self.proxies for client in proxy.clients)]

    @property
    def headroom(self) -> int | None:
        """What the worst scenario leaves; negative where it exceeds the capacity; None where that cannot be said."""
        usable = self.capacity.usable
        return usable - self.total.peak if usable is not None and self.complete else None

    @property
    def holds(self) -> bool:
        """Whether the invariant is shown: in every scenario the sum is known and within the capacity."""
        headroom = self.headroom
        return (
            headroom is not None
            and headroom >= 0
            and not self.capacity.overdrawn
            and all(proxy.holds for proxy in self.proxies)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The sums of a document."""

    document: Document
    databases: Mapping[str, DatabaseTally]
    proxies: Mapping[str, ProxyTally]
    allotments: Mapping[str, Allotment]
    deployed: "Tally | None" = None
    """The sums of what is deployed until this document is."""


def tally(document: Document) -> Tally:
    """Size every pool and add everything up.

    Fixed claims (Celery, reservations, fixed pools, the proxies' ceilings) come first, at their worst; what they leave
    is divided among the other pools by weight, rounded down at every step.
    """
    direct: dict[str, list[tuple[Workload, Demand]]] = {name: [] for name in document.databases}
    proxied: dict[str, list[tuple[Workload, Demand]]] = {name: [] for name in document.proxies}
    for workload in document.workloads.values():
        if workload.proxy is not None:
            proxied[workload.proxy].append((workload, workload.demand()))
        elif workload.database is not None:
            direct[workload.database].append((workload, workload.demand()))
    proxies_of: dict[str, list[Proxy]] = {name: [] for name in document.databases}
    for proxy in document.proxies.values():
        proxies_of[proxy.database].append(proxy)

    databases = {
        name: _database(database, capacity_of(database), proxies_of[name], direct[name], proxied)
        for name, database in document.databases.items()
    }
    proxies = {item.proxy.name: item for database in databases.values() for item in database.proxies}
    claims = [*(item.direct for item in databases.values()), *(item.clients for item in proxies.values())]
    allotments = {allotment.workload.name: allotment for claim in claims for allotment in claim}
    return Tally(
        document=document,
        databases=databases,
        proxies=proxies,
        allotments={name: allotments[name] for name in document.workloads},
        deployed=None if document.deployed is None else tally(document.deployed),
    )


def _database(
    database: Database,
    capacity: Capacity,
    proxies: Sequence[Proxy],
    direct: Sequence[tuple[Workload, Demand]],
    proxied: Mapping[str, Sequence[tuple[Workload, Demand]]],
) -> DatabaseTally:
    cap = SERVERLESS_POOL if database.serverless else None
    tallies = tuple(_proxy(proxy, capacity, proxied[proxy.name], cap) for proxy in proxies)
    allotments = _allot(_left_beside(proxies, capacity), direct, cap)
    ceilings = sum(item.ceiling for item in tallies if not isinstance(item.ceiling, Unknown))
    return DatabaseTally(
        server=database,
        capacity=capacity,
        proxies=tallies,
        direct=allotments,
        total=_sum(allotments).plus(PerScenario(ceilings, ceilings, ceilings)),
        complete=_known(allotments) and not any(isinstance(item.ceiling, Unknown) for item in tallies),
    )


def _proxy(proxy: Proxy, capacity: Capacity, clients: Sequence[tuple[Workload, Demand]], cap: int | None) -> ProxyTally:
    percent, limit = proxy.max_connections_percent, capacity.limit
    if isinstance(percent, Unknown) or isinstance(limit, Unknown):
        unknown = percent if isinstance(percent, Unknown) else limit
        ceiling: int | Unknown = unknown if isinstance(unknown, Unknown) else 0
    else:
        ceiling = limit.max_connections * percent // 100
    allotments = _allot(None if isinstance(ceiling, Unknown) else ceiling * proxy.targets, clients, cap)
    return ProxyTally(
        proxy=proxy, ceiling=ceiling, clients=allotments, total=_sum(allotments), complete=_known(allotments)
    )


def _left_beside(proxies: Sequence[Proxy], capacity: Capacity) -> int | None:
    """What the proxies leave to direct clients; None where that cannot be said.

    The percentages are added before they are rounded: rounding each could take away a connection where the server
    grows by one, and a larger server must never mean smaller pools.
    """
    if capacity.usable is None or isinstance(capacity.limit, Unknown):
        return None
    percent = 0
    for proxy in proxies:
        if isinstance(proxy.max_connections_percent, Unknown):
            return None
        percent += proxy.max_connections_percent
    return capacity.usable - capacity.limit.max_connections * percent // 100


def _allot(capacity: int | None, claims: Sequence[tuple[Workload, Demand]], cap: int | None) -> tuple[Allotment, ...]:
    """Give each claim its size: the fixed ones as they are, the others their share of what is left, up to the cap."""
    fixed_peak, weight, known = 0, 0, capacity is not None
    elastic = [demand for _, demand in claims if demand.fixed is None]
    for _, demand in claims:
        if demand.fixed is None:
            weight += demand.sizing_pools * demand.weight
            known = known and not isinstance(demand.pools, Unknown)
        else:
            connections = None if demand.unbounded else demand.connections(demand.fixed.ceiling)
            if connections is None or isinstance(connections, Unknown):
                known = False
            else:
                fixed_peak += connections.peak
    # clients that share connections are counted rounded up: one connection each is kept for that
    rounding = sum(1 for demand in elastic if demand.multiplexing > 1) if len(elastic) > 1 else 0
    left = max(0, capacity - fixed_peak - rounding) if known and capacity is not None else None
    return tuple(_allotment(workload, demand, left, weight, demand.largest or cap) for workload, demand in claims)


def _allotment(workload: Workload, demand: Demand, left: int | None, weight: int, cap: int | None) -> Allotment:
    size, no_room, divisor = None if demand.unsized else demand.fixed, False, demand.sizing_pools
    divisible = None if size is None or demand.unbounded else size.ceiling * divisor
    capped = None
    if demand.fixed is None and left is not None:
        share = min(MOST, left * demand.weight * demand.multiplexing // weight)  # no application takes a larger one
        no_room = share < 1
        if cap is not None and share > cap:
            share, capped = cap, cap
        size = None if no_room else demand.split.divide(share)
        if capped is None and (demand.multiplexing == 1 or no_room):
            divisible, divisor = left, -(-weight // demand.weight)
        else:
            divisible = share * divisor
    in_force = demand.unsized or size_in_force(workload, size)
    connections = None
    if isinstance(in_force, PoolSize) and not (demand.pooled and in_force.unbounded):
        counted = demand.connections(in_force.ceiling)
        connections = None if isinstance(counted, Unknown) else counted
    return Allotment(
        workload=workload,
        demand=demand,
        size=size,
        in_force=in_force,
        no_room=no_room,
        divisible=divisible,
        divisor=divisor,
        connections=connections,
        capped=capped,
    )


def _sum(allotments: Iterable[Allotment]) -> PerScenario:
    steady = scaled_out = deploying = 0
    for allotment in allotments:
        counted = allotment.connections or NOTHING
        steady, scaled_out, deploying = steady + counted[0], scaled_out + counted[1], deploying + counted[2]
    return PerScenario(steady, scaled_out, deploying)


def _known(allotments: Iterable[Allotment]) -> bool:
    return all(allotment.connections is not None for allotment in allotments)
