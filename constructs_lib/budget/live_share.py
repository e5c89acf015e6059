"""What the budget lets the connections with one application name come to at a live server."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from constructs_lib.budget.environment import APPLICATION_NAME_BYTES, application_name
from constructs_lib.budget.scenario import NOTHING, PerScenario
from constructs_lib.budget.tally import Allotment, DatabaseTally
from constructs_lib.budget.workloads import PooledWorkload, Workload
from constructs_lib.limits import Unknown

PATIENCE_S = 30
"""The default pool_timeout: a transaction that is idle for longer makes others wait in vain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What the connections with one name may come to."""

    workloads: tuple[str, ...]
    direct: PerScenario | None
    """The most that all its own pools open together; None where that is unknown."""
    kept: int | None
    """What the steady pools keep of it: beyond that, overflow is in use. None where it cannot be said."""
    proxies: Mapping[str, int | None]
    """The proxies that connect for it, and what each opens for all its clients."""
    arithmetic: str
    patience_s: int
    reserved: bool = False
    """Whether it is a reservation, which has no pools."""

    @property
    def scenarios(self) -> PerScenario | None:
        """The most connections of this name in each scenario; None where that is unknown."""
        return together([self])

    @property
    def budgeted(self) -> int | None:
        """The most of them all."""
        return self.scenarios and self.scenarios.peak


def together(shares: Iterable[Share]) -> PerScenario | None:
    """What several shares come to: a proxy that connects for some of them counts once, and in every scenario."""
    total, proxies = NOTHING, dict[str, int | None]()
    for share in shares:
        if share.direct is None:
            return None
        total = total.plus(share.direct)
        proxies |= share.proxies
    ceilings = [ceiling for ceiling in proxies.values() if ceiling is not None]
    return total.plus(PerScenario(*[sum(ceilings)] * 3)) if len(ceilings) == len(proxies) else None


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
            _add(shares, allotment, NOTHING, None, {proxy.proxy.name: ceiling}, words)
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


def _direct(allotment: Allotment) -> tuple[PerScenario | None, int | None, str]:
    if not isinstance(allotment.workload, PooledWorkload):
        reserved = allotment.connections
        return reserved, reserved and reserved.steady, "unknown" if reserved is None else f"{reserved.peak} reserved"
    size, pools, connections = allotment.in_force, allotment.demand.pools, allotment.connections
    if size is None or isinstance(size, Unknown) or isinstance(pools, Unknown) or connections is None:
        return None, None, "unknown"
    counted = "1 pool" if pools.peak == 1 else f"{pools.peak} pools"
    beside = allotment.demand.beside.peak
    more = f" + {beside} beside them" if beside else ""
    words = f"{counted} × ({size.pool_size} + {size.max_overflow}){more} = {connections.peak}"
    return connections, pools.steady * size.pool_size + allotment.demand.beside.steady, words


def _add(
    shares: dict[str, Share],
    allotment: Allotment,
    direct: PerScenario | None,
    kept: int | None,
    proxies: Mapping[str, int | None],
    words: str,
) -> None:
    workload = allotment.workload
    pooled = isinstance(workload, PooledWorkload)
    name, patience_s = _name_and_patience(workload)
    other = shares.get(name)
    if other is not None:
        direct = None if direct is None or other.direct is None else direct.plus(other.direct)
        kept = None if kept is None or other.kept is None else kept + other.kept
        words = other.arithmetic if words == other.arithmetic and proxies else f"{other.arithmetic}, {words}"
        proxies = {**other.proxies, **proxies}
    shares[name] = Share(
        workloads=(*(other.workloads if other else ()), workload.name),
        direct=direct,
        kept=kept,
        proxies=proxies,
        arithmetic=words,
        patience_s=max(patience_s, other.patience_s if other else 0),
        reserved=not pooled and (other is None or other.reserved),
    )


def _name_and_patience(workload: Workload) -> tuple[str, int]:
    """How it calls itself at the server, a reservation by its own name, and how long others wait for it."""
    if isinstance(workload, PooledWorkload):
        return application_name(workload), workload.pool_timeout
    return workload.name, PATIENCE_S
