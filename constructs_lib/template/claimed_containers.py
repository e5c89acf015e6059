"""The containers that a person gives to an entry: each to one alone, with no smaller pool than its variables say."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.source import Source
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads import Service, Task, TaskWorkload, Workload
from constructs_lib.limits import Unknown
from constructs_lib.template.app import App
from constructs_lib.template.environment import Variables
from constructs_lib.template.links import Key
from constructs_lib.template.pool_variables import pool_of
from constructs_lib.template.used_tasks import used_by_service

_Claim = tuple[Key, str, str | None, str | None, str]
"""A container of a resource, counted as one kind of workload, at a database or a proxy."""


def claimed_wrongly(discovered: Mapping[str, Any], document: Document, app: App) -> Iterator[DocumentError]:
    """The containers that an entry must not have, as errors with their place; what was discovered is right."""
    right: dict[Key, set[str | None]] = {}
    for key, container in _discovered(discovered, app):
        right.setdefault(key, set()).add(container)
    taken: dict[_Claim, str] = {}
    known_of = {name: frozenset(item.get("containers", ())) for name, item in discovered["workloads"].items()}
    for name, workload in document.workloads.items():
        if not isinstance(workload, (Task, TaskWorkload)) or (at := app.located(workload.resource, "")) is None:
            continue
        for container in workload.containers or ():
            claim = (at.key, workload.kind, workload.database, workload.proxy, container)
            if (other := taken.setdefault(claim, name)) == name:
                continue
            own = [container in known_of.get(entry, ()) for entry in (name, other)]
            if not all(own):  # what it runs may have been discovered as two
                here, there = (other, name) if own[0] else (name, other)
                yield DocumentError(
                    f"workloads.{here}.containers",
                    f"must not have {container!a}, got it here and in {there!a}, which counts it with a pool of its"
                    " own: leave it out here",
                )
        known = right.get(at.key, set())
        if None not in known:
            yield from _outgrown(name, workload, known, app)


def _discovered(discovered: Mapping[str, Any], app: App) -> Iterator[tuple[Key, str | None]]:
    """The containers whose pools were read when they were discovered; None stands for all of a resource."""
    for item in discovered["workloads"].values():
        resource = item.get("resource")
        at = None if resource is None else app.located(Resource.read(resource, "resource"), "")
        if at is not None:
            yield from ((at.key, container) for container in item.get("containers", (None,)))


def _outgrown(name: str, workload: Workload, known: set[str | None], app: App) -> Iterator[DocumentError]:
    """The containers that have a larger pool, by their own variables, than a person gave the entry that has them."""
    if not isinstance(workload, (Service, Task)) or workload.unsized is not None:
        return
    size = workload.fixed
    if size is None or size.unbounded:
        return  # what the budget chooses is compared with what the containers have
    named = None if workload.containers is None else frozenset(workload.containers)
    for container, variables in _variables(workload, app):
        if container in known or (named is not None and container not in named):
            continue
        own = _own(variables)
        if own is not None and (own.unbounded or own.ceiling > size.ceiling * workload.engines_per_process):
            yield DocumentError(
                f"workloads.{name}.pool_size",
                f"must not be less than the template gives container {container!a}, {own.pool_size} +"
                f" {own.max_overflow}, got {size.pool_size} + {size.max_overflow}: give the entry as much, change"
                " the container's variables, or make the entry a reservation of as many connections as you answer for"
                " (kind: reserved)",
            )


def _own(variables: Variables) -> PoolSize | None:
    """The pool that the variables of a container say; None where they say none, or none that can be read."""
    sizes, sources = pool_of([variables])
    kept, overflow = sizes["pool_size"], sizes["max_overflow"]
    if Source.READ not in sources.values() or isinstance(kept, Unknown) or isinstance(overflow, Unknown):
        return None
    return PoolSize(kept, overflow)


def _variables(workload: Service | Task, app: App) -> Iterator[tuple[str, Variables]]:
    """The containers of all task definitions that a workload may run, with their variables."""
    at = app.located(workload.resource, "")
    if at is None:
        return
    for definition in (at,) if isinstance(workload, Task) else used_by_service(app, at).definitions:
        yield from app.environments(definition).items()
