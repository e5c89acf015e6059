"""What the plan rests on and nobody said."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from constructs_lib.budget.capacity import Capacity
from constructs_lib.budget.database import Database
from constructs_lib.budget.defaults import Defaults, listed, options
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.source import Source
from constructs_lib.budget.tally import Allotment, Tally
from constructs_lib.budget.workloads import TaskWorkload, Workload
from constructs_lib.limits import Unknown

_IN_THE_CONSTRUCT = {"tasks": "the service's desired_count", "processes": "processes_per_task"}
"""What the construct and the CDK call a key of the document, where it is not the key itself."""
_PERCENT = "maximum_percent"


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, database in tally.databases.items():
        yield from _of_database(document.databases[name], database.capacity)
    for name, proxy in document.proxies.items():
        if said := proxy.assumptions():
            yield (
                Subject("proxies", name),
                f"assumed for {name}: {'; '.join(said)}",
                f"give {_unique(_wanted_of_proxy(proxy))}",
            )
    for name, item in document.workloads.items():
        workload = _as_counted(item)
        said, capped = workload.assumptions(), _capped(tally.allotments[name])
        if said or capped:
            yield (
                Subject("workloads", name),
                f"assumed for {name}: {'; '.join([*said, *capped])}",
                f"give {_unique(_wanted_of_workload(workload, largest_pool=bool(capped)))}",
            )


def _as_counted(workload: Workload) -> Workload:
    """A workload without what has no part in its sum: only a rolling deployment goes by maximum_percent."""
    deployment = workload.deployment if isinstance(workload, TaskWorkload) else Deployment.ROLLING
    if deployment is Deployment.ROLLING or isinstance(deployment, Unknown):
        return workload
    given = {**workload.given, _PERCENT: Source.DOCUMENTED}
    return replace(
        workload, given=given, defaults={key: item for key, item in workload.defaults.items() if key != _PERCENT}
    )


def _of_database(database: Database, capacity: Capacity) -> Iterator[tuple[Subject, str, str]]:
    said = [*capacity.assumptions(), *map(_of_another, database.strays)]
    if said:
        wanted = list(_wanted_of_database(database, capacity))
        fixes = [f"give {_unique(wanted)}"] if wanted else []
        fixes += [_as_its_own(stray, database) for stray in database.strays]
        subject = Subject("databases", database.name)
        yield subject, f"assumed for {database.name}: {'; '.join(said)}", "; ".join(fixes)


def _of_another(stray: str) -> str:
    return f"{stray} is a proxy of another database, as the templates do not say which one stands behind it"


def _as_its_own(stray: str, database: Database) -> str:
    entry = f"{stray}: {{database: {database.name}, resource: {{logical_id: {database.strays[stray]}}}}}"
    return f"where {stray} stands in front of {database.name}, give proxies: {{{entry}}}"


def _capped(allotment: Allotment) -> tuple[str, ...]:
    if allotment.capped is None or allotment.demand.largest is not None:
        return ()
    return (f"no pool of more than {allotment.capped}, as Aurora Serverless v2 is small while it is scaled down",)


def _wanted_of_workload(workload: Workload, *, largest_pool: bool) -> Iterator[str]:
    for key in workload.ungiven_keys():
        yield _wanted(workload, key)
    if largest_pool:
        yield "largest_pool"
    yield from _parameters(workload.by_default)


def _wanted(workload: Workload, key: str) -> str:
    if key == "database":
        discovered = workload.evidence is not None
        return "database (or proxy)" if discovered else "the cluster a reader, or leave endpoint out"
    if (key, workload.kind) == ("tasks", "task"):  # which no service has
        return key
    return _IN_THE_CONSTRUCT.get(key, key) if workload.construct_path else key


def _wanted_of_database(database: Database, capacity: Capacity) -> Iterator[str]:
    if not isinstance(capacity.limit, Unknown) and capacity.limit.assumption:
        yield "max_connections"
    if capacity.engine_reserve_source is Source.ASSUMED:
        yield "engine_reserve" if database.construct_path else "reserved.engine"
    if capacity.admin_reserve_source is Source.ASSUMED:
        yield "admin_reserve" if database.construct_path else "reserved.admin"
    yield from _parameters(capacity.by_default)


def _wanted_of_proxy(proxy: Proxy) -> Iterator[str]:
    if proxy.percent_assumed:
        yield "max_connections_percent"
    if isinstance(proxy.idle_client_timeout, Unknown):
        yield "idle_client_timeout"
    yield from _parameters(proxy.by_default)


def _parameters(by_default: Defaults) -> Iterator[str]:
    for names in by_default.values():
        yield from (options((name,)) for name in names)


def _unique(words: Iterable[str]) -> str:
    return listed(list(dict.fromkeys(words)))


RULE = Rule(
    id="assumed",
    severity=Severity.INFO,
    title="the plan rests on an assumption",
    why="an assumption is a number that nobody has checked",
    example=(
        "processes_per_task was not given: 1 is planned, and gunicorn with WEB_CONCURRENCY=4 opens four times as much"
    ),
    remedy=(
        "give the number, or the template's parameter whose default it rests on (--parameter, in check and diff): the"
        " asterisks in the report show where one is missing"
    ),
    source='Amazon ECS Developer Guide, "Service definition parameters": the defaults that are assumed',
    look=_look,
)
