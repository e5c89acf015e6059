"""What uses a budget's database with its pool settings, or through a proxy, and is not in the budget."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from constructs_lib.budget.client import Client
from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.variables import POOL_SIZE
from constructs_lib.budget.workloads import PooledWorkload, Task, TaskWorkload, Workload
from constructs_lib.limits import Unknown
from constructs_lib.template.access import PROXY
from constructs_lib.template.app import App, Key, key_of, properties_of
from constructs_lib.template.containers import environments
from constructs_lib.template.links import Target
from constructs_lib.template.members import SERVICE
from constructs_lib.template.names import readable_name
from constructs_lib.template.proxies import proxy_facts
from constructs_lib.template.task_users import TASK_DEFINITION, TASK_SET

_SERVERS = {"DBInstanceIdentifiers": "DBInstanceIdentifier", "DBClusterIdentifiers": "DBClusterIdentifier"}
"""Where a target group names its servers, and where each is given that name."""
_Wired = tuple[Key, str, str]
"""A container of a task definition, and the prefix of the variables that a workload has there."""


def with_uncounted(documents: Mapping[str, Document], app: App) -> dict[str, Document]:
    """The documents with everything that uses their databases beside their own entries."""
    wired = {item for home, document in documents.items() for item in _wired(home, document, app)}
    found = {}
    for home, document in documents.items():
        databases = {
            name: replace(item, uncounted_proxies=tuple(_proxies(item, home, document, app)))
            for name, item in document.databases.items()
        }
        workloads = {
            name: replace(
                item,
                uncounted=tuple(_users(item, home, document, app)),
                unnamed=tuple(_unnamed(item, home, wired, app)),
            )
            if isinstance(item, PooledWorkload)
            else item
            for name, item in document.workloads.items()
        }
        found[home] = replace(document, databases=databases, workloads=workloads)
    return found


def _definitions(workload: Workload, home: str, app: App) -> list[Target]:
    """The task definitions that have a workload's variables: the one it was written into, and the one it runs."""
    if not isinstance(workload, (TaskWorkload, Task)):
        return []
    resource = app.located(workload.resource, home)
    runs = resource
    if resource is not None and resource.template.kind(resource.logical_id) == SERVICE:
        used = app.links.target(resource.template, properties_of(resource).get("TaskDefinition"))
        runs = None if isinstance(used, Unknown) else used
    found = {key_of(item): item for item in (runs, app.located(workload.task_definition, home)) if item is not None}
    return [item for item in found.values() if item.template.kind(item.logical_id) == TASK_DEFINITION]


def _users(workload: PooledWorkload, home: str, document: Document, app: App) -> Iterator[Client]:
    """What else runs the task definition; each has to be a workload with the same variables for the same database."""
    database = document.database_of(workload)
    alike = [
        item
        for item in document.workloads.values()
        if document.database_of(item) == database
        and getattr(item, "env_prefix", workload.env_prefix) == workload.env_prefix
    ]
    located = [(item, app.located(getattr(item, "resource", None), home)) for item in alike]
    counted = {key_of(resource) for _, resource in located if resource is not None}
    tasks = {key_of(resource) for item, resource in located if resource is not None and isinstance(item, Task)}
    for definition in _definitions(workload, home, app):
        for user, service in app.task_users.of(definition):
            kind = user.template.kind(user.logical_id) or ""
            started = kind not in {SERVICE, TASK_SET} and key_of(definition) in tasks
            if started or key_of(user) in counted or key_of(service) in counted:
                continue
            name = readable_name(user.template, user.logical_id)
            runs = readable_name(definition.template, definition.logical_id)
            yield Client(
                name=name,
                type=kind,
                resource=app.named(user, home),
                path=f"{name} → {runs}",
                close=f"the reference to {runs}",
            )


def _wired(home: str, document: Document, app: App) -> Iterator[_Wired]:
    for workload in document.workloads.values():
        for definition in _definitions(workload, home, app):
            if isinstance(workload, PooledWorkload):
                for container in workload.containers or ():
                    yield key_of(definition), container, workload.env_prefix


def _unnamed(workload: PooledWorkload, home: str, wired: set[_Wired], app: App) -> Iterator[str]:
    """Containers with a pool's size that neither this workload nor another one counts."""
    for definition in _definitions(workload, home, app) if workload.containers is not None else ():
        for container, variables in environments(properties_of(definition)).items():
            has = f"{workload.env_prefix}{POOL_SIZE}" in variables
            if has and (key_of(definition), container, workload.env_prefix) not in wired:
                yield container


def _proxies(database: Database, home: str, document: Document, app: App) -> Iterator[Client]:
    """The proxies in front of a server, or of its cluster, that the document does not have."""
    server = app.located(database.resource, home)
    if server is None:
        return
    cluster = app.cluster_of(server)
    servers = {key_of(item): properties_of(item) for item in (server, cluster) if item is not None}
    known = {
        key_of(proxy) for item in document.proxies.values() if (proxy := app.located(item.resource, home)) is not None
    }
    for template, group in app.target_groups:
        properties = template.properties(group) or {}
        behind = [properties.get(key) for key in _SERVERS]
        reached = {key_of(item) for item in app.links.targets(template, behind)}
        if not reached & servers.keys() and not _named(properties, servers.values()):
            continue
        fronts = [
            item
            for item in app.links.targets(template, properties.get("DBProxyName"))
            if item.template.kind(item.logical_id) == PROXY
        ] or _proxies_called(properties.get("DBProxyName"), app)
        if any(key_of(front) in known for front in fronts):
            continue
        front = fronts[0] if fronts else Target(template, group, "")
        called = readable_name(front.template, front.logical_id)
        percent = proxy_facts({}, [properties])[0]["max_connections_percent"]
        share = f"a share that is unknown ({percent.reason})" if isinstance(percent, Unknown) else f"{percent} %"
        yield Client(
            name=called,
            type=PROXY,
            resource=app.named(front, home),
            path=f"{share} of max_connections",
            close=f"its target group {group}",
        )


def _named(group: Mapping[str, object], servers: object) -> bool:
    """Whether a target group writes out the name that one of the servers is given."""
    for key, given in _SERVERS.items():
        names = group.get(key)
        written = {name.lower() for name in names if isinstance(name, str)} if isinstance(names, list) else set()
        for properties in servers if written else ():  # type: ignore[attr-defined] # a view of mappings
            name = properties.get(given)
            if isinstance(name, str) and name.lower() in written:
                return True
    return False


def _proxies_called(name: object, app: App) -> list[Target]:
    """The proxies of a name that is written out."""
    return [
        Target(template, logical_id, "")
        for template in app.all
        for logical_id, properties in template.of_type(PROXY)
        if isinstance(name, str) and properties.get("DBProxyName") == name
    ]
