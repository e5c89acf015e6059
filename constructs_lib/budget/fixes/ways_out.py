"""The ways out of one finding, ranked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes.case import Case, Goal, part_of
from constructs_lib.budget.fixes.chosen_pool import chosen_pool
from constructs_lib.budget.fixes.connections import connections
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.instance_class import current_class, family_class
from constructs_lib.budget.fixes.max_acu import max_acu
from constructs_lib.budget.fixes.max_connections import max_connections
from constructs_lib.budget.fixes.maximum_percent import maximum_percent
from constructs_lib.budget.fixes.no_single_change import no_single_change
from constructs_lib.budget.fixes.overlap import overlap
from constructs_lib.budget.fixes.pool import pool
from constructs_lib.budget.fixes.problem import OPEN, Own, every, problems
from constructs_lib.budget.fixes.processes import processes
from constructs_lib.budget.fixes.proxy_and_client import proxy_and_client
from constructs_lib.budget.fixes.proxy_percent import proxy_percent
from constructs_lib.budget.fixes.reserved_concurrency import reserved_concurrency
from constructs_lib.budget.fixes.task_sets import task_sets
from constructs_lib.budget.fixes.tasks import tasks
from constructs_lib.budget.tally import Allotment, DatabaseTally, Tally, tally
from constructs_lib.budget.transition import passage
from constructs_lib.budget.workloads import PooledWorkload, Workload
from constructs_lib.limits import Unknown

Knob = Callable[[Case], Iterator[Fix]]
KNOBS: tuple[Knob, ...] = (
    pool,
    chosen_pool,
    maximum_percent,
    tasks,
    processes,
    overlap,
    reserved_concurrency,
    task_sets,
    connections,
    proxy_percent,
    proxy_and_client,
    max_connections,
    max_acu,
    family_class,
    current_class,
)
"""What can be turned; of equal changes the earlier one is proposed first."""
MOST_FIXES = 8
"""How many ways out a finding names: of each knob the smallest change."""
LARGEST_CLAIMS = 3
"""How many workloads, largest first, a way out is looked for in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysOut:
    """The fixes of a finding, the smallest change first."""

    fixes: tuple[Fix, ...]
    otherwise: str
    """What to say where there is none."""
    lead: str = ""
    """What to say first, in any case."""
    fits_with: str = "it fits with"
    """What leads from there to the fixes."""

    @property
    def words(self) -> str:
        """All of them in one sentence."""
        found = [fix.words for fix in self.fixes]
        if not found:
            return self.lead or self.otherwise
        said = f"any one of: {'; '.join(found)}" if len(found) > 1 else found[0]
        then = self.fits_with if all(fix.fits for fix in self.fixes) else "then"
        return f"{self.lead}; {then} {said}" if self.lead else said


def ways_out(
    sums: Tally,
    database: str,
    *,
    own: Own = every,
    goal: Goal = lambda sums: True,  # noqa: ARG005 - nothing but that the sum holds
    workload: str | None = None,
    otherwise: str | None = None,
    lead: str = "",
) -> WaysOut:
    """The changes, each alone, after which the database's sum holds and the goal is reached.

    Each is verified by adding up again. A change is looked for at the largest claims, or at one workload alone. Where
    no number of a knob mends all that is wrong with the database, one that mends the finding's `own` problems is
    proposed, if it makes nothing else worse, and says that it does no more. Where there is none, `otherwise` is said,
    or what can help together.
    """
    document = sums.document
    found = ranked(document, database, _still_deployable(sums, database, goal), workload, own)
    best: list[Fix] = []
    for fixes in found:
        if (fix := min(fixes, key=lambda fix: fix.share, default=None)) and fix.words not in {x.words for x in best}:
            best.append(fix)
    best.sort(key=lambda fix: (not fix.fits, fix.share))
    if not best and not lead and otherwise is None:
        otherwise = no_single_change(tally(part_of(document, database)).databases[database], own)
    return WaysOut(fixes=tuple(best[:MOST_FIXES]), otherwise=otherwise or "", lead=lead)


def _still_deployable(sums: Tally, database: str, goal: Goal) -> Goal:
    """The goal, and that the way from what is deployed stays open if it is: a way out must not close that one."""
    if sums.deployed is None:
        return goal
    way = passage(sums.deployed, sums, database)
    return (lambda tried: way.open(tried) and goal(tried)) if way.open(sums) else goal


def ranked(
    document: Document, database: str, goal: Goal, workload: str | None = None, own: Own = every
) -> list[list[Fix]]:
    """Every fix that each knob has."""
    case = _case(document, database, goal, workload, own, as_planned=False)
    wrong = problems(case.sums)
    beside = {problem: size for problem, size in wrong.items() if not own(problem)}
    if {problem.what for problem in beside} & OPEN and {problem.what for problem in wrong if own(problem)} & OPEN:
        beside = {}  # a number beside another that is open would give away what that one needs
    if planned := _as_planned(document):
        as_planned = _case(planned, database, goal, workload, own, as_planned=True)
        for tolerated in (as_planned, replace(as_planned, beside=beside)):
            if tolerated.reached(as_planned.part):
                fits = tolerated is as_planned
                fix = Fix(changes=(), document=planned, share=0, note=_resized(as_planned), as_planned=True, fits=fits)
                return [[fix]]
        # what the containers have instead of the budget's values counts as well, so without them first
        differs = as_planned.sums.total != case.sums.total or as_planned.sums.complete != case.sums.complete
        case = replace(as_planned, as_planned=differs)
    if not beside and unknowns(case.sums) > 1:
        return []  # one change does not make two unknowns known
    return [list(knob(case)) or _alone(knob, replace(case, beside=beside)) for knob in KNOBS]


def _alone(knob: Knob, case: Case) -> list[Fix]:
    """The fixes that mend what is to be mended and leave what is wrong beside it."""
    return [replace(fix, fits=False) for fix in knob(case)] if case.beside else []


def _case(document: Document, database: str, goal: Goal, workload: str | None, own: Own, *, as_planned: bool) -> Case:
    part = part_of(document, database)
    sums = tally(part).databases[database]
    if workload is None:
        # one that is not known, or without a limit, is the largest
        claims = sorted(_concerned(sums, own), key=lambda claim: (-_peak(claim), claim.workload.name))[:LARGEST_CLAIMS]
    else:
        claims = [claim for claim in _claims(sums) if claim.workload.name == workload]
    return Case(
        document=document, database=database, goal=goal, claims=claims, sums=sums, part=part, as_planned=as_planned
    )


def _claims(sums: DatabaseTally) -> list[Allotment]:
    return [*sums.direct, *(client for proxy in sums.proxies for client in proxy.clients)]


def _concerned(sums: DatabaseTally, own: Own) -> list[Allotment]:
    """The claims that share what a finding is about: the server itself, or a proxy; all where neither is."""
    wrong = {problem.name for problem in problems(sums) if own(problem)}
    shared = [(sums.name, sums.direct), *((proxy.proxy.name, proxy.clients) for proxy in sums.proxies)]
    found = [
        claim
        for name, claims in shared
        if name in wrong or any(claim.workload.name in wrong for claim in claims)
        for claim in claims
    ]
    return found or _claims(sums)


def _resized(case: Case) -> str:
    """What has to be done for the containers to take the budget's values where the template was changed after it."""
    said = []
    for claim in case.claims:
        workload, size = claim.workload, claim.size
        if isinstance(workload, PooledWorkload) and workload.changed and size is not None:
            chosen = claim.demand.fixed is None
            pools = f", so that its pools become {size.pool_size} + {size.max_overflow}" if chosen else ""
            said.append(f"make the change of {workload.name} on the construct ({'; '.join(workload.changed)}){pools}")
    return "; ".join(said)


def _peak(claim: Allotment) -> float:
    if claim.connections is not None:
        return claim.connections.peak
    return 0 if claim.size is None and not claim.demand.unbounded else float("inf")


def unknowns(sums: DatabaseTally) -> int:
    """Claims whose number is unknown, or without a limit: of two of them no single change is a way out."""
    return sum(1 for claim in _claims(sums) if claim.demand.unbounded or isinstance(claim.demand.pools, Unknown))


def _as_planned(document: Document) -> Document | None:
    """The document without what was found in the containers; None where nothing was found."""
    workloads: Mapping[str, Workload] = {
        name: replace(workload, found=None) if isinstance(workload, PooledWorkload) and workload.found else workload
        for name, workload in document.workloads.items()
    }
    return replace(document, workloads=workloads) if workloads != document.workloads else None
