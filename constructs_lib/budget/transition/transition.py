"""The sum while one budget is deployed over another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from constructs_lib.budget.arithmetic import of_capacity
from constructs_lib.budget.tally import Allotment, DatabaseTally, ProxyTally, Tally
from constructs_lib.budget.transition.bound import Bound, Term
from constructs_lib.budget.transition.mix import Mix, comparable, worst_mix
from constructs_lib.budget.transition.pairs import Pair, pairs
from constructs_lib.budget.transition.side import Side
from constructs_lib.limits import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Every bound of a change, by the name of the database: it as it is, as it will be, and its proxies."""

    databases: Mapping[str, tuple[Bound, ...]]

    @property
    def holds(self) -> bool:
        """Whether every sum is within its number at every moment of the change."""
        return all(bound.holds for bounds in self.databases.values() for bound in bounds)


def transition(base: Tally, head: Tally) -> Transition:
    """The bounds of deploying `head` over `base`, for every database of `head`."""
    return Transition(databases={new.name: _bounds(old, new) for old, new in servers(base, head) if new is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The way from what is deployed to one database, whose numbers are not settled yet."""

    old: DatabaseTally | None
    name: str
    """What the new budget calls the database."""

    def bounds(self, head: Tally) -> tuple[Bound, ...]:
        """The bounds of deploying a budget, or the part of one that ends at the database."""
        return _bounds(self.old, head.databases[self.name])

    def open(self, head: Tally) -> bool:
        """Whether a budget may be deployed, as far as this database is concerned."""
        return deployable(self.bounds(head), head.databases[self.name])


def passage(base: Tally, head: Tally, database: str) -> Passage:
    """The way to a database of `head` from what it is in `base`."""
    old = next(old for old, new in servers(base, head) if new is not None and new.name == database)
    return Passage(old=old, name=database)


def deployable(bounds: Sequence[Bound], new: DatabaseTally) -> bool:
    """Whether a change may be deployed: every sum holds, or it mends what is deployed and is no worse on the way."""
    return all(bound.holds for bound in bounds) or (
        new.holds and all(bound.holds or bound.no_worse for bound in bounds)
    )


def servers(base: Tally, head: Tally) -> list[Pair[DatabaseTally]]:
    """Every server of both sides, as it is and as it will be."""
    return pairs(base.databases.values(), head.databases.values(), lambda item: item.server)


def _bounds(old: DatabaseTally | None, new: DatabaseTally) -> tuple[Bound, ...]:
    name = new.name
    direct = tuple(_terms(old.direct if old else (), new.direct))
    proxies = pairs(old.proxies if old else (), new.proxies, lambda item: item.proxy)
    bounds: list[Bound] = []
    same = old is None or _numbers(old) == _numbers(new)
    if old is not None and not same:
        bounds += _of_server(old, (old, new), f"{name} as it is", direct, proxies)
    bounds += _of_server(new, (old, new), name if same else f"{name} as it will be", direct, proxies)
    return tuple(bounds)


def _numbers(server: DatabaseTally) -> tuple[object, ...]:
    """What a server accepts, wherever that is known from."""
    limit = server.capacity.limit
    return (
        limit if isinstance(limit, Unknown) else limit.max_connections,
        server.capacity.usable,
        server.capacity.overdrawn,
    )


def _of_server(
    server: DatabaseTally,
    sums: Pair[DatabaseTally],
    title: str,
    direct: tuple[Term, ...],
    proxies: Sequence[Pair[ProxyTally]],
) -> list[Bound]:
    """The server's own bound and those of the clients of its proxies, with the server's max_connections."""
    capacity = server.capacity
    limit = capacity.limit
    terms = list(direct)
    bounds = []
    for pair in proxies:
        old, new = pair
        sides = [item for item in pair if item is not None]
        name = sides[-1].proxy.name
        percents = [item.proxy.max_connections_percent for item in sides]
        unknown = next((value for value in (limit, *percents) if isinstance(value, Unknown)), None)
        known = [percent for percent in percents if isinstance(percent, int)]
        if unknown is not None or isinstance(limit, Unknown):
            ceilings: tuple[int | Unknown, int | Unknown] = (unknown or Unknown("unknown"),) * 2
            words = "unknown"
        else:
            largest, smallest = max(known), min(known)
            targets = min(item.proxy.targets for item in sides)
            ceilings = (limit.max_connections * largest // 100, limit.max_connections * smallest // 100)
            words = f"floor({limit.max_connections} × {smallest} %)"
            if targets > 1:
                ceilings = (ceilings[0], ceilings[1] * targets)
                words = f"{targets} readers × {words}"
            terms.append(
                Term(
                    name=name,
                    connections=ceilings[0],
                    arithmetic=f"{ceilings[0]} = floor({limit.max_connections} × {largest} %)",
                )
            )
        if unknown is not None:
            terms.append(Term(name=name, connections=unknown, arithmetic="unknown"))
        clients = tuple(_terms(old.clients if old else (), new.clients if new else ()))
        accepts_words = f"{ceilings[1]} = {words}" if isinstance(ceilings[1], int) else words
        bounds.append(
            Bound(
                kind="proxies",
                name=name,
                accepts=ceilings[1],
                accepts_words=accepts_words,
                terms=clients,
                old=_side(old),
                new=_side(new),
            )
        )
    usable = capacity.usable
    accepts: int | Unknown = usable if usable is not None else Unknown(_reason(limit))
    if capacity.overdrawn:
        accepts = Unknown("the reserves exceed the limit")
    return [
        Bound(
            kind="databases",
            name=title,
            accepts=accepts,
            accepts_words=of_capacity(capacity),
            terms=tuple(terms),
            old=_side(sums[0]),
            new=_side(sums[1]),
        ),
        *bounds,
    ]


def _side(sums: DatabaseTally | ProxyTally | None) -> Side | None:
    return None if sums is None else Side(sums=sums)


def _reason(limit: object) -> str:
    return limit.reason if isinstance(limit, Unknown) else "unknown"


def _terms(old: Iterable[Allotment], new: Iterable[Allotment]) -> Iterable[Term]:
    for before, after in pairs(old, new, lambda item: item.workload):
        if before is not None and after is not None and comparable(before.workload, after.workload):
            yield _mixed(before, after)
            continue
        if before is not None:
            yield _alone(before, "until it is gone")
        if after is not None:
            yield _alone(after, "new")


def _mixed(old: Allotment, new: Allotment) -> Term:
    name = new.workload.name
    was, becomes = _peak(old), _peak(new)
    mix = worst_mix(old, new)
    unknown = next((item for item in (was, becomes, mix) if isinstance(item, Unknown)), None)
    if unknown is not None or isinstance(was, Unknown) or isinstance(becomes, Unknown):
        return Term(name=name, connections=unknown or Unknown("unknown"), arithmetic="unknown")
    own = max(was, becomes)
    if isinstance(mix, Mix) and mix.connections > own:
        return Term(name=name, connections=mix.connections, arithmetic=f"{mix.connections} = {mix.words}")
    when = "before and after" if was == becomes else ("before" if was > becomes else "after")
    sides = [item for item, peak in ((old, was), (new, becomes)) if peak == own]
    deploying = ", deploying" if all(_only_deploying(item) for item in sides) else ""
    return Term(name=name, connections=own, arithmetic=f"{own} (peak {when}{deploying})")


def _only_deploying(item: Allotment) -> bool:
    """Whether the peak is one of its own deployments, and not of the tasks that there are without one."""
    return item.connections is not None and item.connections.deploying > item.connections.scaled_out


def _alone(item: Allotment, when: str) -> Term:
    peak = _peak(item)
    words = "unknown" if isinstance(peak, Unknown) else f"{peak} ({when})"
    return Term(name=item.workload.name, connections=peak, arithmetic=words)


def _peak(item: Allotment) -> int | Unknown:
    if item.connections is not None:
        return item.connections.peak
    pools = item.demand.pools
    if isinstance(pools, Unknown):
        return pools
    return Unknown("its pools have no limit" if item.demand.unbounded else "its pools have no size")
