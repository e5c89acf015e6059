"""The databases and proxies that templates define, and how each is spoken of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Protocol

from constructs_lib.budget.resource import Resource
from constructs_lib.limits import Unknown
from constructs_lib.template.identifiers import CLUSTER, CLUSTER_NAME, INSTANCE, INSTANCE_NAME, PROXY, SERVERS, SOURCES
from constructs_lib.template.links import Key, Target
from constructs_lib.template.names import readable_name
from constructs_lib.template.proxies import read_only
from constructs_lib.template.target_groups import TargetGroups, named_servers
from constructs_lib.template.template import Template
from constructs_lib.template.written_names import PARAMETER, RECORD, SECRET

PROXY_ENDPOINT = "AWS::RDS::DBProxyEndpoint"
READER = "-reader"
_NO_SQL = ("neptune", "docdb")
"""How the names of engines begin that RDS makes instances and clusters of, and whose clients have no pools of SQL."""

_CARRIERS = (SECRET, PARAMETER, RECORD)
"""What an address is put into, so that workloads are given that instead."""
_ADDRESSES = ("Endpoint", "ReadEndpoint", "MasterUserSecret")
_IDENTIFIERS = {"DBClusterArn", "DBInstanceArn", "DBProxyArn", "DBClusterResourceId", "DbiResourceId"}
"""What is taken of a server for the Data API or for a policy: nobody connects to it."""
_MULTI_AZ = "DBClusterInstanceClass"


class Stacks(Protocol):
    """The templates of an app, as far as servers are looked for in them."""

    @property
    def all(self) -> Sequence[Template]:
        """Every template."""

    def of_type(self, kind: str) -> Iterator[Target]:
        """Every resource of a type."""

    def target(self, template: Template, value: object) -> Target | Unknown:
        """The one resource that a reference denotes."""

    def targets(self, template: Template, value: object) -> Iterator[Target]:
        """Every resource that a value speaks of."""

    def cluster_of(self, server: Target) -> Target | None:
        """The cluster that an instance belongs to."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a client connects to."""

    database: str
    proxy: str | None = None


@dataclass(slots=True)
class Servers:
    """What was found, as entries of a document, and the resources that stand for them."""

    databases: dict[str, dict[str, Any]] = field(default_factory=dict)
    proxies: dict[str, dict[str, Any]] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    """By the name of the database or proxy."""
    strays: dict[str, Resource] = field(default_factory=dict)
    """Proxies whose database is defined elsewhere, by name."""
    originals: list[str] = field(default_factory=list)
    """The databases that are no replica of another one here, and no readers."""
    _endpoints: dict[Key, Endpoint] = field(default_factory=dict)
    _readers: dict[Key, Endpoint] = field(default_factory=dict)
    _secrets: dict[Key, Endpoint] = field(default_factory=dict)
    _reads: set[Key] = field(default_factory=set)
    """What carries the address of the readers of a cluster that has none."""

    @classmethod
    def of(cls, stacks: Stacks, groups: TargetGroups) -> "Servers":
        """Find them, and the proxies in front of them by their target groups."""
        servers = cls()
        members: dict[Key, list[Target]] = {}
        for instance in stacks.of_type(INSTANCE):
            cluster = stacks.cluster_of(instance)
            if cluster is None:
                servers._instance(stacks, instance)
            else:
                members.setdefault(cluster.key, []).append(instance)
        for cluster in stacks.of_type(CLUSTER):
            servers._cluster(stacks, cluster, members.get(cluster.key, []))
        identifiers = dict(servers._identified(stacks))
        copies = set(servers._copies(stacks, identifiers))
        servers.originals = [name for name in servers.targets if name not in copies] or [*servers.targets]
        for proxy in stacks.of_type(PROXY):
            servers._proxy(stacks, proxy, groups, identifiers)
        called = {
            said: name
            for name in servers.proxies
            if isinstance(said := servers.targets[name].properties.get("DBProxyName"), str)
        }
        for address in stacks.of_type(PROXY_ENDPOINT):
            servers._proxy_endpoint(stacks, address, called)
        for secret, endpoint in servers._credentials(stacks):
            servers._secrets.setdefault(secret, endpoint)
        for carrier, endpoint in servers._carried(stacks):
            servers._secrets.setdefault(carrier, endpoint)
        return servers

    def spoken_of(self, target: Target) -> tuple[Endpoint, bool] | None:
        """The endpoint that a reference leads to, and whether it is the address itself rather than a secret."""
        key = target.key
        if target.attribute.startswith("ReadEndpoint") and key in self._readers:
            return self._readers[key], True
        if target.attribute in _IDENTIFIERS:
            return None
        if key in self._endpoints:
            return self._endpoints[key], not target.attribute.startswith("MasterUserSecret")
        return (self._secrets[key], False) if key in self._secrets else None

    def reads_of_the_writer(self, target: Target) -> bool:
        """Whether a reference is to the readers' address of a cluster without readers, which leads to its writer."""
        key = target.key
        if not target.attribute.startswith("ReadEndpoint"):
            return key in self._reads
        # a Multi-AZ DB cluster has two readers, which are no resources
        return key in self._endpoints and key not in self._readers and _MULTI_AZ not in target.properties

    def proxies_of(self, database: str) -> list[str]:
        """The names of the proxies in front of a database."""
        return [name for name, entry in self.proxies.items() if entry["database"] == database]

    def _instance(self, stacks: Stacks, instance: Target) -> None:
        engine = instance.properties.get("Engine")
        if isinstance(engine, str) and engine.lower().startswith(_NO_SQL):
            return
        name = self._new(instance)
        self.databases[name] = _entry(stacks, instance)
        self._endpoints[instance.key] = Endpoint(name)

    def _cluster(self, stacks: Stacks, cluster: Target, instances: list[Target]) -> None:
        engine = cluster.properties.get("Engine")
        if isinstance(engine, str) and engine.lower().startswith(_NO_SQL):
            return
        name = self._new(cluster)
        writer, *readers = instances or [cluster]
        self.databases[name] = _entry(stacks, writer)
        self._endpoints |= dict.fromkeys((item.key for item in (cluster, *instances)), Endpoint(name))
        if readers:
            self.databases[name] |= {"failover": _resource(readers[0]).to_json(), "readers": len(readers)}
            self.databases[name + READER] = _entry(stacks, readers[0])
            self._readers[cluster.key] = Endpoint(name + READER)
            # an address of its own leads to that instance, whatever the cluster's writer accepts
            self._endpoints |= dict.fromkeys((item.key for item in readers), Endpoint(name + READER))

    def _identified(self, stacks: Stacks) -> Iterator[tuple[tuple[str, str], Endpoint]]:
        """The servers that have an identifier written out, by the kind of identifier and in small letters."""
        for kind, key in ((INSTANCE, INSTANCE_NAME), (CLUSTER, CLUSTER_NAME)):
            for server in stacks.of_type(kind):
                name, endpoint = server.properties.get(key), self._endpoints.get(server.key)
                if isinstance(name, str) and endpoint is not None:
                    yield (key, name.lower()), endpoint

    def _copies(self, stacks: Stacks, identifiers: Mapping[tuple[str, str], Endpoint]) -> Iterator[str]:
        """The databases that copy another one of them."""
        for name, server in self.targets.items():
            properties = server.properties
            for key, (_, called) in SOURCES.items():
                source = properties.get(key)
                if source is None:
                    continue
                found = [self._endpoints.get(target.key) for target in stacks.targets(server.template, source)]
                if isinstance(source, str):  # it may be an ARN, which ends in the identifier
                    found.append(identifiers.get((called, source.rpartition(":")[2].lower())))
                if any(endpoint is not None and endpoint.database != name for endpoint in found):
                    yield name

    def _proxy(
        self, stacks: Stacks, proxy: Target, groups: TargetGroups, identifiers: Mapping[tuple[str, str], Endpoint]
    ) -> None:
        for group, properties in groups.of_proxy(proxy):
            behind = [properties.get(key) for key in SERVERS]
            referred = (self._endpoints.get(target.key) for target in stacks.targets(group.template, behind))
            named = (identifiers.get(name) for name in named_servers(properties))
            if (endpoint := next(filter(None, chain(referred, named)), None)) is not None:
                name = self._new(proxy)
                entry = {"database": endpoint.database, "resource": _resource(proxy).to_json()}
                self.proxies[name] = {**entry, "sources": {"database": "read"}}
                self._endpoints[proxy.key] = Endpoint(endpoint.database, name)
                return
        self.strays[readable_name(proxy.template, proxy.logical_id)] = _resource(proxy)

    def _proxy_endpoint(self, stacks: Stacks, endpoint: Target, called: Mapping[str, str]) -> None:
        """One more address of a proxy: for the readers, or for what the proxy's own leads to."""
        properties = endpoint.properties
        called_by = properties.get("DBProxyName")
        proxies = [self._endpoints.get(target.key) for target in stacks.targets(endpoint.template, called_by)]
        if isinstance(called_by, str) and called_by in called:
            proxies.append(Endpoint(self.proxies[called[called_by]]["database"], called[called_by]))
        front = next((item for item in proxies if item is not None and item.proxy is not None), None)
        if front is None or front.proxy is None:
            return
        self._endpoints[endpoint.key] = front
        readers = front.database + READER
        if read_only(properties) is True and readers in self.databases:
            name = self._new(endpoint)
            self.proxies[name] = {
                **self.proxies[front.proxy],
                "database": readers,
                "endpoint": _resource(endpoint).to_json(),
                "targets": self.databases[front.database]["readers"],
                "sources": {"database": "read", "targets": "read"},
            }
            self._endpoints[endpoint.key] = Endpoint(readers, name)

    def _credentials(self, stacks: Stacks) -> Iterator[tuple[Key, Endpoint]]:
        """The secrets that hold a database's credentials: attached to it, or named by it."""
        for attachment in stacks.of_type("AWS::SecretsManager::SecretTargetAttachment"):
            properties = attachment.properties
            for target in stacks.targets(attachment.template, properties.get("TargetId")):
                if (endpoint := self._endpoints.get(target.key)) is not None:
                    for secret in stacks.targets(attachment.template, properties.get("SecretId")):
                        yield secret.key, endpoint
                    yield attachment.key, endpoint
        for kind in (INSTANCE, CLUSTER):
            for server in stacks.of_type(kind):
                endpoint, properties = self._endpoints.get(server.key), server.properties
                written = [properties.get(key) for key in ("MasterUsername", "MasterUserPassword")]
                for target in stacks.targets(server.template, written):
                    if endpoint is not None and target.template.kind(target.logical_id) == SECRET:
                        yield target.key, endpoint

    def _carried(self, stacks: Stacks) -> Iterator[tuple[Key, Endpoint]]:
        """The resources that hold a server's address, or where its secret is, for others to look up."""
        for kind in _CARRIERS:
            for carrier in stacks.of_type(kind):
                for target in stacks.targets(carrier.template, carrier.properties):
                    spoken = self.spoken_of(target)
                    if spoken is not None and leads(target, is_address=spoken[1]):
                        if self.reads_of_the_writer(target):
                            self._reads.add(carrier.key)
                        yield carrier.key, spoken[0]

    def _new(self, target: Target) -> str:
        name = readable_name(target.template, target.logical_id)
        in_file = f"{target.template.name}/{target.logical_id}"
        for longer in (name, target.logical_id, in_file):
            if longer not in self.targets:
                name = longer
                break
        self.targets[name] = target
        return name


def leads(target: Target, *, is_address: bool) -> bool:
    """Whether a reference is to an address or a secret: a server's identifier alone leads nowhere."""
    return not is_address or target.attribute.startswith(_ADDRESSES)


def _entry(stacks: Stacks, server: Target) -> dict[str, Any]:
    entry: dict[str, Any] = {"resource": _resource(server).to_json()}
    properties = server.properties
    for key in ("DBParameterGroupName", "DBClusterParameterGroupName"):
        group = stacks.target(server.template, properties.get(key))
        if not isinstance(group, Unknown) and group.template is not server.template:
            entry["parameter_group"] = _resource(group).to_json()
    return {**entry, "sources": dict.fromkeys(entry, "read")}


def _resource(target: Target) -> Resource:
    return Resource(logical_id=target.logical_id, template=target.template.name)
