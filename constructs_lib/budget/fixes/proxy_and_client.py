"""A smaller share of the server for a proxy, together with one of its clients, which then has to fit it."""

from collections.abc import Iterator
from dataclasses import replace

from constructs_lib.budget.fixes.case import Case, changed, with_entry
from constructs_lib.budget.fixes.chosen_pool import chosen_pool
from constructs_lib.budget.fixes.connections import connections
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.maximum_percent import maximum_percent
from constructs_lib.budget.fixes.overlap import overlap
from constructs_lib.budget.fixes.pool import pool
from constructs_lib.budget.fixes.processes import processes
from constructs_lib.budget.fixes.proxy_percent import KEY, MOST_PROXIES, most_percent
from constructs_lib.budget.fixes.reserved_concurrency import reserved_concurrency
from constructs_lib.budget.fixes.search import share
from constructs_lib.budget.fixes.tasks import tasks
from constructs_lib.budget.tally import Allotment, ProxyTally, tally
from constructs_lib.limits import Unknown

MOST_CLIENTS = 3
"""How many clients of a proxy, largest first, a way out is looked for in."""
MOST_CHANGED = 1000
"""Per mille, of both together: to take nearly all of a proxy, or of its client, is no way out."""
_OF_A_CLIENT = (pool, chosen_pool, maximum_percent, tasks, processes, overlap, reserved_concurrency, connections)


def proxy_and_client(case: Case) -> Iterator[Fix]:
    """The largest percentage that leaves enough to the direct clients, and what makes one client fit it.

    Neither alone is a way out where a proxy may open too much and its clients need all of it.
    """
    for item in sorted(case.sums.proxies, key=lambda item: item.proxy.name)[:MOST_PROXIES]:
        proxy, now = item.proxy, item.proxy.max_connections_percent
        if not isinstance(now, int) or not _largest(item):
            continue  # with a smaller share there would be still more too much
        percent = most_percent(case, proxy)
        if percent is None or percent >= now:
            continue
        if case.reached(case.trial(proxy, {KEY: percent})):
            continue  # which is a way out by itself
        lowered = case.fix(proxy, {KEY: percent}, share=share(now, percent))
        part = with_entry(case.part, changed(proxy, {KEY: percent}))
        sums = tally(part).databases[case.database]
        behind = next(other for other in sums.proxies if other.proxy.name == proxy.name)
        then = replace(case, document=lowered.document, part=part, sums=sums, claims=_largest(behind))
        for knob in _OF_A_CLIENT:
            for fix in knob(then):
                if lowered.share + fix.share < MOST_CHANGED:
                    yield replace(fix, changes=(*lowered.changes, *fix.changes), share=lowered.share + fix.share)


def _largest(item: ProxyTally) -> list[Allotment]:
    """The largest clients, without those that have less than there is too much: to shrink one would not be enough."""
    excess = 0 if isinstance(item.accepts, Unknown) else item.total.peak - item.accepts
    enough = [claim for claim in item.clients if _peak(claim) >= excess]
    return sorted(enough, key=lambda claim: (-_peak(claim), claim.workload.name))[:MOST_CLIENTS]


def _peak(claim: Allotment) -> float:
    return float("inf") if claim.connections is None else claim.connections.peak
