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
    """The largest maximumPercent that fits, if it still lets a rolling deployment start a task.

    Source: Amazon ECS API, DeploymentConfiguration, maximumPercent and minimumHealthyPercent.
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
        smaller = 0 if isinstance(percent, Unknown) else share(percent, found)
        fix = case.fix(workload, {KEY: found}, share=smaller, note=_condition(found))
        if _deploys(fix, workload, found):
            yield fix


def _deploys(fix: Fix, workload: TaskWorkload, percent: int) -> bool:
    """Whether a deployment can start a task beside the desired ones, and fewer at the maximum than now."""
    deployed, now = fix.document.workloads[workload.name], workload.fleet.live()
    live = deployed.fleet.live() if isinstance(deployed, TaskWorkload) else Unknown("no tasks")
    return (
        not isinstance(live, Unknown)
        and live.steady >= _fewest(percent)
        and live.scaled_out < live.deploying
        and (isinstance(now, Unknown) or live.deploying < now.deploying)
    )


def _fewest(percent: int) -> int:
    """The tasks that have to run for a percentage to leave room for one more: ECS rounds the upper limit down."""
    return -(-100 // (percent - 100))


def _condition(percent: int) -> str:
    """What a deployment needs then, where no task may be stopped before another one runs."""
    return f" (deploys while {_fewest(percent)} tasks or more run, or with a minimumHealthyPercent below 100)"
