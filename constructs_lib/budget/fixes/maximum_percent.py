"""A deployment that runs fewer tasks beside the old ones."""

from collections.abc import Iterator
from itertools import islice

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import largest, share
from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.budget.workloads.workload import MAXIMUM_PERCENT
from constructs_lib.limits import Unknown

KEY = "maximum_percent"
_LEAST = 101
_ROUND = (10, 25)


def maximum_percent(case: Case) -> Iterator[Fix]:
    """The largest round maximumPercent that fits and still lets a rolling deployment start a task.

    Where none is as round as people write it, the largest whole one.
    """
    for claim in case.claims:
        workload = claim.workload
        if not isinstance(workload, TaskWorkload) or workload.deployment is not Deployment.ROLLING:
            continue
        percent = workload.maximum_percent
        high = MAXIMUM_PERCENT if isinstance(percent, Unknown) else percent - 1

        def fits(percent: int, workload: TaskWorkload = workload) -> bool:
            return case.reached(case.trial(workload, {KEY: percent}))

        found = largest(_LEAST, high, fits)
        if found is None:
            continue
        fixes = (_fix(case, workload, percent) for percent in _roundest(found) if percent == found or fits(percent))
        # a percentage that leaves no room for one more task would stop deployments
        yield from islice((fix for fix in fixes if _deploys(fix, workload)), 1)


def _roundest(most: int) -> Iterator[int]:
    """The largest number of whole tens or quarters that is not more, and the number itself where none will do."""
    rounded = max(most // step * step for step in _ROUND)
    if rounded >= _LEAST:
        yield rounded
    yield most


def _fix(case: Case, workload: TaskWorkload, percent: int) -> Fix:
    before = workload.maximum_percent
    return case.fix(workload, {KEY: percent}, share=0 if isinstance(before, Unknown) else share(before, percent))


def _deploys(fix: Fix, workload: TaskWorkload) -> bool:
    """Whether a deployment can start a task, and fewer than now."""
    deployed, now = fix.document.workloads[workload.name], workload.fleet.live()
    live = deployed.fleet.live() if isinstance(deployed, TaskWorkload) else Unknown("no tasks")
    return (
        not isinstance(live, Unknown)
        and live.scaled_out < live.deploying
        and (isinstance(now, Unknown) or live.deploying < now.deploying)
    )
