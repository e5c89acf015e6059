"""What the plan rests on and nobody said."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Allotment, Tally


def _look(document: Document, tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    for name, database in tally.databases.items():
        if said := database.capacity.assumptions():
            yield (
                Subject("databases", name),
                f"assumed for {name}: {'; '.join(said)}",
                "give max_connections, engine_reserve and admin_reserve (in a document: reserved.engine and .admin)",
            )
    for name, proxy in document.proxies.items():
        if said := proxy.assumptions():
            yield (
                Subject("proxies", name),
                f"assumed for {name}: {'; '.join(said)}",
                "give max_connections_percent",
            )
    for name, workload in document.workloads.items():
        capped = _capped(tally.allotments[name])
        said = (*workload.assumptions(), *capped)
        if said:
            yield (
                Subject("workloads", name),
                f"assumed for {name}: {'; '.join(said)}",
                "give largest_pool" if said == capped else _WAYS.get(workload.kind, _WAYS["service"]),
            )


def _capped(allotment: Allotment) -> tuple[str, ...]:
    if allotment.capped is None or allotment.demand.largest is not None:
        return ()
    return (f"no pool of more than {allotment.capped}, as Aurora Serverless v2 is small while it is scaled down",)


_WAYS = {
    "service": "give tasks, max_tasks, maximum_percent and processes (processes_per_task in the construct)",
    "task": "give tasks, overlap and processes (processes_per_task in the construct)",
    "function": "give largest_pool, or pool_size and max_overflow",
}

RULE = Rule(
    id="assumed",
    severity=Severity.INFO,
    title="the plan rests on an assumption",
    why="an assumption is a number that nobody has checked",
    example=(
        "processes_per_task was not given: 1 is planned, and gunicorn with WEB_CONCURRENCY=4 opens four times as much"
    ),
    remedy="give the number: the asterisks in the report show where one is missing",
    source='Amazon ECS Developer Guide, "Service definition parameters": the defaults that are assumed',
    look=_look,
)
