"""Whether a database holds its connections, in one sentence."""

from collections.abc import Sequence

from constructs_lib.budget.defaults import listed
from constructs_lib.budget.finding import Finding, Severity
from constructs_lib.budget.plan import Plan
from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.tally import Allotment, DatabaseTally, ProxyTally
from constructs_lib.limits import Unknown

MOST_NAMED = 3
"""Workloads that a verdict names."""
UNREAD = "unread-template"
"""The finding that no sum over what was read can answer."""


def verdict(plan: Plan, database: DatabaseTally) -> str:
    """Such as `FITS: at most 664 of 670 connections (steady), 6 to spare`, and what is wrong although the sum fits."""
    said = _of_the_sum(database)
    errors = errors_of(plan, database) if database.holds else ()
    others = [finding for finding in errors if finding.id != UNREAD]
    if len(others) < len(errors):
        said = f"CANNOT BE SHOWN TO FIT: as far as the templates can be read, {said.partition(': ')[2]}"
        errors = others
    named = ", ".join(dict.fromkeys(f"{finding.id} ({finding.subject})" for finding in errors))
    if named:
        return f"{said}, but it is not kept: {named}"
    return f"{said}{_if_single(database)}" if database.holds else said


def _of_the_sum(database: DatabaseTally) -> str:
    usable, total = database.capacity.usable, at_least(database)
    peak = total.peak
    scenario = Scenario(total.index(peak)).title
    if usable is None:
        return "CANNOT BE SHOWN TO FIT: max_connections is unknown"
    if database.holds:
        return f"FITS: at most {peak} of {usable} connections ({scenario}), {database.headroom} to spare"
    if peak > usable:
        one_each = "" if total == database.total else ", one for each pool without a size"
        number = f"{'' if database.complete else 'at least '}{peak}"
        too_many = f"{usable} usable, {peak - usable} too many"
        return f"DOES NOT FIT: {number} connections ({scenario}){one_each}, {too_many}{_by_pools(database)}"
    if none_left := [allotment.workload.name for allotment in database.direct if allotment.no_room]:
        return f"DOES NOT FIT: less than one connection for a pool of {', '.join(none_left)}"
    if not database.complete or not all(proxy.complete for proxy in database.proxies):
        return "CANNOT BE SHOWN TO FIT: not every workload has a number"
    crowded = [item for item in database.proxies if isinstance(item.accepts, int) and not item.holds]
    return f"DOES NOT FIT: {_of_a_proxy(crowded[0]) if crowded else 'the reserves take more than there is'}"


def _if_single(database: DatabaseTally) -> str:
    """On which numbers it rests that are taken at their least, where every other assumption is on the safe side."""
    processes, runs = (_assumed(database, key) for key in ("processes", "overlap"))
    said = [f"each task of {processes} runs 1 process"] if processes else []
    said += [f"{'' if said else 'there is '}one run of {runs} at a time"] if runs else []
    return f", if {' and '.join(said)}, as is assumed" if said else ""


def _by_pools(database: DatabaseTally) -> str:
    """Whose pools are too large only if they are what is assumed, where nothing says how large they are."""
    names = _assumed(database, "pool_size")
    return f", with the pools that are assumed for {names}, whose sizes nothing says" if names else ""


def _assumed(database: DatabaseTally, key: str) -> str:
    """The workloads of which a key is assumed, in words; empty where there is none."""
    found = [client.workload.name for client in database.clients if key in client.workload.ungiven_keys()]
    more = [f"{len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    return listed([*found[:MOST_NAMED], *more]) if found else ""


def _of_a_proxy(proxy: ProxyTally) -> str:
    asked, accepts = proxy.total.peak, proxy.accepts
    too_many = 0 if isinstance(accepts, Unknown) else asked - accepts
    return f"{asked} connections of the clients of {proxy.proxy.name}, which opens {accepts}, {too_many} too many"


def at_least(database: DatabaseTally) -> PerScenario:
    """The sum, with one connection for each pool of the workloads that have no number: a pool opens as many."""
    total = database.total
    for allotment in database.direct:
        if allotment.connections is None and (least := least_of(allotment)) is not None:
            total = total.plus(least)
    return total


def least_of(allotment: Allotment) -> PerScenario | None:
    """One connection for each pool; None where the number of pools is unknown."""
    if isinstance(allotment.demand.pools, Unknown):
        return None
    counted = allotment.demand.connections(1)
    return None if isinstance(counted, Unknown) else counted


def errors_of(plan: Plan, database: DatabaseTally) -> Sequence[Finding]:
    """The errors that were found of a database, its proxies and its workloads."""
    return [item for item in findings_of(plan, database) if item.severity is Severity.ERROR]


def findings_of(plan: Plan, database: DatabaseTally) -> Sequence[Finding]:
    """All that was found of a database, its proxies and its workloads."""
    subjects = {("databases", database.name), *(("proxies", proxy.proxy.name) for proxy in database.proxies)}
    subjects |= {("workloads", client.workload.name) for client in database.clients}
    return [finding for finding in plan.findings if (finding.kind, finding.subject) in subjects]
