"""A deployment that runs fewer tasks beside the old ones."""

from collections.abc import Iterator

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import largest, share
from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.budget.workloads.workload import MAXIMUM_PERCENT
from constructs_lib.limits import Unknown

KEY = "maximum_percent"
_LEAST = 101


def maximum_percent(case: Case) -> Iterator[Fix]:
    """The largest maximumPercent that fits, if it still lets a rolling deployment start a task."""
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
        fix = case.fix(workload, {KEY: found}, share=0 if isinstance(percent, Unknown) else share(percent, found))
        # a percentage that leaves no room for one more task would stop deployments
        if _deploys(fix, workload):
            yield fix


def _deploys(fix: Fix, workload: TaskWorkload) -> bool:
    """Whether a deployment can start a task, and fewer than now."""
    deployed, now = fix.document.workloads[workload.name], workload.fleet.live()
    live = deployed.fleet.live() if isinstance(deployed, TaskWorkload) else Unknown("no tasks")
    return (
        not isinstance(live, Unknown)
        and live.scaled_out < live.deploying
        and (isinstance(now, Unknown) or live.deploying < now.deploying)
    )
