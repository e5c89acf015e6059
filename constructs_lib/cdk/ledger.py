"""What a budget was told, and the document that it amounts to once the constructs are read."""

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds

from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.workloads import KINDS, Workload
from constructs_lib.cdk.described_database import Database as DatabaseConstruct
from constructs_lib.cdk.described_database import read_entries, readers_of
from constructs_lib.cdk.described_proxy import read_only_endpoint, read_proxy
from constructs_lib.cdk.located import located
from constructs_lib.cdk.member import Member
from constructs_lib.template.reread import MOST_READERS

READER = "reader"


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
        self.read_write: set[str] = set()
        self.read_only: dict[str, rds.IDatabaseProxy] = {}

    def proxy_name(self, proxy: rds.IDatabaseProxy, *, reader: bool = False) -> str:
        """The name of a proxy, or of its read-only endpoint, in the document; one that is new is noted."""
        name = next((known for known, item in self.proxies.items() if item.node.path == proxy.node.path), None)
        if name is None:
            name = proxy.node.id if proxy.node.id not in self.proxies else proxy.node.path
            self.proxies[name] = proxy
        if reader:
            self.read_only[f"{name}-{READER}"] = proxy
        else:
            self.read_write.add(name)
        return f"{name}-{READER}" if reader else name

    def document(self) -> Document:
        """The document, read from the constructs as they are now: call it when the synth ends."""
        databases = self._databases()
        return Document(
            databases=databases,
            proxies={
                **{name: self._proxy(name, self.proxies[name]) for name in self.proxies if name in self.read_write},
                **{name: self._reader_proxy(name, proxy, databases) for name, proxy in self.read_only.items()},
            },
            workloads={name: self._workload(member, databases) for name, member in self.members.items()},
        )

    def _databases(self) -> dict[str, Database]:
        servers = read_entries(self._database, self._home)
        looked_up = {endpoint: {"facts": facts} for endpoint, facts in self._facts.items()}
        writer = self._server(self.name, servers["writer"], {**self._declared, **looked_up.get("writer", {})})
        if READER not in servers:
            return {self.name: writer}
        # what was declared was said of the writer: it says nothing of a reader of another class
        declared = dict(self._declared)
        if servers[READER].get("instance_class") != servers["writer"].get("instance_class"):
            for key in ("max_connections", "memory_bytes"):
                declared.pop(key, None)
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

    def _reader_proxy(self, name: str, proxy: rds.IDatabaseProxy, databases: Mapping[str, Database]) -> Proxy:
        """A proxy's read-only endpoint, which spreads its clients over the readers."""
        database = f"{self.name}-{READER}"
        entry: dict[str, Any] = {**read_proxy(proxy, self._home), "construct_path": self._path}
        endpoint = read_only_endpoint(proxy)
        entry["database"] = database if database in databases else self.name
        entry["targets"] = min(MOST_READERS, max(1, readers_of(self._database)))
        entry["sources"] = {**entry.get("sources", {}), "targets": "read"}
        if endpoint is not None:
            entry["endpoint"] = located(endpoint, self._home)
        if endpoint is None or database not in databases:
            what = "no read-only endpoint in its stack" if endpoint is None else "no readers behind it"
            # said, not read: the proxy's own percentage is there to be read, and is not what is missing
            entry["max_connections_percent"] = {"unknown": f"{proxy.node.path} has {what}"}
            entry["sources"].pop("max_connections_percent", None)
        return Proxy.read(name, entry, f"proxy {name!r}")

    def _workload(self, member: Member, databases: Mapping[str, Database]) -> Workload:
        entry: dict[str, Any] = {**member.declared.to_json(), "construct_path": self._path}
        reader = f"{self.name}-{READER}"
        sources: dict[str, str] = {}
        if member.endpoint == READER and member.declared.proxy is None:
            if reader in databases:
                entry["database"] = reader
            else:  # without readers the endpoint leads to the writer
                sources["database"] = "assumed"
        kind, name = KINDS[member.declared.kind], member.declared.name
        if member.resource is None:
            if sources:
                entry["sources"] = sources
            return kind.read(name, entry, name)
        entry["resource"] = located(member.resource, self._home)
        task_definition = member.task_definition
        if task_definition is not None and task_definition is not member.runs:
            child = task_definition.node.default_child
            if isinstance(child, ecs.CfnTaskDefinition):
                entry["task_definition"] = located(child, self._home)
        wired = [container.container_name for container in member.wired_containers()]
        if wired:
            entry["containers"] = wired
        if wired and member.containers is None:
            sources["containers"] = "assumed" if len(wired) > 1 else "read"
        if sources:
            entry["sources"] = sources
        return member.as_read(kind.read(name, entry, name))
