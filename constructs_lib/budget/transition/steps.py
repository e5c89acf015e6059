"""A change in two steps: what shrinks first, then the rest."""

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes.case import changed, part_of, with_entry
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.tally import Allotment, tally
from constructs_lib.budget.transition.transition import servers, transition
from constructs_lib.budget.workloads import Service, Workload

SPELT_OUT = 4
"""Workloads of the first step that are named."""
OTHERWISE = (
    "deploy in several steps, each of which leaves room for old and new tasks together: what shrinks first,"
    " then what grows, a smaller server last"
)


def steps(base: Document, head: Document, database: str) -> str:
    """The first of two steps, with its pools, where adding up again shows that both then hold."""
    middle, first_step = between(base, head, database)
    if middle is None or not first_step:
        return OTHERWISE
    sums = tally(middle)
    for way in (transition(tally(base), sums), transition(sums, tally(part_of(head, database)))):
        if not all(bound.holds for bound in way.databases[database]):
            return OTHERWISE
    named = first_step[:SPELT_OUT]
    if len(first_step) > SPELT_OUT:
        named.append(f"the {len(first_step) - SPELT_OUT} others that shrink")
    return f"deploy in two steps: first {', '.join(named)}, and nothing else; then, once that is stable, the rest"


def between(base: Document, head: Document, database: str) -> tuple[Document | None, list[str]]:
    """What is deployed, with what shrinks as it will be and every pool fixed; and what shrinks, in words."""
    sums, planned = tally(base), tally(head)
    as_it_is = next((old for old, new in servers(sums, planned) if new is not None and new.name == database), None)
    if as_it_is is None or as_it_is.name != database:
        return None, []
    middle = part_of(base, database)
    old, new = sums.allotments, planned.allotments
    words = []
    for name in middle.workloads:
        before, after = old[name], new.get(name)
        if after is not None and _peak(after) < _peak(before) and _at(after.workload) == _at(before.workload):
            middle = with_entry(middle, _fixed(after))
            words.append(_words(after))
        else:
            middle = with_entry(middle, _fixed(before))
    return middle, words


def _fixed(allotment: Allotment) -> Workload:
    """The workload with the pool that it has, so that it keeps it whatever the others do."""
    workload, size = allotment.workload, allotment.in_force
    if not isinstance(workload, Service) or not isinstance(size, PoolSize):
        return workload
    return changed(workload, size._asdict())


def _words(allotment: Allotment) -> str:
    workload, size = allotment.workload, allotment.in_force
    if not isinstance(workload, Service) or not isinstance(size, PoolSize):
        return workload.name
    return f"{workload.name} with pool_size={size.pool_size} and max_overflow={size.max_overflow}"


def _peak(allotment: Allotment) -> float:
    return float("inf") if allotment.connections is None else allotment.connections.peak


def _at(workload: Workload) -> tuple[str | None, str | None]:
    return workload.database, workload.proxy
