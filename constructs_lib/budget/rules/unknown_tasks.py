"""Nobody can say how many pools there will be."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import WaysOut, ways_out
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.limits import Unknown


def _look(document: Document, tally: Tally) -> Iterator[tuple[Subject, str, WaysOut]]:
    for name, allotment in tally.allotments.items():
        pools = allotment.demand.pools
        if isinstance(pools, Unknown):
            yield (
                Subject("workloads", name),
                f"how many pools {name} opens is unknown, so nothing can be shown to fit: {pools.reason}",
                ways_out(
                    document,
                    document.database_of(allotment.workload),
                    workload=name,
                    lead="give a plain number in the template,"
                    " or max_tasks, maximum_percent and the processes in the budget",
                ),
            )


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
