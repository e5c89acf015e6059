"""What uses a budget's database with its pool settings, or through a proxy, and is not in the budget."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from constructs_lib.budget.client import Client
from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.variables import POOL_SIZE
from constructs_lib.budget.workloads import PooledWorkload, Task, TaskWorkload, Workload
from constructs_lib.limits import Unknown
from constructs_lib.template.app import App
from constructs_lib.template.functions import FUNCTIONS
from constructs_lib.template.identifiers import PROXY
from constructs_lib.template.links import Key, Target
from constructs_lib.template.members import SERVICE, TASK_DEFINITION, TASK_SET
from constructs_lib.template.names import readable_name
from constructs_lib.template.proxies import proxy_facts

_Wired = tuple[Key, str, str]
"""A container of a task definition, and the prefix of the variables that a workload has there."""


def with_uncounted(documents: Mapping[str, Document], app: App) -> dict[str, Document]:
    """The documents with everything that uses their databases beside their own entries."""
    users = {home: _Users(document, home, app) for home, document in documents.items()}
    wired = {item for of_home in users.values() for item in of_home.wired()}
    found = {}
    for home, document in documents.items():
        databases = {
            name: replace(item, uncounted_proxies=tuple(_proxies(item, home, document, app)))
            for name, item in document.databases.items()
        }
        workloads = {name: users[home].noted(item, wired) for name, item in document.workloads.items()}
        found[home] = replace(document, databases=databases, workloads=workloads)
    return found


class _Users:
    """What runs the task definitions of one document's workloads."""

    def __init__(self, document: Document, home: str, app: App) -> None:
        self._document = document
        self._home = home
        self._app = app
        self._definitions = {name: _definitions(item, home, app) for name, item in document.workloads.items()}
        self._resources = {
            name: app.located(getattr(item, "resource", None), home) for name, item in document.workloads.items()
        }
        self._alike: dict[tuple[str, str | None], tuple[set[Key], set[Key]]] = {}
        """What is counted for a database under a prefix, and what of that are tasks."""
        self._beside: dict[tuple[Key, str, str], Sequence[Client]] = {}
        """What was found beside the workloads of a task definition, a database and a prefix."""
        for name, item in document.workloads.items():
            if (resource := self._resources[name]) is not None:
                group = (document.database_of(item), getattr(item, "env_prefix", None))
                counted, tasks = self._alike.setdefault(group, (set(), set()))
                counted.add(resource.key)
                if isinstance(item, Task):
                    tasks.add(resource.key)

    def noted(self, workload: Workload, wired: set[_Wired]) -> Workload:
        """The workload with what uses its settings beside it; the same where nothing does."""
        if not isinstance(workload, PooledWorkload):
            return workload
        beside = [
            client for definition in self._definitions[workload.name] for client in self.beside(workload, definition)
        ]
        uncounted, unnamed = tuple(beside), tuple(self.unnamed(workload, wired))
        if (uncounted, unnamed) == (workload.uncounted, workload.unnamed):
            return workload
        return replace(workload, uncounted=uncounted, unnamed=unnamed)

    def beside(self, workload: PooledWorkload, definition: Target) -> Sequence[Client]:
        """What else runs the task definition and is no workload with the same variables for the same database."""
        database = self._document.database_of(workload)
        group = (definition.key, database, workload.env_prefix)
        if group not in self._beside:  # the same for all that are alike
            none = (set[Key](), set[Key]())
            counted, tasks = self._alike.get((database, workload.env_prefix), none)
            reserved, _ = self._alike.get((database, None), none)  # whatever variables these have
            self._beside[group] = list(self._uncounted(definition, (counted, reserved), tasks))
        return self._beside[group]

    def _uncounted(
        self, definition: Target, counted: tuple[Collection[Key], Collection[Key]], tasks: Collection[Key]
    ) -> Iterator[Client]:
        """What runs a task definition and is in neither collection, unless the definition is a task that is counted."""
        for user, service in self._app.task_users.of(definition):
            kind = user.template.kind(user.logical_id) or ""
            started = kind not in {SERVICE, TASK_SET} and definition.key in tasks
            itself = kind not in FUNCTIONS and any(item.key in known for known in counted for item in (user, service))
            if started or itself:  # that a function's own pools are counted says nothing of the tasks that it starts
                continue
            name = readable_name(user.template, user.logical_id)
            runs = readable_name(definition.template, definition.logical_id)
            yield Client(
                name=name,
                type=kind,
                resource=self._app.named(user, self._home),
                path=f"{name} → {runs}",
                close=f"the reference to {runs}",
            )

    def wired(self) -> Iterator[_Wired]:
        """Every container that a workload has its variables in."""
        for name, workload in self._document.workloads.items():
            if isinstance(workload, PooledWorkload):
                for definition in self._definitions[name]:
                    for container in workload.containers or ():
                        yield definition.key, container, workload.env_prefix

    def unnamed(self, workload: PooledWorkload, wired: set[_Wired]) -> Iterator[str]:
        """Containers with a pool's size that neither this workload nor another one counts."""
        for definition in self._definitions[workload.name] if workload.containers is not None else ():
            for container, variables in self._app.environments(definition).items():
                has = f"{workload.env_prefix}{POOL_SIZE}" in variables
                if has and (definition.key, container, workload.env_prefix) not in wired:
                    yield container


def _definitions(workload: Workload, home: str, app: App) -> list[Target]:
    """The task definitions that have a workload's variables: the one it was written into, and the one it runs."""
    if not isinstance(workload, (TaskWorkload, Task)):
        return []
    resource = app.located(workload.resource, home)
    runs = resource
    if resource is not None and resource.template.kind(resource.logical_id) == SERVICE:
        used = app.links.target(resource.template, resource.properties.get("TaskDefinition"))
        runs = None if isinstance(used, Unknown) else used
    found = {item.key: item for item in (runs, app.located(workload.task_definition, home)) if item is not None}
    return [item for item in found.values() if item.template.kind(item.logical_id) == TASK_DEFINITION]


def _proxies(database: Database, home: str, document: Document, app: App) -> Iterator[Client]:
    """The proxies in front of a server, or of its cluster, that the document does not have."""
    server = app.located(database.resource, home)
    if server is None:
        return
    cluster = app.cluster_of(server)
    known = {proxy.key for item in document.proxies.values() if (proxy := app.located(item.resource, home)) is not None}
    for group, properties, fronts in app.target_groups.behind(item for item in (server, cluster) if item is not None):
        if any(front.key in known for front in fronts):
            continue
        front = fronts[0] if fronts else group
        called = readable_name(front.template, front.logical_id)
        percent = proxy_facts({}, [properties])[0]["max_connections_percent"]
        share = f"a share that is unknown ({percent.reason})" if isinstance(percent, Unknown) else f"{percent} %"
        yield Client(
            name=called,
            type=PROXY,
            resource=app.named(front, home),
            path=f"{share} of max_connections",
            close=f"its target group {group.logical_id}",
        )
