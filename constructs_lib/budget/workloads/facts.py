"""What was read of a workload, and how it joins what the user said."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from constructs_lib.budget import schema
from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads.celery import CeleryPool
from constructs_lib.budget.workloads.function import UNRESERVED, Function
from constructs_lib.budget.workloads.workload import PooledWorkload
from constructs_lib.limits import Unknown

W = TypeVar("W", bound=PooledWorkload)
AS_WORKERS = (
    "it is a service in the budget, and its command starts Celery workers, whose children have one connection each"
    " (add_celery_workers, kind: celery)"
)
"""The conflict of a service that nothing but workers run in: it is counted, with larger pools than they can use."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A value as it was read, or Unknown with the reason; `source` tells a default of AWS from what was written."""

    value: int | Deployment | CeleryPool | Unknown | None
    source: Source = Source.READ
    final: bool = False
    """Whether no number that the user says makes up for an Unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """What can be read of an ECS service."""

    tasks: Fact
    max_tasks: Fact
    maximum_percent: Fact
    deployment: Fact
    bake_time: Fact = Fact(None)

    def by_key(self) -> Mapping[str, Fact]:
        """The facts by the document's keys."""
        return {key: getattr(self, key) for key in TaskFacts.__dataclass_fields__}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFacts:
    """What the commands of a task's containers say of its processes; None where they say nothing."""

    processes: Fact | None = None
    concurrency: Fact | None = None
    pool: Fact | None = None
    extra_connections: Fact | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    """Such as `gunicorn --workers 4 in container 'web'`, by key."""
    only_workers: bool = False
    """Whether nothing but Celery workers runs."""


def with_facts(workload: W, facts: TaskFacts | Mapping[str, Fact], changes: Mapping[str, Any] | None = None) -> W:
    """The workload with what was read of it, and with other changes.

    The user's word can raise a number that was read, never lower it; where nothing could be read, it stands alone, and
    where it is unknown itself, so is the number. What the document had read otherwise is noted in `changed`.
    """
    values = dict(changes or {})
    given = dict(values.get("given", workload.given))
    changed = list(workload.changed)
    for key, fact in (facts.by_key() if isinstance(facts, TaskFacts) else facts).items():
        known, before, value = given.get(key), getattr(workload, key), fact.value
        if known is Source.DECLARED and _covers(before, value):
            continue
        if known is Source.DECLARED and isinstance(value, Unknown):
            value = _beyond(before, value)
        if known is not None and known is not Source.DECLARED and before != value:
            changed.append(_changed(key, value, before))
        values[key] = value
        if value is None:
            given.pop(key, None)
        else:
            given[key] = fact.source
    return replace(workload, **{**values, "given": given, "changed": tuple(changed)})


def _covers(said: object, read: object) -> bool:
    """Whether what the user said of a fact stands over what was read."""
    if read is None or isinstance(said, Unknown):
        return True
    if isinstance(read, Unknown):
        return not isinstance(said, int) or said >= read.at_least
    return isinstance(said, int) and isinstance(read, int) and said >= read


def _beyond(said: object, read: Unknown) -> Unknown:
    """What is unknown, and known to be more than the user said."""
    return replace(read, reason=f"the {said} of the budget is less than what is known of it, and {read.reason}")


def with_concurrency(workload: Function, concurrency: int | Unknown) -> Function:
    """The function with its reserved concurrency as it was read; where none is, the user's word does not bound it."""
    if concurrency == UNRESERVED:
        said, given = workload.reserved_concurrency, {**workload.given, "reserved_concurrency": Source.READ}
        if isinstance(said, int):  # by the user, or by an earlier template
            concurrency = Unknown(f"{UNRESERVED.reason}; the {said} of the budget do not bound it")
        workload = replace(workload, reserved_concurrency=concurrency, given=given)
    return with_facts(workload, {"reserved_concurrency": Fact(concurrency)})


def with_command(workload: W, facts: CommandFacts) -> W:
    """The workload with what the commands of its containers start.

    Where the user said otherwise, the larger of the two counts, for the command decides what runs and the user may
    know what comes on top; both are noted in `conflicts`. What the user said is kept in `overruled`.
    """
    facts = _with_children(workload, facts)
    if facts.only_workers and workload.kind == "service" and AS_WORKERS not in workload.conflicts:
        workload = replace(workload, conflicts=(*workload.conflicts, AS_WORKERS))
    for key in ("processes", "concurrency", "pool", "extra_connections"):
        if key in workload.fields:
            workload = _commanded(workload, key, getattr(facts, key), facts.words.get(key, ""))
    return workload


def _with_children(workload: PooledWorkload, facts: CommandFacts) -> CommandFacts:
    """The facts with the pool of prefork where a command asks for children that the user's solo would not have."""
    said = workload.overruled.get("pool") or getattr(workload, "pool", None)
    several = facts.concurrency is not None and isinstance(facts.concurrency.value, int) and facts.concurrency.value > 1
    if said is not CeleryPool.SOLO or facts.pool is not None or not several:
        return facts
    words = {**facts.words, "pool": facts.words.get("concurrency", "its command asks for more")}
    return replace(facts, pool=Fact(CeleryPool.PREFORK), words=words)


def _commanded(workload: W, key: str, fact: Fact | None, words: str) -> W:
    before, source = getattr(workload, key), workload.given.get(key)
    said = before if source is Source.DECLARED else workload.overruled.get(key)
    if fact is None and source is not Source.READ:
        return workload
    value = workload.fields[key].default if fact is None else fact.value
    known = fact is not None and not isinstance(value, Unknown)
    conflicts, changed = workload.conflicts, workload.changed
    if known and said is not None and not isinstance(said, Unknown) and said != value:
        conflicts = (*conflicts, f"{key} is {_shown(said)} in the budget, and {words}")
    overruled = {name: item for name, item in workload.overruled.items() if name != key}
    given = {name: item for name, item in workload.given.items() if name != "overruled"}
    if fact is not None and isinstance(value, Unknown) and said is not None and not _covers(said, value):
        value = _beyond(said, value)
        given[key], overruled[key] = fact.source, said
    elif said is not None and not (fact and fact.final) and (not known or _at_least(said, value)):
        value, given[key] = said, Source.DECLARED
    elif fact is None:
        given.pop(key)
    else:
        given[key] = fact.source
        if said is not None:
            overruled[key] = said
    if source is Source.READ and before != value:
        changed = (*changed, _changed(key, value, before))
    if overruled:
        given["overruled"] = Source.READ
    new: Any = {key: value}
    return replace(workload, given=given, overruled=overruled, conflicts=conflicts, changed=changed, **new)


def _at_least(said: object, value: object) -> bool:
    """Whether what the user said counts beside what the command says."""
    if isinstance(said, Unknown) or said == value:
        return True
    if isinstance(said, int) and isinstance(value, int):
        return said >= value
    return value is CeleryPool.SOLO  # one job at a time: any other pool opens as many connections or more


def _changed(key: str, value: object, before: object) -> str:
    return f"{key} is {_shown(value)} in the template and was {_shown(before)} in the construct"


def _shown(value: object) -> str:
    return f"not readable ({value.reason})" if isinstance(value, Unknown) else str(schema.plain(value))
