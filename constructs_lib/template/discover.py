"""A budget document for templates that know nothing of budgets: who can reach which database, with which pools."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.budget.client import Client
from constructs_lib.budget.document import SCHEMA
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.schema import plain
from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown
from constructs_lib.template.access import access_of
from constructs_lib.template.app import App, Key, key_of
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.candidates import Candidate, Lead, candidates
from constructs_lib.template.data_api import over_the_data_api
from constructs_lib.template.discovery import Discovery
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.links import Target
from constructs_lib.template.names import readable_name
from constructs_lib.template.parts import Part, parts_of
from constructs_lib.template.security_groups import SECURITY_GROUP
from constructs_lib.template.servers import Endpoint, Servers
from constructs_lib.template.variable_labels import leads_to_a_database, names_an_address
from constructs_lib.template.written import written

LONGEST = 255
"""Letters in the name of a container (Amazon ECS API, "ContainerDefinition")."""
LONGEST_EVIDENCE = 300
"""Letters: three lines of a terminal."""
_SCHEME = re.compile(
    r"(?:db\+)?(?:jdbc:)?(?:postgres|postgresql|mysql|mysql2|mariadb|sqlserver|mssql|oracle)(?:\+\w+)?:"
)
"""How an address begins that leads to a database of SQL."""
_SUREST = (Source.READ, Source.DOCUMENTED)
_Reached = dict[Key, dict[Endpoint, str]]
"""The words for the path through security groups, by client and by server."""
_Open = dict[Endpoint, set[Key] | None]
"""What may have an address that a server lets in; None where security groups may be let in that are not known."""


def discover(assembly: Assembly, app: App | None = None) -> Discovery:
    """Find the databases of an app, what reaches them, and what each opens: as far as its templates say.

    `app` holds the indexes over the assembly, where the caller needs them again.
    """
    app = app or App(assembly)
    servers = app.servers
    found = [candidate for candidate in candidates(app) if not over_the_data_api(candidate, app)]
    for candidate in found:
        _by_reference(candidate, app, servers)
    reached, open_to = _by_security_group(app, servers)
    guessed: set[Key] = set()
    for candidate in found:
        if not candidate.found:
            for endpoint, path in reached.get(key_of(candidate.target), {}).items():
                candidate.lead_all(endpoint, path)
        if not candidate.found and _by_name(candidate, servers):
            guessed.add(key_of(candidate.target))
        if not candidate.found:
            _by_doubt(candidate, app, open_to)
    workloads: dict[str, dict[str, Any]] = {}
    for candidate in found:
        for beside, entry in _entries(candidate, servers, reached, guessed=key_of(candidate.target) in guessed):
            workloads[_new_name(candidate, workloads, beside)] = entry
    entries = {"schema": SCHEMA, "databases": servers.databases, "proxies": servers.proxies, "workloads": workloads}
    awaited = {_resource(candidate.target): candidate.awaited for candidate in found if candidate.awaited}
    return Discovery(entries=entries, strays=servers.strays, awaited=awaited)


def _by_reference(candidate: Candidate, app: App, servers: Servers) -> None:
    """The databases whose address or secret a container is given; an address says more than a secret."""
    known: set[tuple[str, str]] = set()
    secrets: list[tuple[str, Endpoint, Lead]] = []
    for at, container, name, value in candidate.values:
        if container not in candidate.containers:
            continue  # a log router
        for target in app.targets(at, value):
            if (spoken := servers.spoken_of(target)) is not None:
                endpoint, address = spoken
                lead = Lead(_variable(name, container), name, Source.READ if address else Source.DOCUMENTED)
                if address:
                    candidate.lead(container, endpoint, lead)
                    known.add((container, endpoint.database))
                else:
                    secrets.append((container, endpoint, lead))
    for container, endpoint, lead in secrets:
        if (container, endpoint.database) not in known:
            candidate.lead(container, endpoint, lead)


def _by_security_group(app: App, servers: Servers) -> tuple[_Reached, _Open]:
    """What may connect to which server, by its security groups, with the path; and what else each is open to."""
    files = {file: id(template) for file, template in app.templates.items()}
    reached: _Reached = {}
    open_to: _Open = {}
    possible: dict[int, set[Key] | None] = {}
    """By the identity of what was answered, which servers share."""

    def key(client: Client) -> Key:
        return files.get(client.resource.template or "", 0), client.resource.logical_id

    for name, target in servers.targets.items():
        proxy = servers.proxies.get(name)
        if proxy is not None and "endpoint" in proxy:
            continue  # one that is used is spoken of
        endpoint = Endpoint(name) if proxy is None else Endpoint(proxy["database"], name)
        access = access_of(target, (), app.network)
        if id(access) not in possible:
            # what lets in nothing here is let in to by rules that are elsewhere
            told = not access.untold and (access.clients or access.unseen)
            possible[id(access)] = set(map(key, access.possible)) if told else None
        open_to[endpoint] = possible[id(access)]
        for client in access.clients:
            reached.setdefault(key(client), {})[endpoint] = f"through security groups: {client.path}"
    return reached, open_to


def _by_doubt(candidate: Candidate, app: App, open_to: _Open) -> None:
    """Every database that a candidate may reach of which nobody knows all containers, or what they are told."""
    if candidate.doubt is None:
        candidate.doubt = _of_some_database(candidate, app)
    if candidate.doubt is None and not candidate.filed:
        return
    grouped = _grouped(candidate.target, app)
    for endpoint, others in open_to.items():
        if grouped and others is not None and key_of(candidate.target) not in others:
            continue
        if candidate.doubt is not None:
            candidate.lead_all(endpoint, f"it may, for {candidate.doubt.reason}")
        for container in candidate.filed if candidate.doubt is None else ():
            words = f"it may, for container {container!r} takes variables from EnvironmentFiles"
            candidate.lead(container, endpoint, Lead(words))


def _of_some_database(candidate: Candidate, app: App) -> Unknown | None:
    """Why a candidate may connect to any database: it is told of one, and its security groups are not known."""
    target = candidate.target
    properties = target.template.properties(target.logical_id) or {}
    if candidate.kind == "task" or (candidate.kind == "function" and not properties.get("VpcConfig")):
        return None
    every = [item for item in candidate.values if _speaks_of_a_database(item[2], item[3])]
    # a password says less of where it leads to
    said = next((item for item in every if names_an_address(item[2])), every[0] if every else None)
    if said is None or _grouped(target, app):
        return None
    what = _variable(said[2], said[1])
    return Unknown(f"{what} leads to a database that cannot be told, and its security groups are not defined here")


def _grouped(target: Target, app: App) -> bool:
    """Whether the security groups of a service or a function are all defined in the app."""
    properties = target.template.properties(target.logical_id) or {}
    network = mapping(mapping(properties.get("NetworkConfiguration")).get("AwsvpcConfiguration"))
    groups = network.get("SecurityGroups", mapping(properties.get("VpcConfig")).get("SecurityGroupIds"))
    found = [app.target(target.template, group) for group in (groups if isinstance(groups, list) else ())]
    return bool(found) and all(
        not isinstance(item, Unknown) and item.template.kind(item.logical_id) == SECURITY_GROUP for item in found
    )


def _by_name(candidate: Candidate, servers: Servers) -> bool:
    """The one database of an app, where a variable is called as one that leads to a database; whether one is."""
    if len(servers.targets) - len(servers.proxies) != 1:
        return False
    for _, container, name, value in candidate.values:
        if container in candidate.containers and (by := _speaks_of_a_database(name, value)) is not None:
            lead = Lead(f"by the {by} of {_variable(name, container)}", name)
            candidate.lead(container, Endpoint(next(iter(servers.databases))), lead)
    return bool(candidate.found)


def _speaks_of_a_database(name: str, value: object) -> str | None:
    """Whether a variable leads to some database: by its `name`, or by the `scheme` of its value."""
    if leads_to_a_database(name):
        return "name"
    return "scheme" if not isinstance(value, list) and _SCHEME.match(written(value)) else None


def _variable(name: str, container: str) -> str:
    return f"{name} of container {container!r}" if container else name


def _entries(
    candidate: Candidate,
    servers: Servers,
    reached: Mapping[Key, Mapping[Endpoint, str]],
    *,
    guessed: bool,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """A workload for each database that the candidate connects to, and for each way in which its containers do.

    Each with what tells it apart from the candidate's others.
    """
    parts = parts_of(candidate)
    several = len({part.endpoint.database for part in parts}) > 1
    alike = Counter((part.endpoint, part.kind) for part in parts)
    at = Counter(part.endpoint for part in parts)
    only_workers = all(part.kind == "celery" for part in parts)
    for part in parts:
        route = _route(candidate, part.endpoint, servers, reached)
        beside = [", ".join(part.containers)] if alike[part.endpoint, part.kind] > 1 else []
        beside += ["celery"] if part.kind == "celery" and not only_workers else []
        beside += [part.endpoint.database] if several else []
        whole = not candidate.evident and at[part.endpoint] == 1
        entry = _entry(candidate, part, [] if whole else part.containers, route)
        yield ", ".join(beside), _as_a_guess(entry, servers) if guessed else entry


def _route(
    candidate: Candidate,
    endpoint: Endpoint,
    servers: Servers,
    reached: Mapping[Key, Mapping[Endpoint, str]],
) -> Endpoint:
    """Whoever has only a secret goes through the proxy if no security group lets it past."""
    ways = reached.get(key_of(candidate.target), {})
    proxies = servers.proxies_of(endpoint.database)
    if endpoint.proxy is None and proxies and endpoint not in ways:
        through = [Endpoint(endpoint.database, proxy) for proxy in proxies]
        return next((way for way in through if way in ways), endpoint)
    return endpoint


def _entry(candidate: Candidate, part: Part, containers: Sequence[str], route: Endpoint) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "kind": part.kind,
        **({"proxy": route.proxy} if route.proxy else {"database": route.database}),
        "resource": _resource(candidate.target).to_json(),
        "evidence": _evidence(part),
    }
    sources: dict[str, Source] = {"resource": Source.READ}
    if len(candidate.definitions) == 1 and candidate.kind == "service":
        at = candidate.definitions[0]
        entry["task_definition"] = _resource(at).to_json()
        sources["task_definition"] = Source.READ
    if candidate.kind != "function" and all(
        name and name.isprintable() and len(name) <= LONGEST for name in containers
    ):
        entry |= {"containers": list(containers)} if containers else {}
    sizes, origins = part.sized
    entry |= {key: plain(size) for key, size in sizes.items()}
    if part.known_by:
        sources["proxy" if route.proxy else "database"] = min(part.known_by, key=_SUREST.index)
    return {**entry, "sources": {key: source.value for key, source in (sources | origins).items()}}


def _as_a_guess(entry: Mapping[str, Any], servers: Servers) -> dict[str, Any]:
    """The entry of a workload of which no address, secret or security group says that it connects there."""
    proxies = servers.proxies_of(entry["database"])
    # counted beside the proxy's own connections, which is never too few
    doubt = f" (it may go through {' or '.join(proxies)}, and counts as direct)" if proxies else ""
    sources = {**entry["sources"], "database": Source.ASSUMED.value}
    return {**entry, "evidence": _readable(f"{entry['evidence']}{doubt}"), "sources": sources}


def _evidence(part: Part) -> str:
    """What leads the containers to their database, in words that a document takes: templates hold any letters."""
    more = f" and {len(part.leads) - 1} more" if len(part.leads) > 1 else ""
    pools = f"; its pools add up: {', '.join(part.pools)}" if part.pools else ""
    return _readable(f"{part.leads[0].words}{more}{pools}")


def _readable(words: str) -> str:
    """Words that a document takes, and that are not too many."""
    if not words.isprintable():
        words = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in words)
    return words if len(words) <= LONGEST_EVIDENCE else f"{words[: LONGEST_EVIDENCE - 1]}…"


def _new_name(candidate: Candidate, taken: Collection[str], beside: str) -> str:
    target = candidate.target
    readable = readable_name(target.template, target.logical_id)
    in_file = f"{target.template.name}/{target.logical_id}"
    for name in (readable, target.logical_id, in_file):
        full = f"{name} ({beside})" if beside else name
        if full not in taken:
            return full
    return f"{in_file} ({len(taken)})"


def _resource(target: Target) -> Resource:
    return Resource(logical_id=target.logical_id, template=target.template.name)
