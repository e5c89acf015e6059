"""The budget document, brought up to what the finished templates say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import Celery, Function, PooledWorkload, Service, Task, TaskWorkload, Workload
from constructs_lib.budget.workloads.facts import Fact, TaskFacts, with_concurrency, with_facts
from constructs_lib.limits import Unknown, largest_of
from constructs_lib.template.access import with_access
from constructs_lib.template.app import App, Templates
from constructs_lib.template.by_default import ByDefault
from constructs_lib.template.databases import readers_of
from constructs_lib.template.functions import FUNCTION, SERVERLESS_FUNCTION, function_variables, reserved_concurrency
from constructs_lib.template.identifiers import PROXY
from constructs_lib.template.identity import identity_of, identity_of_service
from constructs_lib.template.links import Target
from constructs_lib.template.misfits import misfit
from constructs_lib.template.overrides import overridden
from constructs_lib.template.proxies import proxy_facts, read_only
from constructs_lib.template.reread_database import read_database
from constructs_lib.template.run_variants import (
    Apart,
    counted_as,
    variant_of,
    variant_of_run,
    variants_of,
    with_variants,
)
from constructs_lib.template.services import task_facts
from constructs_lib.template.template import Template
from constructs_lib.template.told_workloads import with_told
from constructs_lib.template.twins import with_twins
from constructs_lib.template.uncounted import with_uncounted

MOST_READERS = 15
"""What Aurora allows."""


def reread(document: Document, home: str, templates: Templates | App) -> Document:
    """Read again, from the templates, everything that the document says it had read; `home` is the document's own.

    What the user declared stands, except that it cannot lower a number of tasks that the template has, or make another
    server of the one that it has written out.
    """
    return reread_all({home: document}, templates)[home]


def reread_all(documents: Mapping[str, Document], templates: Templates | App) -> dict[str, Document]:
    """The documents of an app, by the template that each stands in, read again and compared with one another."""
    app = App.of(templates)
    by_default = ByDefault(app)
    read = {home: _reread(document, home, app, by_default) for home, document in documents.items()}
    carried = {home: document for home, document in read.items() if home}  # what is discovered has all of them
    return with_twins(
        with_uncounted(read | with_told(carried, app), app) if carried else with_uncounted(read, app), app
    )


def _reread(document: Document, home: str, app: App, by_default: ByDefault) -> Document:
    databases = {
        name: read_database(item, document, home, app, by_default) for name, item in document.databases.items()
    }
    # a construct counts all processes of a container in one workload
    kinds: tuple[type[TaskWorkload], ...] = () if home else (Celery, Service)
    apart = {kind: counted_as(kind, document, home, app) for kind in kinds}
    read = replace(
        document,
        databases=databases,
        proxies={
            name: by_default.marked(
                _targets(_proxy(item, home, app), document.databases[item.database], home, app.templates), home
            )
            for name, item in document.proxies.items()
        },
        workloads={
            name: misfit(item, home, app) or _workload(item, document, home, app, apart, by_default)
            for name, item in document.workloads.items()
        },
    )
    return _with_unread(_with_referrers(with_access(read, home, app.network), home, app), home, app)


def _with_referrers(document: Document, home: str, app: App) -> Document:
    """The document with what is told the address or the secret of a database, among what can reach it."""
    databases = dict(document.databases)
    for name, database in document.databases.items():
        server = app.located(database.resource, home)
        spoken = app.servers.spoken_of(server) if server is not None else None
        clients = app.referrers.of(spoken[0].database) if spoken is not None else ()
        if clients:
            databases[name] = replace(database, access=database.access.joined(clients, home))
    return replace(document, databases=databases)


def _with_unread(document: Document, home: str, app: App) -> Document:
    """The document with what of the templates nobody can read; of its own template, without the file."""
    unread = tuple(replace(part, template=None) if part.template == home else part for part in app.unread)
    if not unread:
        return document
    databases = {name: replace(item, unread=unread) for name, item in document.databases.items()}
    return replace(document, databases=databases)


def _proxy(proxy: Proxy, home: str, app: App) -> Proxy:
    if proxy.resource is None:
        return proxy
    front = app.located(proxy.resource, home)
    if front is None:
        return replace(proxy, max_connections_percent=proxy.resource.missing(home))
    groups = [properties for _, properties in app.target_groups.of_proxy(front)]
    facts, sources = proxy_facts(front.properties, groups)
    proxy = replace(proxy, identity=identity_of(PROXY, front.properties))
    if proxy.endpoint is not None:
        _, endpoint = _find(proxy.endpoint, home, app.templates)
        leads_to_readers = proxy.endpoint.missing(home) if endpoint is None else read_only(endpoint)
        if leads_to_readers is not True:
            reason = Unknown(f"the endpoint {proxy.endpoint.logical_id} does not lead to the readers")
            return replace(
                proxy,
                max_connections_percent=leads_to_readers if isinstance(leads_to_readers, Unknown) else reason,
                given={**proxy.given, "max_connections_percent": Source.READ},
            )
    declared, read = proxy.max_connections_percent, facts.get("max_connections_percent")
    kept = {
        key: value
        for key, value in facts.items()
        if proxy.given.get(key) is not Source.DECLARED
        # a share that the template has cannot be talked down
        or (key == "max_connections_percent" and groups and _more(read, declared))
    }
    return replace(proxy, given={**proxy.given, **{key: sources[key] for key in kept}}, **kept)


def _more(read: object, declared: object) -> bool:
    return isinstance(read, int) and isinstance(declared, int) and read > declared


def _targets(proxy: Proxy, database: Database, home: str, templates: Templates) -> Proxy:
    """The proxy with the readers that its read-only endpoint has in the template."""
    if proxy.endpoint is None or proxy.given.get("targets") is Source.DECLARED or database.resource is None:
        return proxy
    template, instance = _find(database.resource, home, templates)
    if template is None or instance is None:
        return proxy
    readers = min(MOST_READERS, max(1, readers_of(template, instance)))
    return replace(proxy, targets=readers, given={**proxy.given, "targets": Source.READ})


def _workload(
    workload: Workload,
    document: Document,
    home: str,
    app: App,
    apart: Mapping[type[TaskWorkload], Apart],
    by_default: ByDefault,
) -> Workload:
    if not isinstance(workload, PooledWorkload) or workload.resource is None:
        return workload
    template, properties = _find(workload.resource, home, app.templates)
    if isinstance(workload, Function):
        return by_default.marked(_function(workload, home, app), home)
    if isinstance(workload, Task):
        return by_default.marked(_task(workload, home, app), home)
    if not isinstance(workload, TaskWorkload):
        return workload
    if template is None or properties is None:
        gone = Fact(workload.resource.missing(home))
        facts = TaskFacts(tasks=gone, max_tasks=gone, maximum_percent=gone, deployment=gone)
        return replace(with_facts(workload, facts), found={})
    service = workload.resource.logical_id
    facts = task_facts(properties, app.scaling.of(template, service), app.instances.of(template, properties))
    if (doubt := app.scaling.doubt(template, service)) is not None:
        known = [fact.value for fact in (facts.tasks, facts.max_tasks) if isinstance(fact.value, (int, Unknown))]
        facts = replace(facts, max_tasks=Fact(largest_of([doubt, *known])))
    target = Target(template, service, "")
    variants = variants_of(workload, target, home, app)
    cluster = app.target(template, properties.get("Cluster"))
    belongs = {} if isinstance(cluster, Unknown) else cluster.properties
    changes: dict[str, Any] = {
        "identity": identity_of_service(properties, belongs),
        **by_default.marks(workload, target, home),
    }
    if workload.given.get("request_timeout") is not Source.DECLARED:
        behind = "LoadBalancers" in properties
        timeout = app.load_balancers(template).request_timeout(properties) if behind else None
        before = changes.get("given", workload.given)
        given = {key: source for key, source in before.items() if key != "request_timeout"}
        given |= {} if timeout is None else {"request_timeout": Source.READ}
        changes |= {"request_timeout": timeout, "given": given}
    at = (id(template), service), document.database_of(workload)
    others = apart.get(Service if isinstance(workload, Celery) else Celery, {})
    counted = with_variants(workload, variants, facts, changes, others.get(at, ()))
    sets = app.task_sets.get(target.key, ())
    # without a number of the user's it is unknown: the controller may create more than there are in the template
    return counted if not sets or counted.task_sets is None else with_facts(counted, {"task_sets": Fact(len(sets))})


def _task(workload: Task, home: str, app: App) -> Task:
    """A task by its definition, and the schedules that run it."""
    definition = app.located(workload.resource, home)
    if definition is None:
        gone = workload.resource.missing(home) if workload.resource is not None else Unknown("it has no resource")
        return replace(with_facts(workload, {"tasks": Fact(gone)}), found={})
    runs = app.overrides.get(definition.key, ())
    overriding = [overridden(definition.properties, overrides) for overrides in runs]
    variants = [variant_of(definition, app), *map(variant_of_run, overriding)]
    return with_variants(workload, variants, app.runs.facts(definition), {})


def _function(workload: Function, home: str, app: App) -> Function:
    target = app.located(workload.resource, home)
    if target is None:
        gone = Fact((workload.resource or Resource(logical_id=workload.name)).missing(home))
        return replace(with_facts(workload, {"reserved_concurrency": gone}), found={})
    serverless = target.template.kind(target.logical_id) == SERVERLESS_FUNCTION
    properties, shared = target.properties, target.template.serverless_defaults if serverless else None
    workload = with_concurrency(workload, reserved_concurrency(properties, shared))
    return replace(
        workload, found={"": function_variables(properties, shared)}, identity=identity_of(FUNCTION, properties)
    )


def _find(resource: Resource, home: str, templates: Templates) -> tuple[Template | None, Mapping[str, Any] | None]:
    template = templates.get(resource.template or home)
    return template, template.properties(resource.logical_id) if template else None
