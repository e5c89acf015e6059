"""Containers of a task that never run at once, since one has ended before the other starts: the larger one counts."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.workloads import Service, Task, Workload
from constructs_lib.limits import Unknown
from constructs_lib.template.containers import definitions, entries
from constructs_lib.template.intrinsics import mapping

Awaited = Mapping[str, AbstractSet[str]]
"""By container, in the order in which they are defined, those that never run beside it."""
_ENDED = ("SUCCESS", "COMPLETE")
"""The conditions of `DependsOn` that a container meets by ending (Amazon ECS API, "ContainerDependency")."""
_MOST = 100
"""Containers of which it is asked: pairs are many where there are thousands, and ECS takes ten (Amazon ECS quotas)."""
_Counted = Service | Task


def awaited_in(variants: Iterable[Mapping[str, Any]]) -> Awaited:
    """Which containers of a task never run at once, in none of the ways in which it is run.

    One waits for the end of the other, or for that of one which did, in every way that has both of them: a container
    between them is a link only where it is there. What is not understood is no wait, nor is one of more containers
    than any task has.
    """
    ways = [_ended(definitions(variant)) for variant in variants]
    apart: dict[str, set[str]] = {name: set() for ended in ways for name in ended}
    pairs = {(name, other) for ended in ways for name, before in ended.items() for other in before}
    for name, other in pairs:
        if all(other in ended[name] or name in ended[other] for ended in ways if name in ended and other in ended):
            apart[name].add(other)
            apart[other].add(name)
    return {name: others for name, others in apart.items() if others}


def _ended(containers: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Collection[str]]:
    """By container, all that have ended before it starts; none where they wait for each other in a circle."""
    waits = {name: list(_waits(container, containers)) for name, container in containers.items()}
    if not any(waits.values()) or len(containers) > _MOST:
        return dict.fromkeys(containers, ())
    try:
        order = list(TopologicalSorter(waits).static_order())
    except CycleError:
        return dict.fromkeys(containers, ())
    ended: dict[str, set[str]] = {}
    for name in order:
        ended[name] = {*waits[name], *(before for other in waits[name] for before in ended[other])}
    return {name: ended[name] for name in containers}


def _waits(container: Mapping[str, Any], containers: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for entry, doubt in entries(container.get("DependsOn")):
        other, condition = entry.get("ContainerName"), entry.get("Condition")
        if doubt is not None or condition not in _ENDED or not isinstance(other, str):
            continue
        if other in containers and not _restarts(containers[other]):
            yield other


def _restarts(container: Mapping[str, Any]) -> bool:
    """Whether a container may run again after it has ended."""
    policy = container.get("RestartPolicy")
    return policy is not None and str(mapping(policy).get("Enabled")).lower() != "false"


def without_awaited(document: Document, awaited: Mapping[Resource, Awaited]) -> Document:
    """The document in which, of containers that never run at once, the one counts that opens most.

    Which of them never run at once is told by their waits alone and not by their sizes, so that what is counted grows
    with no number that becomes less.
    """
    counted: dict[tuple[Resource, str, str | None], dict[str, _Counted]] = {}
    for item in document.workloads.values():
        if isinstance(item, (Service, Task)) and item.resource is not None and item.resource in awaited:
            place = item.resource, document.database_of(item), item.proxy
            counted.setdefault(place, {}).update(dict.fromkeys(item.containers or (), item))
    left: dict[str, _Left] = {}
    for (resource, *_), containers in counted.items():
        for group in _groups(awaited[resource], containers):
            for name, instead in _left_out(group):
                one, other = containers[name], containers[instead]
                left.setdefault(one.name, _Left()).containers.add(name)
                stands = left.setdefault(other.name, _Left())
                stands.beside.setdefault(instead, []).append(name)
                if one is not other:
                    stands.at_least = max(stands.at_least, one.opens or 0)
    kept = {name: _without(item, left.get(name)) for name, item in document.workloads.items()}
    return replace(document, workloads={name: item for name, item in kept.items() if item is not None})


@dataclass(slots=True)
class _Left:
    """What is not counted of one workload, and what it stands for."""

    containers: set[str] = field(default_factory=set)
    beside: dict[str, list[str]] = field(default_factory=dict)
    """By container, those that it stands for."""
    at_least: int = 0


def _without(workload: Workload, left: _Left | None) -> Workload | None:
    """The workload without some of its containers; None where it has no others."""
    if left is None or not isinstance(workload, (Service, Task)):
        return workload
    names = tuple(name for name in workload.containers or () if name not in left.containers)
    if not names:
        return None
    beside = [
        f"never at once with {name!r}, and not counted while no larger: {', '.join(map(repr, others))}"
        for name, others in left.beside.items()
    ]
    evidence = workload.evidence and "; ".join([workload.evidence, *beside])
    return replace(workload, containers=names, evidence=evidence, at_least=left.at_least)


def _groups(awaited: Awaited, containers: Mapping[str, _Counted]) -> Iterable[Mapping[str, _Counted]]:
    """Containers of which no two run at once."""
    groups: list[dict[str, _Counted]] = []
    for name, apart in awaited.items():
        if name in containers:
            group = next((group for group in groups if group.keys() <= apart), None)
            if group is None:
                groups.append(group := {})
            group[name] = containers[name]
    return groups


def _left_out(group: Mapping[str, _Counted]) -> Iterator[tuple[str, str]]:
    """The containers of which others open as many or more, whenever both are there, and these others."""
    last = {item.name: name for name, item in group.items()}  # a workload has one size for all of its containers
    stands: dict[str, str] = {}
    kept: list[str] = []
    for name in sorted(last.values(), key=lambda name: _most_first(group[name])):
        instead = next((other for other in kept if _alike(group[other], group[name])), None)
        if instead is None:
            kept.append(name)
        stands[group[name].name] = instead or name
    for name, item in group.items():
        if name != stands[item.name]:
            yield name, stands[item.name]


def _most_first(workload: _Counted) -> tuple[int, bool]:
    return -(workload.opens or 0), isinstance(workload.live(), Unknown)


def _alike(one: _Counted, other: _Counted) -> bool:
    """Whether of two workloads of one service that which opens more in a task, or as many, does so in all.

    How many tasks there are, where somebody says it of the one and nothing of the other, is so of both.
    """
    live = other.live()
    alike = one.multiplexing == other.multiplexing and (live == one.live() or isinstance(live, Unknown))
    return alike and other.opens is not None
