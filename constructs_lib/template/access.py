"""What can reach a database, directly and through its proxies."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from constructs_lib.budget.client import Access, Client, Renamed
from constructs_lib.budget.document import Document
from constructs_lib.budget.resource import Resource
from constructs_lib.limits import Unknown
from constructs_lib.limits.engines import engine_behind, engine_of
from constructs_lib.template.identifiers import CLUSTER, CLUSTER_NAME, INSTANCE
from constructs_lib.template.intrinsics import number
from constructs_lib.template.links import Links, Target
from constructs_lib.template.network import Network
from constructs_lib.template.template import Template


def with_access(document: Document, home: str, network: Network) -> Document:
    """The document with what can reach each of its databases; `home` is the document's own template."""
    templates = network.templates

    def located(resource: Resource | None) -> Iterable[Target]:
        template = templates.get(resource.template or home) if resource is not None else None
        if resource is not None and template is not None and template.properties(resource.logical_id) is not None:
            yield Target(template, resource.logical_id, "")

    databases = dict(document.databases)
    fronts: dict[str, list[Target]] = {}
    for proxy in document.proxies.values():
        fronts.setdefault(proxy.database, []).extend(located(proxy.resource))
    renamed = Renamed(lambda item: replace(item, template=None) if item.template == home else item)
    for name, database in databases.items():
        for server in located(database.resource):
            access = access_of(server, fronts.get(name, ()), network)
            databases[name] = replace(database, access=renamed.of(access))
    return replace(document, databases=databases)


def access_of(server: Target, proxies: Collection[Target], network: Network) -> Access:
    """Everything that security groups let through to a server, or to one of its proxies."""
    properties = server.properties
    owner, at = properties, server.template
    belongs = properties.get(CLUSTER_NAME) if at.kind(server.logical_id) == INSTANCE else None
    cluster = cluster_of(network.links, at, belongs)
    if cluster is not None:  # whose members have its groups and its port
        owner, at = cluster.properties, cluster.template
    elif belongs is not None:
        owner = {**owner, "VPCSecurityGroups": belongs}  # which are not here
    source = network.links.target(at, owner.get("SourceDBInstanceIdentifier"))
    if not isinstance(source, Unknown):  # a replica has the engine, and by default the port, of what it copies
        copied = source.properties
        owner = {**{key: copied[key] for key in ("Engine", "Port") if key in copied}, **owner}
    groups = owner.get("VPCSecurityGroups", owner.get("VpcSecurityGroupIds", owner.get("DBSecurityGroups")))
    access = network.access(at, groups, _port(owner, owner.get("Engine", properties.get("Engine"))))
    if not proxies:
        return access
    through: list[Client] = []
    possible = list(access.possible)
    for proxy in proxies:
        front = proxy.properties
        behind = network.access(proxy.template, front.get("VpcSecurityGroupIds"), _port_of_proxy(front))
        through += [replace(item, path=f"{item.path} → proxy {proxy.logical_id}") for item in behind.clients]
        possible += [replace(item, path=f"{item.path} → proxy {proxy.logical_id}") for item in behind.possible]
    clients = {client.resource: client for client in reversed((*access.clients, *through))}
    clients = dict(reversed(clients.items()))
    others = {client.resource: client for client in possible if client.resource not in clients}
    return replace(access, clients=tuple(clients.values()), possible=tuple(others.values()))


def cluster_of(links: Links, template: Template, written: object) -> Target | None:
    """The cluster that an instance belongs to, by reference or by its name."""
    cluster = links.target(template, written)
    return links.called(CLUSTER, CLUSTER_NAME, written) if isinstance(cluster, Unknown) else cluster


def _port(owner: Mapping[str, Any], engine: object) -> int | Unknown:
    if (written := owner.get("Port")) is not None:
        return number(written, "Port")
    known = engine_of(engine if isinstance(engine, str) else None)
    return Unknown("its engine has no port that is known here") if isinstance(known, Unknown) else known.port


def _port_of_proxy(front: Mapping[str, Any]) -> int | Unknown:
    behind = engine_behind(str(front.get("EngineFamily")))
    return Unknown("its family has no port that is known here") if behind is None else behind.port
