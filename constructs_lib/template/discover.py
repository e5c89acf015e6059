"""A budget document for templates that know nothing of budgets: who can reach which database, with which pools."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.budget.document import SCHEMA
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.schema import plain
from constructs_lib.budget.source import Source
from constructs_lib.template.app import App
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.candidates import Candidate, candidates
from constructs_lib.template.data_api import over_the_data_api
from constructs_lib.template.discovery import Discovery
from constructs_lib.template.leads import lead
from constructs_lib.template.links import Target
from constructs_lib.template.names import readable_name
from constructs_lib.template.parts import Part, parts_of
from constructs_lib.template.reach import Reach
from constructs_lib.template.said_routes import SaidRoute, follow
from constructs_lib.template.servers import Endpoint, Servers
from constructs_lib.template.stored_texts import StoredTexts

LONGEST = 255
"""Letters in the name of a container (Amazon ECS API, "ContainerDefinition")."""
LONGEST_BESIDE = 200
"""Letters that tell a workload apart from the candidate's others: what a document takes for a name is 500 in all."""
LONGEST_EVIDENCE = 300
"""Letters: three lines of a terminal."""
MOST_LED = 3
"""Containers of one workload that are named, and of which it is said what leads them to the database."""
_SUREST = (Source.READ, Source.DOCUMENTED)


def discover(assembly: Assembly, app: App | None = None, routes: Iterable[SaidRoute] = ()) -> Discovery:
    """Find the databases of an app, what reaches them, and what each opens: as far as its templates say.

    `app` holds the indexes over the assembly, where the caller needs them again; `routes` lead workloads of which the
    templates say nothing to databases that may be defined elsewhere.
    """
    app = app or App(assembly)
    servers = app.servers
    found = [candidate for candidate in candidates(app) if not over_the_data_api(candidate, app)]
    reach = Reach(app)
    stored = StoredTexts(app)
    for candidate in found:
        stored.told_to(candidate)
        lead(candidate, app, reach)
    follow(routes, found)
    workloads: dict[str, dict[str, Any]] = {}
    for candidate in found:
        for beside, entry in _entries(candidate, servers, reach.paths.get(candidate.target.key, {})):
            workloads[_new_name(candidate, workloads, beside)] = entry
    entries = {"schema": SCHEMA, "databases": servers.databases, "proxies": servers.proxies, "workloads": workloads}
    awaited = {_resource(candidate.target): candidate.awaited for candidate in found if candidate.awaited}
    return Discovery(entries=entries, strays=servers.strays, awaited=awaited)


def _entries(
    candidate: Candidate,
    servers: Servers,
    ways: Collection[Endpoint],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """A workload for each database that the candidate connects to, and for each way in which its containers do.

    Each with what tells it apart from the candidate's others.
    """
    parts = parts_of(candidate)
    several = len({part.endpoint.database for part in parts}) > 1
    alike = Counter((part.endpoint.database, part.kind) for part in parts)
    known = Counter((part.endpoint.database, part.kind) for part in parts if not part.guessed)
    at = Counter(part.endpoint for part in parts)
    only_workers = all(part.kind == "celery" for part in parts)
    for part in parts:
        route = _route(part.endpoint, servers, ways)
        at_one = part.endpoint.database, part.kind
        # the only one that is known keeps its name beside those that are guessed
        apart = alike[at_one] > 1 and (part.guessed or known[at_one] > 1)
        beside = [_few(part.containers)] if apart else []
        beside += ["celery"] if part.kind == "celery" and not only_workers else []
        beside += [part.endpoint.database] if several else []
        whole = not (candidate.evident or candidate.left_out) and at[part.endpoint] == 1
        entry = _entry(candidate, part, [] if whole else part.containers, route)
        yield ", ".join(beside), _as_a_guess(entry, servers) if part.guessed else entry


def _few(containers: Sequence[str]) -> str:
    """Their names, as many as a name may consist of."""
    more = len(containers) - MOST_LED
    return _readable(", ".join([*containers[:MOST_LED], *([f"{more} more"] if more > 0 else [])]), LONGEST_BESIDE)


def _route(endpoint: Endpoint, servers: Servers, ways: Collection[Endpoint]) -> Endpoint:
    """Whoever has only a secret goes through the proxy if no security group lets it past."""
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
        "evidence": _evidence(part, candidate.left_out),
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
    if "database" not in entry:
        return dict(entry)  # security groups let it through to the proxy alone
    proxies = servers.proxies_of(entry["database"])
    # counted beside the proxy's own connections, which is never too few
    doubt = f" (it may go through {' or '.join(proxies)}, and counts as direct)" if proxies else ""
    sources = {**entry["sources"], "database": Source.ASSUMED.value}
    return {**entry, "evidence": _readable(f"{entry['evidence']}{doubt}"), "sources": sources}


def _evidence(part: Part, left_out: Mapping[str, str]) -> str:
    """What leads the containers to their database, in words that a document takes: templates hold any letters."""
    # of those that never run at once the first may not be counted
    led = list(dict.fromkeys(part.led))
    more = f" and what leads {len(led) - MOST_LED} more of its containers" if len(led) > MOST_LED else ""
    pools = f"; its pools add up: {', '.join(part.pools)}" if part.pools else ""
    by_reason: dict[str, list[str]] = {}
    for name, reason in left_out.items():
        by_reason.setdefault(reason, []).append(name)
    out = [f"left out {', '.join(names)}: {reason}" for reason, names in by_reason.items()]
    return _readable("; ".join([f"{', '.join(led[:MOST_LED])}{more}{pools}", *part.besides, *out]))


def _readable(words: str, longest: int = LONGEST_EVIDENCE) -> str:
    """Words that a document takes, and that are not too many."""
    if not words.isprintable():
        words = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in words)
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


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
