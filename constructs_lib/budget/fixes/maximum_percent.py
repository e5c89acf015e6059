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


def maximum_percent(case: Case) -> Iterator[Fix]:
    """The largest maximumPercent that fits and still lets a rolling deployment start a task."""
    for claim in case.claims:
        workload = claim.workload
        if not isinstance(workload, TaskWorkload) or workload.deployment is not Deployment.ROLLING:
            continue
        percent = workload.maximum_percent
        high = MAXIMUM_PERCENT if isinstance(percent, Unknown) else percent - 1

        def fits(percent: int, workload: TaskWorkload = workload) -> bool:
            return case.reached(case.trial(workload, {KEY: percent}))

        found = largest(101, high, fits)
        if found is None:
            continue
        before = 0 if isinstance(percent, Unknown) else percent
        fix = case.fix(workload, {KEY: found}, share=share(before, found) if before else 0)
        deployed = fix.document.workloads[workload.name]
        live = deployed.fleet.live() if isinstance(deployed, TaskWorkload) else Unknown("no tasks")
        now = workload.fleet.live()
        # a percentage that leaves no room for one more task would stop deployments
        if (
            not isinstance(live, Unknown)
            and live.scaled_out < live.deploying
            and (isinstance(now, Unknown) or live.deploying < now.deploying)
        ):
            yield fix
