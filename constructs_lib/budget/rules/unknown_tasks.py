"""Nobody can say how many pools there will be."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.workloads import TaskWorkload, Workload
from constructs_lib.limits import Unknown


def _look(document: Document, tally: Tally) -> Iterator[tuple[Subject, str, str]]:  # noqa: ARG001 - every rule takes both
    for name, allotment in tally.allotments.items():
        pools = allotment.demand.pools
        if isinstance(pools, Unknown):
            yield (
                Subject("workloads", name),
                f"how many pools {name} opens is unknown, so nothing can be shown to fit: {pools.reason}",
                _way_out(allotment.workload),
            )


_WAYS = {
    "service": "give a plain number in the template, or max_tasks, maximum_percent and the processes in the budget",
    "celery": "give a plain number in the template, or max_tasks, maximum_percent and the concurrency in the budget",
    "task": "give a plain number in the template, or tasks, overlap and the processes in the budget",
    "function": "reserve concurrency for the function (ReservedConcurrentExecutions), as a plain number",
}


def _way_out(workload: Workload) -> str:
    if isinstance(workload, TaskWorkload) and workload.deployment is Deployment.EXTERNAL and workload.task_sets is None:
        return "give task_sets: the task sets that the external controller runs at once"
    return _WAYS.get(workload.kind, _WAYS["service"])


RULE = Rule(
    id="unknown-tasks",
    severity=Severity.ERROR,
    title="the number of tasks or processes is unknown",
    why="every task and every process multiplies the pools; a sum with an unknown factor is no sum",
    example="DesiredCount is Fn::If of a condition that only the deployment decides: 2 tasks or 200",
    remedy="write the number out, or give max_tasks (and maximum_percent, processes, concurrency) to the budget",
    source='Amazon ECS Developer Guide, "Service definition parameters", desiredCount and deploymentConfiguration',
    look=_look,
)
