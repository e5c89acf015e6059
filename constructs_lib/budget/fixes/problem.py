"""What keeps a database's sum from being shown to hold, one by one."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.tally import Allotment, DatabaseTally
from constructs_lib.limits import Unknown


class Problem(NamedTuple):
    """One of them: what it is, and the entry that it is about."""

    what: str
    name: str


LIMIT, PERCENT = "limit", "percent"
"""What the server accepts, or the share of a proxy, is unknown."""
TASKS, UNBOUNDED, UNREAD = "tasks", "unbounded", "unread"
"""The pools of a workload are unknown in number, without a limit, or of a size that cannot be read."""
OVERDRAWN, SUM, CLIENTS, NO_ROOM, UNDIVIDED = "overdrawn", "sum", "clients", "no-room", "undivided"
"""The reserves, all connections, or a proxy's clients are too many; a pool's share is below one, or cannot be told."""
OPEN = {LIMIT, PERCENT, TASKS, UNBOUNDED, UNREAD}
"""Those beside which a sum says less than all."""

Own = Callable[[Problem], bool]
"""Which problems a finding is about."""
Problems = Mapping[Problem, int]
"""With how large each is: connections beyond what is accepted, or 1."""


def problems(server: DatabaseTally) -> Problems:
    """All that is wrong with a database; nothing is exactly where it `holds`."""
    return dict(_of_server(server))


def about(what: str, *, name: str | None = None, names: Collection[str] | None = None) -> Own:
    """The problems of one kind, of one entry, of several, or of all."""
    named = names if name is None else {name}
    return lambda problem: problem.what == what and (named is None or problem.name in named)


def every(_problem: Problem) -> bool:
    """All of them."""
    return True


def _of_server(server: DatabaseTally) -> Iterator[tuple[Problem, int]]:
    usable = server.capacity.usable
    if usable is None:
        yield Problem(LIMIT, server.name), 1
    elif server.total.peak > usable:
        yield Problem(SUM, server.name), server.total.peak - usable
    if server.capacity.overdrawn:
        yield Problem(OVERDRAWN, server.name), 1
    for proxy in server.proxies:
        if isinstance(proxy.proxy.max_connections_percent, Unknown):
            yield Problem(PERCENT, proxy.proxy.name), 1
        elif not isinstance(proxy.accepts, Unknown) and proxy.total.peak > proxy.accepts:
            yield Problem(CLIENTS, proxy.proxy.name), proxy.total.peak - proxy.accepts
    for claims in (server.direct, *(proxy.clients for proxy in server.proxies)):
        for claim in claims:
            if claim.connections is None:
                yield Problem(_unsummed(claim), claim.workload.name), 1


def _unsummed(claim: Allotment) -> str:
    """Why a claim has no number."""
    if isinstance(claim.demand.pools, Unknown):
        return TASKS
    if claim.demand.unbounded or (isinstance(claim.in_force, PoolSize) and claim.in_force.unbounded):
        return UNBOUNDED
    if isinstance(claim.in_force, Unknown):
        return UNREAD
    return NO_ROOM if claim.no_room else UNDIVIDED
