"""The pool that the containers have, made the budget's."""

from dataclasses import replace

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes.case import Case, part_of
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import share
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.tally import Tally, tally
from constructs_lib.budget.workloads import SizedWorkload


def found_pool(document: Document, sums: Tally, workload: str) -> tuple[Fix, ...]:
    """The fix that gives the budget the largest pool among the containers of a service, where it fits."""
    allotment = sums.allotments[workload]
    service, found = allotment.workload, allotment.in_force
    if not isinstance(service, SizedWorkload) or not isinstance(found, PoolSize) or found == allotment.size:
        return ()
    if found.unbounded:
        return ()
    database = document.database_of(service)
    # the next synth gives the containers all the other values, too
    without = replace(service, found=None)
    adopted = replace(document, workloads={**document.workloads, workload: without})
    part = part_of(adopted, database)
    case = Case(
        document=adopted,
        database=database,
        goal=lambda _: True,
        claims=(),
        sums=tally(part).databases[database],
        part=part,
        as_planned=False,
    )
    if not case.reached(case.trial(without, found._asdict())):
        return ()
    size = allotment.size.ceiling if allotment.size else 0
    note = ", as its containers have it"
    return (case.fix(without, found._asdict(), share=share(size, found.ceiling), note=note),)
