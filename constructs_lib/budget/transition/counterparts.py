"""Every entry of two budgets, beside what it was."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.tally import Allotment, ProxyTally, Tally
from constructs_lib.budget.transition.pairs import Entry, Pair, pairs
from constructs_lib.budget.transition.transition import servers
from constructs_lib.budget.workloads import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterpart:
    """A database, proxy or workload as it was and as it will be; None where it was not, or will not be."""

    before: Entry | None
    after: Entry | None
    replaced: bool = False
    """Whether the one is created before the other is deleted, so that both are there for a while."""


def counterparts(base: Tally, head: Tally) -> Mapping[str, list[Counterpart]]:
    """By kind, in the old budget's order and then in the new one's.

    What the transition counts once is one entry. What it counts at two places is one, too, if it moves between them, or
    if it takes the place of what it was under the same logical id or name.
    """
    found = servers(base, head)
    proxies: list[Pair[Proxy]] = []
    workloads: list[Pair[Workload]] = []
    for old, new in found:
        if old is None or new is None:
            continue
        workloads += _of_clients(old.direct, new.direct)
        for before, after in pairs(old.proxies, new.proxies, lambda item: item.proxy):
            proxies.append((_proxy(before), _proxy(after)))
            if before is not None and after is not None:
                workloads += _of_clients(before.clients, after.clients)
    databases = [(None if old is None else old.server, None if new is None else new.server) for old, new in found]
    was, becomes = base.document, head.document
    return {
        "databases": _all(databases, was.databases.values(), becomes.databases.values()),
        "proxies": _all(proxies, was.proxies.values(), becomes.proxies.values()),
        "workloads": _all(workloads, was.workloads.values(), becomes.workloads.values()),
    }


def _of_clients(old: Iterable[Allotment], new: Iterable[Allotment]) -> list[Pair[Workload]]:
    found = pairs(old, new, lambda item: item.workload)
    return [(before and before.workload, after and after.workload) for before, after in found]


def _proxy(sums: ProxyTally | None) -> Proxy | None:
    return None if sums is None else sums.proxy


def _all(kept: Iterable[Pair[Entry]], old: Iterable[Entry], new: Iterable[Entry]) -> list[Counterpart]:
    """The pairs, those among what they leave over, and the rest."""
    old, new = list(old), list(new)
    became = {before.name: after for before, after in kept if before is not None and after is not None}
    moved = pairs(*_left(became, old, new), lambda item: item)
    became |= {before.name: after for before, after in moved if before is not None and after is not None}
    replaced: dict[str, Entry] = {}
    for key in (_resource, _place):
        gone, come = _left(became | replaced, old, new)
        after = {key(item): item for item in come}
        replaced |= {item.name: after.pop(key(item)) for item in gone if key(item) is not None and key(item) in after}
    became |= replaced
    came = {item.name for item in became.values()}
    return [
        *(Counterpart(before=item, after=became.get(item.name), replaced=item.name in replaced) for item in old),
        *(Counterpart(before=None, after=item) for item in new if item.name not in came),
    ]


def _left(became: Mapping[str, Entry], old: Iterable[Entry], new: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    came = {item.name for item in became.values()}
    return [item for item in old if item.name not in became], [item for item in new if item.name not in came]


def _resource(entry: Entry) -> Hashable:
    return getattr(entry, "resource", None)


def _place(entry: Entry) -> Hashable:
    """The name, and the file: one of the same name in another stack has nothing to do with it."""
    resource = getattr(entry, "resource", None)
    return entry.name, None if resource is None else resource.template
