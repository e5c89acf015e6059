"""Containers that have ended before another one of their task starts, and so have no connections beside it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.workloads import Service, Task, Workload
from constructs_lib.template.containers import definitions, entries
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.unresolved import REMOVED

Awaited = Mapping[str, Sequence[str]]
"""By container, those that have ended before it starts."""
_ENDED = ("SUCCESS", "COMPLETE")
"""The conditions of `DependsOn` that a container meets by ending (Amazon ECS API, "ContainerDependency")."""
_Counted = Service | Task


def awaited_in(variants: Iterable[Mapping[str, Any]]) -> Awaited:
    """What the containers of a task wait for, in every way in which it is run; what is not understood is no wait."""
    ways = [(containers, set(_waits(containers))) for containers in map(definitions, variants)]
    found: dict[str, list[str]] = {}
    for name, other in dict.fromkeys(pair for _, pairs in ways for pair in sorted(pairs)):
        if all((name, other) in pairs for containers, pairs in ways if name in containers and other in containers):
            found.setdefault(name, []).append(other)
    try:
        order = list(TopologicalSorter(found).static_order())
    except CycleError:
        return {}
    # whoever comes first stands for what came before: so of a chain the last one stands for all
    return {name: found[name] for name in order if name in found}


def without_awaited(document: Document, awaited: Mapping[Resource, Awaited]) -> Document:
    """The document in which what waits counts alone, and not together with what ended before.

    One container stands for at most one that it awaited, which may itself stand for another, and only where that one
    opens no more: of two that a third one waits for, both may run at once.
    """
    counted: dict[tuple[Resource, str, str | None], dict[str, _Counted]] = {}
    for item in document.workloads.values():
        resource = item.resource if isinstance(item, (Service, Task)) else None
        if isinstance(item, (Service, Task)) and resource is not None and resource in awaited:
            place = resource, document.database_of(item), item.proxy
            counted.setdefault(place, {}).update(dict.fromkeys(item.containers or (), item))
    left: dict[str, set[str]] = {}
    for (resource, *_), containers in counted.items():
        for name in _ended(containers, awaited[resource]):
            left.setdefault(containers[name].name, set()).add(name)
    kept = {name: _without(item, left.get(name, ())) for name, item in document.workloads.items()}
    return replace(document, workloads={name: item for name, item in kept.items() if item is not None})


def _without(workload: Workload, ended: Collection[str]) -> Workload | None:
    """The workload without some of its containers; None where it has no others."""
    if not ended or not isinstance(workload, (Service, Task)):
        return workload
    names = tuple(name for name in workload.containers or () if name not in ended)
    return replace(workload, containers=names) if names else None


def _ended(containers: Mapping[str, _Counted], awaited: Awaited) -> Iterator[str]:
    """The containers for which another one stands."""
    ended: set[str] = set()
    for name, before in awaited.items():
        if name in containers:
            fitting = [
                other
                for other in before
                if other in containers and other not in ended and _no_more(containers[other], containers[name])
            ]
            if fitting:
                most = max(fitting, key=lambda other: _opens(containers[other]) or 0)
                ended.add(most)
                yield most


def _no_more(one: _Counted, other: _Counted) -> bool:
    """Whether a container of one workload opens no more connections than one of another, whenever both are there."""
    if one.name == other.name:
        return True  # which has one size for all of its containers
    fewest, most = _opens(one), _opens(other)
    alike = one.live() == other.live() and one.multiplexing == other.multiplexing
    return alike and fewest is not None and most is not None and fewest <= most


def _opens(workload: _Counted) -> int | None:
    """The connections of one container in one task; None where they are chosen, unknown or unbounded."""
    size, processes = workload.fixed, workload.processes
    if size is None or size.unbounded or not isinstance(processes, int):
        return None
    return processes * workload.engines_per_process * size.ceiling


def _waits(containers: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for name, container in containers.items():
        for entry, doubt in entries(container.get("DependsOn")):
            other, condition = entry.get("ContainerName"), entry.get("Condition")
            if doubt is not None or condition not in _ENDED or not isinstance(other, str):
                continue
            if other in containers and not _restarts(containers[other]):
                yield name, other


def _restarts(container: Mapping[str, Any]) -> bool:
    """Whether a container may run again after it has ended."""
    policy = container.get("RestartPolicy")
    return policy not in (None, REMOVED) and str(mapping(policy).get("Enabled")).lower() != "false"
