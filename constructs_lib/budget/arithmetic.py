"""Sums in words, each term with its factors."""

from collections.abc import Sequence

from constructs_lib.budget.capacity import Capacity
from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.tally import Allotment, DatabaseTally, ProxyTally
from constructs_lib.limits import Unknown

TERMS = 6
"""Terms that a message spells out; the rest are summed up in one."""


def worst(total: PerScenario) -> Scenario:
    """The first scenario that reaches the peak."""
    return Scenario(total.index(total.peak))


def of_capacity(capacity: Capacity) -> str:
    """Such as `670 = 683 max_connections − 3 reserved by the engine − 10 administrative reserve`."""
    if isinstance(capacity.limit, Unknown):
        return f"unknown: {capacity.limit.reason}"
    limit = f"{capacity.limit.max_connections} max_connections ({capacity.limit.basis.value})"
    engine, admin = (
        f"{capacity.engine_reserve} reserved by the engine",
        f"{capacity.admin_reserve} administrative reserve",
    )
    if capacity.overdrawn:
        return f"none: {limit} are fewer than {engine} + {admin}"
    if capacity.per_role is not None and capacity.usable == capacity.per_role:
        return f"{capacity.usable}, the {capacity.per_role_reason}"
    return f"{capacity.usable} = {limit} − {engine} − {admin}"


def of_database(database: DatabaseTally, scenario: Scenario) -> str:
    """The database's sum in a scenario: every client, largest first, and every proxy's ceiling."""
    terms = [(_term(allotment, scenario), _count(allotment, scenario)) for allotment in database.direct]
    terms += [(_ceiling(item, database.capacity), _known_ceiling(item)) for item in database.proxies]
    return _joined(terms)


def of_peak(allotment: Allotment) -> str | None:
    """One workload's worst scenario as a product; None where it has no number."""
    return None if allotment.connections is None else _term(allotment, worst(allotment.connections))


def of_clients(proxy: ProxyTally, scenario: Scenario) -> str:
    """The sum of a proxy's clients in a scenario, largest first."""
    return _joined([(_term(allotment, scenario), _count(allotment, scenario)) for allotment in proxy.clients])


def _term(allotment: Allotment, scenario: Scenario) -> str:
    name, size = allotment.workload.name, allotment.in_force
    if isinstance(allotment.demand.pools, Unknown):
        return f"{name} unknown ({allotment.demand.pools.reason})"
    if size is None:
        return f"{name} not sized"
    if isinstance(size, Unknown):
        return f"{name} unknown ({size.reason})"
    if allotment.connections is None:
        return f"{name} without limit"
    return f"{name} {allotment.connections[scenario]} = {allotment.workload.arithmetic(scenario, size)}"


def _count(allotment: Allotment, scenario: Scenario) -> int:
    return allotment.connections[scenario] if allotment.connections is not None else 0


def _known_ceiling(item: ProxyTally) -> int:
    return 0 if isinstance(item.ceiling, Unknown) else item.ceiling


def _ceiling(item: ProxyTally, capacity: Capacity) -> str:
    name, percent = item.proxy.name, item.proxy.max_connections_percent
    if isinstance(item.ceiling, Unknown) or isinstance(capacity.limit, Unknown):
        return f"{name} unknown"
    return f"{name} {item.ceiling} = floor({capacity.limit.max_connections} × {percent} %)"


def _joined(terms: Sequence[tuple[str, int]]) -> str:
    ranked = sorted(terms, key=lambda term: (-term[1], term[0]))
    words = [word for word, _ in ranked[:TERMS]]
    if rest := ranked[TERMS:]:
        words.append(f"{len(rest)} more {sum(count for _, count in rest)}")
    return ", ".join(words)
