"""What the containers of a workload start, and their variables, in every way in which they may be run."""

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from typing import Any, TypeVar

from constructs_lib.budget.document import Document
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import Celery, PooledWorkload, TaskWorkload
from constructs_lib.budget.workloads.facts import Fact, TaskFacts, with_command, with_facts
from constructs_lib.template.app import App
from constructs_lib.template.commands import facts_of, started_in
from constructs_lib.template.containers import definitions, either, environments
from constructs_lib.template.environment import Environment
from constructs_lib.template.links import Key, Target
from constructs_lib.template.started import Started
from constructs_lib.template.used_tasks import used_by_service

W = TypeVar("W", bound=PooledWorkload)
Apart = dict[tuple[Key, str], set[str]]
"""Containers by the service that they belong to and the database that they connect to."""
Variant = tuple[Mapping[str, Started], Mapping[str, Environment]]
"""What the containers of a task definition start as it is run, and their variables."""


def counted_as(kind: type[TaskWorkload], document: Document, home: str, app: App) -> Apart:
    """The containers that a workload of a kind counts."""
    found: Apart = {}
    for item in document.workloads.values():
        if isinstance(item, kind) and (service := app.located(item.resource, home)) is not None:
            found.setdefault((service.key, document.database_of(item)), set()).update(item.containers or ())
    return found


def with_variants(
    workload: W,
    variants: Sequence[Variant],
    facts: TaskFacts | Mapping[str, Fact],
    changes: Mapping[str, Any],
    apart: Collection[str] = (),
) -> W:
    """The workload with the variables and the commands of its containers, with facts, and with other changes.

    Of several task definitions, or of one as scheduled runs override it, every container counts, and of each what
    starts the most; where their variables differ, they are unknown. Of the containers `apart`, a service counts
    what is no Celery worker, and Celery the rest.
    """
    names = workload.containers or ()
    if workload.containers is None or workload.given.get("containers") is not Source.DECLARED:
        # one that was added to the template alone uses the database as the others do
        present = dict.fromkeys(name for containers, _ in variants for name in containers)
        names = tuple({**dict.fromkeys(names), **present})
    started = [(name, containers[name]) for containers, _ in variants for name in names if name in containers]
    commands = facts_of(_own(workload, item) if name in apart else item for name, item in started)
    found = {name: [variables[name] for _, variables in variants if name in variables] for name in names}
    together = {name: reduce(either, items) if items else Environment() for name, items in found.items()}
    return with_command(with_facts(workload, facts, {**changes, "containers": names, "found": together}), commands)


def _own(workload: PooledWorkload, started: Started) -> Started:
    return started.workers_alone if isinstance(workload, Celery) else started.without_workers


def variants_of(workload: PooledWorkload, service: Target, home: str, app: App) -> Sequence[Variant]:
    """What a service may run; a task definition that cannot be told has no containers, which is a conflict."""
    used = service.properties.get("TaskDefinition")
    found = used_by_service(app, service)
    if found.doubt is None:
        return [variant_of(definition, app) for definition in found.definitions]
    declared = app.located(workload.task_definition, home)
    # with CodeDeploy the CDK names the family
    same_family = declared is not None and isinstance(used, str) and declared.properties.get("Family") == used
    return [variant_of(declared, app)] if declared is not None and same_family else []


def variant_of(definition: Target, app: App) -> Variant:
    """A task definition as it is."""
    return app.started(definition), app.environments(definition)


def variant_of_run(properties: Mapping[str, Any]) -> Variant:
    """A task definition as a scheduled run overrides it."""
    variables = environments(properties)
    containers = definitions(properties).items()
    return {name: started_in(name, item, variables.get(name, {})) for name, item in containers}, variables
