"""What a budget was told, and the document that it amounts to once the constructs are read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds

from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.workloads import KINDS, TaskWorkload, Workload
from constructs_lib.budget.workloads.facts import with_command, with_facts
from constructs_lib.cdk.described_database import Database as DatabaseConstruct
from constructs_lib.cdk.described_database import read_entries
from constructs_lib.cdk.described_proxy import read_proxy
from constructs_lib.cdk.described_service import containers_of, l1_service, read_tasks
from constructs_lib.cdk.located import located
from constructs_lib.cdk.rendered_container import definition_of
from constructs_lib.template.commands import command_facts
from constructs_lib.template.containers import environments

READER = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A workload as the user declared it, and the service that it was declared for."""

    declared: Workload
    endpoint: str
    service: ecs.BaseService | None = None
    containers: Sequence[str] | None = None

    def wired_containers(self) -> Iterator[ecs.ContainerDefinition]:
        """The containers that use the database: the named ones, or all of the task."""
        for container in containers_of(self.service) if self.service is not None else ():
            if self.containers is None or container.container_name in self.containers:
                yield container


class Ledger:
    """The declarations of one budget."""

    def __init__(
        self,
        path: str,
        home: cdk.Stack,
        database: DatabaseConstruct,
        declared: Mapping[str, object],
        proxy_percent: object,
        facts: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._path = path
        self._home = home
        self._database = database
        self._declared = declared
        self._proxy_percent = proxy_percent
        self._facts = facts
        self.name = database.node.id
        self.members: dict[str, Member] = {}
        self.proxies: dict[str, rds.IDatabaseProxy] = {}

    def proxy_name(self, proxy: rds.IDatabaseProxy) -> str:
        """The name of a proxy in the document; a proxy that is new is noted."""
        name = next((known for known, item in self.proxies.items() if item.node.path == proxy.node.path), None)
        if name is None:
            name = proxy.node.id if proxy.node.id not in self.proxies else proxy.node.path
            self.proxies[name] = proxy
        return name

    def document(self) -> Document:
        """The document, read from the constructs as they are now: call it when the synth ends."""
        databases = self._databases()
        return Document(
            databases=databases,
            proxies={name: self._proxy(name, proxy) for name, proxy in self.proxies.items()},
            workloads={name: self._workload(member, databases) for name, member in self.members.items()},
        )

    def _databases(self) -> dict[str, Database]:
        servers = read_entries(self._database, self._home)
        looked_up = {endpoint: {"facts": facts} for endpoint, facts in self._facts.items()}
        writer = self._server(self.name, servers["writer"], {**self._declared, **looked_up.get("writer", {})})
        if READER not in servers:
            return {self.name: writer}
        # what was declared was read on the writer: it says nothing of a reader of another class
        declared = dict(self._declared)
        if servers[READER].get("instance_class") != servers["writer"].get("instance_class"):
            declared.pop("max_connections", None)
        declared |= looked_up.get(READER, {})
        name = f"{self.name}-{READER}"
        return {self.name: writer, name: self._server(name, servers[READER], declared)}

    def _server(self, name: str, read: Mapping[str, object], declared: Mapping[str, object]) -> Database:
        sources = {key: "read" for key in read if key not in declared}
        entry = {**read, **declared, "construct_path": self._path, "sources": sources}
        return Database.read(name, entry, f"database {name!r}")

    def _proxy(self, name: str, proxy: rds.IDatabaseProxy) -> Proxy:
        entry = {"database": self.name, **read_proxy(proxy, self._home), "construct_path": self._path}
        if self._proxy_percent is not None and "resource" not in entry:
            entry |= {"max_connections_percent": self._proxy_percent, "sources": {}}
        return Proxy.read(name, entry, f"proxy {name!r}")

    def _workload(self, member: Member, databases: Mapping[str, Database]) -> Workload:
        entry: dict[str, Any] = {**member.declared.to_json(), "construct_path": self._path}
        reader = f"{self.name}-{READER}"
        sources: dict[str, str] = {}
        if member.endpoint == READER and reader in databases:
            entry["database"] = reader
        elif member.endpoint == READER:  # without readers the endpoint leads to the writer
            sources["database"] = "assumed"
        service, kind, name = member.service, KINDS[member.declared.kind], member.declared.name
        if service is None:
            if sources:
                entry["sources"] = sources
            return kind.read(name, entry, name)
        entry["resource"] = located(l1_service(service), self._home)
        task_definition = service.task_definition.node.default_child
        if isinstance(task_definition, ecs.CfnTaskDefinition):
            entry["task_definition"] = located(task_definition, self._home)
        wired = [container.container_name for container in member.wired_containers()]
        if wired:
            entry["containers"] = wired
        if wired and member.containers is None:
            sources["containers"] = "assumed" if len(wired) > 1 else "read"
        if sources:
            entry["sources"] = sources
        workload = kind.read(name, entry, name)
        if not isinstance(workload, TaskWorkload):
            return workload
        definitions = {item.container_name: definition_of(item) for item in member.wired_containers()}
        variables = environments({"ContainerDefinitions": list(definitions.values())})
        return with_facts(with_command(workload, command_facts(definitions, variables)), read_tasks(service))
