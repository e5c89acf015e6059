"""A budget document for templates that know nothing of budgets: who can reach which database, with which pools."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.budget.document import SCHEMA
from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown
from constructs_lib.template.access import access_of
from constructs_lib.template.app import App
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.containers import entries
from constructs_lib.template.discovery import Discovery
from constructs_lib.template.functions import FUNCTIONS, SERVERLESS_FUNCTION, function
from constructs_lib.template.intrinsics import described, mapping
from constructs_lib.template.links import Target
from constructs_lib.template.members import SERVICE
from constructs_lib.template.names import readable_name
from constructs_lib.template.pool_variables import Variables, pool_of
from constructs_lib.template.servers import Endpoint, Servers
from constructs_lib.template.task_users import TASK_DEFINITION

_OF_A_DATABASE = re.compile(
    r"(?:^|_)(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|RDS|SQLALCHEMY|DATASOURCE|JDBC)_?(?:\w+_)?"
    r"(?:URL|URI|DSN|HOST|HOSTNAME|ENDPOINT|ADDRESS|SERVER|SECRET|SECRET_ARN|PASSWORD|PASS|CREDENTIALS|CONNECTION)"
)
"""How a variable is called that leads to a database, for where its value does not say to which."""
_CELERY, _WORKER = re.compile(r"\bcelery\b"), re.compile(r"\bworker\b")


@dataclass(slots=True, kw_only=True)
class _Candidate:
    """Something that may be a workload."""

    kind: str
    target: Target
    definition: Target | None
    containers: Mapping[str, Variables]
    values: Mapping[str, list[tuple[str, object]]]
    """What the variables and secrets of each container are, as they are written."""
    starts: str = ""
    found: dict[Endpoint, list[str]] = field(default_factory=dict)
    """The words for what leads to each endpoint."""
    by: set[str] = field(default_factory=set)
    """The containers that something of this was found in."""


def discover(assembly: Assembly, app: App | None = None) -> Discovery:
    """Find the databases of an app, what reaches them, and what each opens: as far as its templates say.

    `app` holds the indexes over the assembly, where the caller needs them again.
    """
    app = app or App(assembly)
    servers = app.servers
    candidates = list(_candidates(assembly, app))
    for candidate in candidates:
        _by_reference(candidate, assembly, servers)
    reached = _by_security_group(app, servers)
    for candidate in candidates:
        if not candidate.found and candidate.kind != "task":
            for endpoint, path in reached.get(_key(candidate.target), {}).items():
                candidate.found[endpoint] = [path]
        if not candidate.found:
            _by_name(candidate, servers)
    workloads: dict[str, dict[str, Any]] = {}
    notes: list[str] = []
    for candidate in candidates:
        for name, entry, note in _entries(candidate, servers, reached, workloads):
            workloads[name] = entry
            notes.append(note)
    notes += [
        f"{name}: nothing in the templates was found that connects to it"
        for name in servers.databases
        if not any(_ends_at(entry, servers) == name for entry in workloads.values())
    ]
    notes += [f"{name}: the database behind this proxy is not defined in the templates" for name in servers.strays]
    found = {"schema": SCHEMA, "databases": servers.databases, "proxies": servers.proxies, "workloads": workloads}
    return Discovery(entries=found, notes=tuple(notes))


def _candidates(assembly: Assembly, app: App) -> Iterator[_Candidate]:
    used: set[tuple[int, str]] = set()
    for service in assembly.of_type(SERVICE):
        written = (service.template.properties(service.logical_id) or {}).get("TaskDefinition")
        targets = assembly.targets(service.template, written)
        definition = next((item for item in targets if item.template.kind(item.logical_id) == TASK_DEFINITION), None)
        if definition is not None:
            used.add(_key(definition))
        yield _of_tasks("service", service, definition, app)
    for definition in assembly.of_type(TASK_DEFINITION):
        if _key(definition) not in used:
            yield _of_tasks("task", definition, definition, app)
    for kind in FUNCTIONS:
        for found in assembly.of_type(kind):
            yield _of_function(found, kind)


def _of_function(target: Target, kind: str) -> _Candidate:
    shared = target.template.serverless_defaults
    properties = target.template.properties(target.logical_id) or {}
    environment = function(properties, shared if kind == SERVERLESS_FUNCTION else None).environment
    written = {} if isinstance(environment, Unknown) else environment
    variables = {
        str(name): value if isinstance(value, str) else Unknown(f"its value is {described(value)}")
        for name, value in written.items()
    }
    return _Candidate(
        kind="function",
        target=target,
        definition=None,
        containers={"": variables},
        values={"": [(str(name), value) for name, value in written.items()]},
    )


def _of_tasks(kind: str, target: Target, definition: Target | None, app: App) -> _Candidate:
    properties = mapping(definition and definition.template.properties(definition.logical_id))
    values: dict[str, list[tuple[str, object]]] = {}
    starts = []
    for container, _ in entries(properties.get("ContainerDefinitions")):
        pairs = values.setdefault(str(container.get("Name")), [])
        for key, holds in (("Environment", "Value"), ("Secrets", "ValueFrom")):
            pairs += [(str(entry.get("Name")), entry.get(holds)) for entry, _ in entries(container.get(key))]
        pairs += [(key, container[key]) for key in ("Command", "EntryPoint") if key in container]
        starts.append(" ".join(_words([container.get("EntryPoint"), container.get("Command")])))
    return _Candidate(
        kind=kind,
        target=target,
        definition=definition,
        containers={} if definition is None else app.environments(definition),
        values=values,
        starts="\n".join(starts),
    )


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


def _by_reference(candidate: _Candidate, assembly: Assembly, servers: Servers) -> None:
    """The databases whose address or secret a workload is given; an address says more than a secret."""
    at = (candidate.definition or candidate.target).template
    addresses: dict[Endpoint, list[str]] = {}
    secrets: dict[Endpoint, list[str]] = {}
    for container, pairs in candidate.values.items():
        if container not in candidate.containers:
            continue  # a log router
        for name, value in pairs:
            for target in assembly.targets(at, value):
                if (spoken := servers.spoken_of(target)) is not None:
                    endpoint, address = spoken
                    (addresses if address else secrets).setdefault(endpoint, []).append(_variable(name, container))
                    candidate.by.add(container)
    candidate.found = addresses
    known = {endpoint.database for endpoint in addresses}
    candidate.found |= {endpoint: words for endpoint, words in secrets.items() if endpoint.database not in known}


def _by_security_group(app: App, servers: Servers) -> dict[tuple[int, str], dict[Endpoint, str]]:
    """What may connect to which server, by its security groups, with the path."""
    files = {file: id(template) for file, template in app.templates.items()}
    reached: dict[tuple[int, str], dict[Endpoint, str]] = {}
    for name, target in servers.targets.items():
        proxy = servers.proxies.get(name)
        endpoint = Endpoint(name) if proxy is None else Endpoint(proxy["database"], name)
        for client in access_of(target, (), app.network).clients:
            key = (files.get(client.resource.template or "", 0), client.resource.logical_id)
            reached.setdefault(key, {})[endpoint] = f"through security groups: {client.path}"
    return reached


def _by_name(candidate: _Candidate, servers: Servers) -> None:
    """The one database of an app, where a variable is called as one that leads to a database."""
    if len(servers.targets) - len(servers.proxies) != 1:
        return
    for container, pairs in candidate.values.items():
        named = [name for name, _ in pairs if _OF_A_DATABASE.search(name.upper())]
        if named and container in candidate.containers:
            candidate.by.add(container)
            words = f"by the name of {_variable(named[0], container)}"
            candidate.found.setdefault(Endpoint(next(iter(servers.databases))), []).append(words)


def _variable(name: str, container: str) -> str:
    return f"{name} of container {container!r}" if container else name


def _entries(
    candidate: _Candidate,
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
        entry = _entry(candidate, route)
        name = _new_name(candidate, used, database if len(by_database) > 1 else None)
        used.add(name)
        where = f"{route.database} through {route.proxy}" if route.proxy else database
        more = f" and {len(words) - 1} more" if len(words) > 1 else ""
        yield name, entry, f"{name} connects to {where}: {words[0]}{more}"


def _route(
    candidate: _Candidate,
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


def _starts_celery(words: str) -> bool:
    """Whether `celery … worker` is among the words; two searches, for one of both would try every pair."""
    celery = _CELERY.search(words)
    return celery is not None and _WORKER.search(words, celery.end()) is not None


def _entry(candidate: _Candidate, route: Endpoint) -> dict[str, Any]:
    kind = "celery" if candidate.kind == "service" and _starts_celery(candidate.starts) else candidate.kind
    entry: dict[str, Any] = {
        "kind": kind,
        **({"proxy": route.proxy} if route.proxy else {"database": route.database}),
        "resource": {"logical_id": candidate.target.logical_id, "template": candidate.target.template.name},
    }
    sources: dict[str, Source] = {"resource": Source.READ}
    if candidate.definition is not None and candidate.kind == "service":
        at = candidate.definition
        entry["task_definition"] = {"logical_id": at.logical_id, "template": at.template.name}
        sources["task_definition"] = Source.READ
    if candidate.by and candidate.kind != "function":
        entry["containers"] = sorted(candidate.by)
    if kind == "celery":
        entry["concurrency"] = {"unknown": "the worker's command has no --concurrency: Celery takes the host's CPUs"}
        sources["concurrency"] = Source.DOCUMENTED
    else:
        sizes, origins = pool_of(_counted(candidate))
        if kind == "function" and Source.READ not in origins.values():
            sizes = {"pool_size": 1, "max_overflow": 0}  # an environment serves one event at a time
        entry |= sizes
        sources |= origins
    return {**entry, "sources": {key: source.value for key, source in sources.items()}}


def _counted(candidate: _Candidate) -> Iterable[Variables]:
    named = [variables for name, variables in candidate.containers.items() if name in candidate.by]
    return named or candidate.containers.values()


def _new_name(candidate: _Candidate, taken: set[str], database: str | None) -> str:
    target = candidate.target
    readable = readable_name(target.template, target.logical_id)
    for name in (readable, target.logical_id, f"{target.template.name}/{target.logical_id}"):
        full = f"{name} ({database})" if database else name
        if full not in taken:
            return full
    return f"{target.template.name}/{target.logical_id} ({len(taken)})"


def _ends_at(entry: Mapping[str, Any], servers: Servers) -> str:
    return str(servers.proxies[entry["proxy"]]["database"] if "proxy" in entry else entry["database"])


def _key(target: Target) -> tuple[int, str]:
    return id(target.template), target.logical_id
