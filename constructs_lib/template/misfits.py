"""What a document says of a resource that is not so: another kind of workload, containers that are not there."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.schema import DocumentError, nearest
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import Function, PooledWorkload, Task, TaskWorkload, Workload
from constructs_lib.limits import Unknown
from constructs_lib.template.app import App
from constructs_lib.template.containers import definitions
from constructs_lib.template.functions import FUNCTIONS
from constructs_lib.template.members import SERVICE, TASK_DEFINITION

TYPES = {"service": (SERVICE,), "celery": (SERVICE,), "task": (TASK_DEFINITION,), "function": FUNCTIONS}
"""The types of resource that each kind of workload can be."""


def misfits(document: Document, home: str, app: App) -> Iterator[DocumentError]:
    """Everything that cannot be meant, as an error with its place."""
    for name, workload in document.workloads.items():
        if (problem := _of_another_kind(workload, home, app)) is not None:
            yield DocumentError(f"workloads.{name}.kind", problem)
        elif isinstance(workload, (Task, TaskWorkload)):
            definition = app.located(
                workload.resource if isinstance(workload, Task) else workload.task_definition, home
            )
            known = {} if definition is None else definitions(definition.properties)
            for container in workload.containers or () if known else ():
                if container not in known:
                    problem = f"{container!a} is not in the task definition{nearest(container, known)}"
                    yield DocumentError(f"workloads.{name}.containers", f"{problem}; there are: {', '.join(known)}")


def misfit(workload: Workload, home: str, app: App) -> Workload | None:
    """The workload, of which nothing is known, where its resource is of another kind; None where it is not."""
    problem = _of_another_kind(workload, home, app)
    if problem is None or not isinstance(workload, PooledWorkload):
        return None
    # nothing that was said of it bounds what really runs, and no number that could be said would
    keys = {"tasks", "processes", "concurrency", "reserved_concurrency"} & workload.fields.keys()
    keys |= {"processes"} if isinstance(workload, Function) else set()
    values: dict[str, Any] = dict.fromkeys(keys, Unknown(f"its kind {problem}"))
    given = {key: source for key, source in workload.given.items() if key not in {*keys, "max_tasks"}}
    if isinstance(workload, TaskWorkload):
        values["max_tasks"] = None
    read = dict.fromkeys(keys & workload.fields.keys(), Source.READ)
    return replace(workload, given=given | read, found={}, **values)


def _of_another_kind(workload: Workload, home: str, app: App) -> str | None:
    if not isinstance(workload, PooledWorkload) or (target := app.located(workload.resource, home)) is None:
        return None
    types, kind = TYPES.get(workload.kind, ()), target.template.kind(target.logical_id)
    if kind in types:
        return None
    fitting = ", ".join(name for name, of in TYPES.items() if kind in of)
    allowed = f"{fitting} or reserved" if fitting else "reserved"
    return f"must be {allowed}, got {workload.kind}: {target.logical_id} is {kind}, and not {' or '.join(types)}"
