"""What was read of a workload's tasks, and how it joins what the user said."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from constructs_lib.budget import schema
from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads.workload import TaskWorkload
from constructs_lib.limits import Unknown

W = TypeVar("W", bound=TaskWorkload)


@dataclass(frozen=True, slots=True)
class Fact:
    """A value as it was read, or Unknown with the reason; `source` tells a default of ECS from what was written."""

    value: int | Deployment | Unknown
    source: Source = Source.READ


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """What can be read of an ECS service."""

    tasks: Fact
    max_tasks: Fact
    maximum_percent: Fact
    deployment: Fact


def with_facts(workload: W, facts: TaskFacts) -> W:
    """The workload with what was read of it.

    The user's word can raise a number that was read, never lower it; where nothing could be read, it stands alone, and
    where it is unknown itself, so is the number. What the document had read otherwise is noted in `changed`.
    """
    values: dict[str, Any] = {}
    given = dict(workload.given)
    changed = list(workload.changed)
    for key in ("tasks", "max_tasks", "maximum_percent", "deployment"):
        fact: Fact = getattr(facts, key)
        known, before = given.get(key), getattr(workload, key)
        if known is Source.DECLARED and (
            isinstance(before, Unknown)
            or isinstance(fact.value, Unknown)
            or (isinstance(before, int) and isinstance(fact.value, int) and before >= fact.value)
        ):
            continue
        if known is not None and known is not Source.DECLARED and before != fact.value:
            changed.append(f"{key} is {_shown(fact.value)} in the template and was {_shown(before)} in the construct")
        values[key] = fact.value
        given[key] = fact.source
    return replace(workload, given=given, changed=tuple(changed), **values)


def _shown(value: object) -> str:
    return f"not readable ({value.reason})" if isinstance(value, Unknown) else str(schema.plain(value))
