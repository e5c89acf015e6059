"""What the budget lets the connections with one application name come to at a live server."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from constructs_lib.budget.environment import APPLICATION_NAME_BYTES, application_name
from constructs_lib.budget.tally import Allotment, DatabaseTally
from constructs_lib.budget.workloads import PooledWorkload
from constructs_lib.limits import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What the connections with one name may come to."""

    workloads: tuple[str, ...]
    direct: int | None
    """The most that all its own pools open together, in the worst scenario; None where that is unknown."""
    kept: int | None
    """What they keep of it: beyond that, overflow is in use. None where it cannot be said."""
    proxies: Mapping[str, int | None]
    """The proxies that connect for it, and what each opens for all its clients."""
    arithmetic: str
    patience_s: int

    @property
    def budgeted(self) -> int | None:
        """The most connections of this name; None where that is unknown."""
        return together([self])


def together(shares: Iterable[Share]) -> int | None:
    """What several shares come to: a proxy that connects for some of them counts once."""
    total, proxies = 0, dict[str, int | None]()
    for share in shares:
        if share.direct is None:
            return None
        total += share.direct
        proxies |= share.proxies
    ceilings = [ceiling for ceiling in proxies.values() if ceiling is not None]
    return total + sum(ceilings) if len(ceilings) == len(proxies) else None


def shares_of(tally: DatabaseTally) -> Mapping[str, Share]:
    """The shares by application name, which several workloads may have in common."""
    shares: dict[str, Share] = {}
    for allotment in tally.direct:
        direct, kept, words = _direct(allotment)
        _add(shares, allotment, direct, kept, {}, words)
    for proxy in tally.proxies:
        ceiling = None if isinstance(proxy.ceiling, Unknown) else proxy.ceiling
        words = f"the proxy {proxy.proxy.name} opens at most {ceiling}" if ceiling is not None else "unknown"
        for allotment in proxy.clients:
            _add(shares, allotment, 0, None, {proxy.proxy.name: ceiling}, words)
    return shares


def names_as_shown(names: Iterable[str]) -> Mapping[str, str]:
    """The names by the forms that PostgreSQL gives them: a question mark for what is not ASCII, or since 16 its code.

    A form that is another's name, or two names', stays out.
    """
    names = set(names)
    forms: dict[str, set[str]] = {}
    for name in names:
        for form in _forms(name):
            forms.setdefault(form, set()).add(name)
    return {form: owners.pop() for form, owners in forms.items() if len(owners) == 1 and form not in names}


def _forms(name: str) -> Iterator[str]:
    if not name.isascii():
        yield "".join(letter if letter.isascii() else "?" * len(letter.encode()) for letter in name)
        codes = name.encode().decode("ascii", errors="backslashreplace")
        yield codes[:APPLICATION_NAME_BYTES]


def _direct(allotment: Allotment) -> tuple[int | None, int | None, str]:
    size, pools, connections = allotment.in_force, allotment.demand.pools, allotment.connections
    if size is None or isinstance(size, Unknown) or isinstance(pools, Unknown) or connections is None:
        return None, None, "unknown"
    counted = "1 pool" if pools.peak == 1 else f"{pools.peak} pools"
    beside = allotment.demand.beside.peak
    more = f" + {beside} beside them" if beside else ""
    words = f"{counted} × ({size.pool_size} + {size.max_overflow}){more} = {connections.peak}"
    return connections.peak, pools.peak * size.pool_size + beside, words


def _add(
    shares: dict[str, Share],
    allotment: Allotment,
    direct: int | None,
    kept: int | None,
    proxies: Mapping[str, int | None],
    words: str,
) -> None:
    workload = allotment.workload
    if not isinstance(workload, PooledWorkload):
        return
    name = application_name(workload)
    other = shares.get(name)
    if other is not None:
        direct = None if direct is None or other.direct is None else direct + other.direct
        kept = None if kept is None or other.kept is None else kept + other.kept
        words = other.arithmetic if words == other.arithmetic and proxies else f"{other.arithmetic}, {words}"
        proxies = {**other.proxies, **proxies}
    shares[name] = Share(
        workloads=(*(other.workloads if other else ()), workload.name),
        direct=direct,
        kept=kept,
        proxies=proxies,
        arithmetic=words,
        patience_s=max(workload.pool_timeout, other.patience_s if other else 0),
    )
