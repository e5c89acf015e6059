"""A budget document for templates that know nothing of budgets: who can reach which database, with which pools."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.budget.document import SCHEMA
from constructs_lib.budget.schema import plain
from constructs_lib.budget.source import Source
from constructs_lib.budget.split import PoolSize
from constructs_lib.limits import Unknown
from constructs_lib.template.access import access_of
from constructs_lib.template.app import App
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.candidates import Candidate, candidates
from constructs_lib.template.discovery import Discovery
from constructs_lib.template.environment import Variables
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.links import Target
from constructs_lib.template.names import full_name, readable_name
from constructs_lib.template.pool_variables import SQLALCHEMY, pool_names, pool_of
from constructs_lib.template.security_groups import SECURITY_GROUP
from constructs_lib.template.servers import Endpoint, Servers

_OF_A_DATABASE = re.compile(
    r"(?:^|_)(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|RDS|SQLALCHEMY|DATASOURCE|JDBC)_?(?:\w+_)?"
    r"(?:URL|URI|DSN|HOST|HOSTNAME|ENDPOINT|ADDRESS|SERVER|SECRET|SECRET_ARN|PASSWORD|PASS|CREDENTIALS|CONNECTION)"
)
"""How a variable is called that leads to a database, for where its value does not say to which."""
ONE = PoolSize(1, 0)
_Reached = dict[tuple[int, str], dict[Endpoint, str]]
"""The words for the path through security groups, by client and by server."""


def discover(assembly: Assembly, app: App | None = None) -> Discovery:
    """Find the databases of an app, what reaches them, and what each opens: as far as its templates say.

    `app` holds the indexes over the assembly, where the caller needs them again.
    """
    app = app or App(assembly)
    servers = app.servers
    found = list(candidates(app))
    for candidate in found:
        _by_reference(candidate, app, servers)
    reached, closed = _by_security_group(app, servers)
    for candidate in found:
        if not candidate.found and candidate.kind != "task":
            for endpoint, path in reached.get(_key(candidate.target), {}).items():
                candidate.found[endpoint] = [path]
        if not candidate.found:
            _by_name(candidate, servers)
        if not candidate.found:
            _by_doubt(candidate, app, servers, closed)
    workloads: dict[str, dict[str, Any]] = {}
    notes: list[str] = []
    for candidate in found:
        for name, entry, note in _entries(candidate, servers, reached, workloads):
            workloads[name] = entry
            notes.append(note)
    notes += [
        f"{name}: nothing in the templates was found that connects to it"
        for name in servers.databases
        if not any(_ends_at(entry, servers) == name for entry in workloads.values())
    ]
    notes += [f"{name}: the database behind this proxy is not defined in the templates" for name in servers.strays]
    entries = {"schema": SCHEMA, "databases": servers.databases, "proxies": servers.proxies, "workloads": workloads}
    return Discovery(entries=entries, notes=tuple(notes))


def _by_reference(candidate: Candidate, app: App, servers: Servers) -> None:
    """The databases whose address or secret a workload is given; an address says more than a secret."""
    addresses: dict[Endpoint, list[str]] = {}
    secrets: dict[Endpoint, list[str]] = {}
    for at, container, name, value in candidate.values:
        if container not in candidate.containers:
            continue  # a log router
        for target in app.targets(at, value):
            if (spoken := servers.spoken_of(target)) is not None:
                endpoint, address = spoken
                (addresses if address else secrets).setdefault(endpoint, []).append(_variable(name, container))
                candidate.by.add(container)
    candidate.found = addresses
    known = {endpoint.database for endpoint in addresses}
    candidate.found |= {endpoint: words for endpoint, words in secrets.items() if endpoint.database not in known}


def _by_security_group(app: App, servers: Servers) -> tuple[_Reached, set[Endpoint]]:
    """What may connect to which server, by its security groups, with the path; and the servers with no other way in."""
    files = {file: id(template) for file, template in app.templates.items()}
    reached: _Reached = {}
    closed: set[Endpoint] = set()
    for name, target in servers.targets.items():
        proxy = servers.proxies.get(name)
        endpoint = Endpoint(name) if proxy is None else Endpoint(proxy["database"], name)
        access = access_of(target, (), app.network)
        if access.clients and not access.unseen:
            closed.add(endpoint)
        for client in access.clients:
            key = (files.get(client.resource.template or "", 0), client.resource.logical_id)
            reached.setdefault(key, {})[endpoint] = f"through security groups: {client.path}"
    return reached, closed


def _by_doubt(candidate: Candidate, app: App, servers: Servers, closed: set[Endpoint]) -> None:
    """Every database that a candidate may reach whose containers are not known."""
    if candidate.doubt is None:
        return
    for name in servers.databases:
        if Endpoint(name) not in closed or not _grouped(candidate.target, app):
            candidate.found.setdefault(Endpoint(name), []).append(f"it may, for {candidate.doubt.reason}")


def _grouped(target: Target, app: App) -> bool:
    """Whether the security groups of a service are all defined in the app."""
    properties = target.template.properties(target.logical_id) or {}
    network = mapping(mapping(properties.get("NetworkConfiguration")).get("AwsvpcConfiguration"))
    groups = network.get("SecurityGroups")
    found = [app.target(target.template, group) for group in (groups if isinstance(groups, list) else ())]
    return bool(found) and all(
        not isinstance(item, Unknown) and item.template.kind(item.logical_id) == SECURITY_GROUP for item in found
    )


def _by_name(candidate: Candidate, servers: Servers) -> None:
    """The one database of an app, where a variable is called as one that leads to a database."""
    if len(servers.targets) - len(servers.proxies) != 1:
        return
    for _, container, name, _ in candidate.values:
        known = container in candidate.containers and container not in candidate.by
        if known and _OF_A_DATABASE.search(name.upper()):
            candidate.by.add(container)
            words = f"by the name of {_variable(name, container)}"
            candidate.found.setdefault(Endpoint(next(iter(servers.databases))), []).append(words)


def _variable(name: str, container: str) -> str:
    return f"{name} of container {container!r}" if container else name


def _entries(
    candidate: Candidate,
    servers: Servers,
    reached: Mapping[tuple[int, str], Mapping[Endpoint, str]],
    taken: Mapping[str, object],
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """A workload for each database that the candidate connects to."""
    by_database: dict[str, Endpoint] = {}
    for endpoint in candidate.found:
        # the connections of one that has both addresses come on top of the proxy's
        if by_database.get(endpoint.database, endpoint).proxy is not None or endpoint.database not in by_database:
            by_database[endpoint.database] = endpoint
    used: set[str] = set(taken)
    for database, endpoint in by_database.items():
        words = candidate.found[endpoint]
        route = _route(candidate, endpoint, servers, reached)
        where = f"{route.database} through {route.proxy}" if route.proxy else database
        more = f" and {len(words) - 1} more" if len(words) > 1 else ""
        for kind, containers in _parts(candidate):
            beside = [database] if len(by_database) > 1 else []
            beside = ["celery", *beside] if containers and kind == "celery" else beside
            name = _new_name(candidate, used, ", ".join(beside))
            used.add(name)
            sums = [", ".join(found) for item in _variables(candidate, containers) if (found := pool_names(item))]
            pools = f"; its pools add up: {sums[0]}" if sums and kind != "celery" else ""
            yield (
                name,
                _entry(candidate, kind, containers, route),
                f"{name} connects to {where}: {words[0]}{more}{pools}",
            )


def _parts(candidate: Candidate) -> Iterator[tuple[str, list[str] | None]]:
    """The kinds of workload that a candidate amounts to, and the containers of each; None where it is only one."""
    counted = candidate.counted
    workers = [name for name in counted if name in candidate.celery]
    others = [name for name in counted if name not in candidate.celery]
    if candidate.kind != "service" or not workers or not others:
        yield "celery" if candidate.kind == "service" and workers else candidate.kind, None
    else:
        yield candidate.kind, others
        yield "celery", workers


def _route(
    candidate: Candidate,
    endpoint: Endpoint,
    servers: Servers,
    reached: Mapping[tuple[int, str], Mapping[Endpoint, str]],
) -> Endpoint:
    """Whoever has only a secret goes through the proxy if no security group lets it past."""
    ways = reached.get(_key(candidate.target), {})
    proxies = servers.proxies_of(endpoint.database)
    if endpoint.proxy is None and proxies and endpoint not in ways:
        through = [Endpoint(endpoint.database, proxy) for proxy in proxies]
        return next((way for way in through if way in ways), endpoint)
    return endpoint


def _entry(candidate: Candidate, kind: str, containers: list[str] | None, route: Endpoint) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "kind": kind,
        **({"proxy": route.proxy} if route.proxy else {"database": route.database}),
        "resource": {"logical_id": candidate.target.logical_id, "template": candidate.target.template.name},
    }
    sources: dict[str, Source] = {"resource": Source.READ}
    if len(candidate.definitions) == 1 and candidate.kind == "service":
        at = candidate.definitions[0]
        entry["task_definition"] = {"logical_id": at.logical_id, "template": at.template.name}
        sources["task_definition"] = Source.READ
    if (containers or candidate.by) and candidate.kind != "function":
        entry["containers"] = containers or sorted(candidate.by)
    if kind == "celery":
        entry["concurrency"] = {"unknown": "the worker's command has no --concurrency: Celery takes the host's CPUs"}
        sources["concurrency"] = Source.DOCUMENTED
        return {**entry, "sources": {key: source.value for key, source in sources.items()}}
    if candidate.doubt is not None and kind != "function":
        entry["processes"] = {"unknown": candidate.doubt.reason}
        sources["processes"] = Source.DOCUMENTED
    # an environment of a function serves one event at a time
    sizes, origins = pool_of(_variables(candidate, containers), ONE if kind == "function" else SQLALCHEMY)
    if candidate.doubt is not None:
        sizes, origins = dict.fromkeys(sizes, candidate.doubt), dict.fromkeys(origins, Source.READ)
    entry |= {key: plain(size) for key, size in sizes.items()}
    return {**entry, "sources": {key: source.value for key, source in (sources | origins).items()}}


def _variables(candidate: Candidate, containers: list[str] | None) -> Iterator[Variables]:
    """The variables of the containers that count, in every run."""
    names = containers or candidate.counted
    for variant in candidate.variants:
        yield from [variant[name] for name in names if name in variant] or variant.values()


def _new_name(candidate: Candidate, taken: set[str], beside: str) -> str:
    target = candidate.target
    readable = readable_name(target.template, target.logical_id)
    in_file = f"{target.template.name}/{target.logical_id}"
    for name in (readable, target.logical_id, full_name(target.template, target.logical_id), in_file):
        full = f"{name} ({beside})" if beside else name
        if full not in taken:
            return full
    return f"{in_file} ({len(taken)})"


def _ends_at(entry: Mapping[str, Any], servers: Servers) -> str:
    return str(servers.proxies[entry["proxy"]]["database"] if "proxy" in entry else entry["database"])


def _key(target: Target) -> tuple[int, str]:
    return id(target.template), target.logical_id
