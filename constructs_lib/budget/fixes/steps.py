"""A change in two steps: what goes and what shrinks first, then the rest."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes.case import part_of, with_entry
from constructs_lib.budget.fixes.problem import OPEN, UNDIVIDED, problems
from constructs_lib.budget.schema import plain
from constructs_lib.budget.source import Source
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.tally import Allotment, Tally, tally
from constructs_lib.budget.transition import Counterpart, counterparts, deployable, passage, transition
from constructs_lib.budget.workloads import PooledWorkload, SizedWorkload, Workload

Way = Callable[[Allotment, Allotment], Mapping[str, Any]]
"""The values that a step gives a workload, of what it is and will be; none where it stays."""
SPELT_OUT = 6
"""Workloads that a step may name: one of more would be no instruction."""
OTHERWISE = (
    "no way in two steps was found: deploy in more, each of which leaves room for old and new tasks together: what"
    " shrinks first, then what grows, a smaller server last"
)
NEVER = "what is to be deployed {} by itself, and no number of steps helps: mend that first"
ALREADY = (
    "what is deployed can exceed the server already, and no order of steps changes that before it is gone: deploy what"
    " shrinks first, at a quiet hour, when few connections are open, and scale in before where fewer tasks will do"
)
QUIET = (
    "what is deployed can exceed the server already: take the first step at a quiet hour, when few connections are open"
)
_NUMBERS = (
    *("tasks", "max_tasks", "maximum_percent", "task_sets", "processes", "engines_per_process", "concurrency"),
    *("extra_connections", "overlap", "reserved_concurrency", "connections"),
)
"""Keys whose smaller value opens fewer connections."""
_SHAPE = (*_NUMBERS, "deployment", "containers", "pool", "result_backend", "multiplexing")
"""Keys that a workload's connections follow from, beside the size of its pools."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The first of two steps: what is deployed then, and how it is told from what is deployed now."""

    document: Document
    words: tuple[str, ...]
    """One for each entry that is changed, or kept by a change."""


def steps(base: Tally, head: Tally, database: str) -> str:
    """The first of two steps, spelt out, where adding up again shows that both can then be deployed."""
    wrong = {problem.what for problem in problems(head.databases[database])}
    if wrong:
        return NEVER.format("cannot be shown to fit" if wrong <= {*OPEN, UNDIVIDED} else "does not fit")
    step = first_step(base, head, database)
    sums = base.databases.get(database)
    exceeds = sums is not None and not sums.holds
    if step is None:
        return ALREADY if exceeds else OTHERWISE
    said = f"deploy in two steps: first {', '.join(step.words)}, and nothing else; then, once that is stable, the rest"
    return f"{said}; {QUIET}" if exceeds else said


def first_step(base: Tally, head: Tally, database: str) -> Step | None:
    """A step after which the rest may follow; None where none was found."""
    as_it_is = passage(base, head, database).old
    if as_it_is is None or as_it_is.name != database:
        return None
    now, then = (tally(part_of(side.document, database)) for side in (base, head))
    # what moves to another server does not go, so all of both is looked at, once shrinking alone did not do
    for step in _candidates(now, then, database, lambda: _left(now.document, counterparts(base, head))):
        middle = tally(step.document)
        if len(step.words) <= SPELT_OUT and all(
            deployable(transition(before, after).databases[database], after.databases[database])
            for before, after in ((now, middle), (middle, then))
        ):
            return step
    return None


def _candidates(now: Tally, then: Tally, database: str, left: Callable[[], Step]) -> Iterator[Step]:
    """First steps to try: what shrinks as a whole, every number that shrinks; the same once what goes is gone; and all
    of it with a larger server before.
    """
    for begun in _begun(now, then, database, left):
        for way in (_nothing, _whole, _every_number)[0 if begun.words else 1 :]:
            yield from _step(now, then, begun, way)


def _begun(now: Tally, then: Tally, database: str, left: Callable[[], Step]) -> Iterator[Step]:
    as_it_is = Step(document=now.document, words=())
    yield as_it_is
    begun = [as_it_is, *([without] if (without := left()).words else [])]
    yield from begun[1:]
    server, larger = now.document.databases[database], then.document.databases[database]
    usable = then.databases[database].capacity.usable or 0
    if usable > (now.databases[database].capacity.usable or 0):
        first = f"{database} as it will be, with {usable} usable connections"
        for step in begun:
            grown = with_entry(step.document, replace(larger, name=server.name))
            yield Step(document=grown, words=(first, *step.words))


def _left(document: Document, found: Mapping[str, Iterable[Counterpart]]) -> Step:
    """The document without what goes, a proxy only if nobody is behind it any more."""
    gone = {kind: {x.before.name for x in found[kind] if x.before is not None and x.after is None} for kind in found}
    workloads = {name: item for name, item in document.workloads.items() if name not in gone["workloads"]}
    needed = {item.proxy for item in workloads.values()}
    proxies = {name: item for name, item in document.proxies.items() if name in needed or name not in gone["proxies"]}
    removed = (
        *(name for name in document.proxies if name not in proxies),
        *(name for name in document.workloads if name not in workloads),
    )
    left = replace(document, proxies=proxies, workloads=workloads)
    return Step(document=left, words=tuple(f"{name} removed" for name in removed))


def _step(now: Tally, then: Tally, begun: Step, way: Way) -> Iterator[Step]:
    document, words = begun.document, list(begun.words)
    kept: list[str] = []
    for name in begun.document.workloads:
        before, after = now.allotments[name], then.allotments.get(name)
        values = way(before, after) if after is not None and _comparable(before.workload, after.workload) else {}
        values = {key: value for key, value in values.items() if value != getattr(before.workload, key)}
        if values:
            words.append(f"{name} with {_said(before.workload, values)}")
        elif pool := _chosen(before):
            values = pool
            kept.append(f"{name} kept at {_said(before.workload, pool)}")
        stepped = _with(before.workload, values)
        if isinstance(stepped, SizedWorkload) and (stepped.opens or 0) < stepped.at_least:
            return  # what it stands for would count then
        document = with_entry(document, stepped)
    if words:
        yield Step(document=document, words=(*words, *kept))


def _nothing(_before: Allotment, _after: Allotment) -> Mapping[str, Any]:
    return {}


def _whole(before: Allotment, after: Allotment) -> Mapping[str, Any]:
    """A workload as it will be, if it then opens fewer connections."""
    if _peak(after) >= _peak(before):
        return {}
    keys = [key for key in _SHAPE if key in before.workload.fields]
    return {**{key: getattr(after.workload, key) for key in keys}, **_pool(before, after)}


def _every_number(before: Allotment, after: Allotment) -> Mapping[str, Any]:
    """A workload with each of its numbers as it is or as it will be, whichever is smaller."""
    values: dict[str, Any] = {}
    for key in _NUMBERS:
        was, becomes = getattr(before.workload, key, None), getattr(after.workload, key, None)
        if isinstance(was, int) and isinstance(becomes, int) and becomes < was:
            values[key] = becomes
    was, becomes = before.in_force, after.in_force
    smaller = isinstance(was, PoolSize) and isinstance(becomes, PoolSize) and becomes.ceiling < was.ceiling
    return {**values, **(_pool(before, after) if smaller else _pool(before, before) if values else {})}


def _pool(before: Allotment, sized: Allotment) -> Mapping[str, Any]:
    """The pool of a side as values, so that a step has it whatever the others do."""
    size = sized.in_force
    return size._asdict() if isinstance(before.workload, SizedWorkload) and isinstance(size, PoolSize) else {}


def _chosen(allotment: Allotment) -> Mapping[str, Any]:
    """The pool that the budget chose, which would grow with what others leave."""
    return _pool(allotment, allotment) if allotment.demand.fixed is None else {}


def _with(workload: Workload, values: Mapping[str, Any]) -> Workload:
    given = {**workload.given, **{key: workload.given.get(key, Source.DECLARED) for key in values}}
    kept = {key: source for key, source in given.items() if values.get(key, source) is not None}
    if isinstance(workload, PooledWorkload) and values:
        workload = replace(workload, found=None)  # its containers take what it is given
    return replace(workload, given=kept, **values)


def _said(workload: Workload, values: Mapping[str, Any]) -> str:
    """Such as `tasks=3, pool_size=5 and max_overflow=0`."""
    bounded = "max_tasks" in values and workload.given.get("max_tasks") is Source.DOCUMENTED
    shown = [key for key in values if not (bounded and key == "max_tasks")]
    *most, last = [f"no {key}" if values[key] is None else f"{key}={_value(values[key])}" for key in shown]
    return f"{', '.join(most)} and {last}" if most else last


def _value(value: object) -> str:
    return " + ".join(value) if isinstance(value, tuple) else str(plain(value))


def _peak(allotment: Allotment) -> float:
    return float("inf") if allotment.connections is None else allotment.connections.peak


def _comparable(old: Workload, new: Workload) -> bool:
    return type(old) is type(new) and (old.database, old.proxy) == (new.database, new.proxy)
