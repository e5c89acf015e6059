"""The workloads that a candidate amounts to: container by container, those that are alike together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.budget.source import Source
from constructs_lib.budget.split import SQLALCHEMY, PoolSize
from constructs_lib.limits import Unknown
from constructs_lib.template.candidates import Candidate, Lead
from constructs_lib.template.commands import facts_of
from constructs_lib.template.django import GREENLETS
from constructs_lib.template.engines import engines
from constructs_lib.template.images import Image
from constructs_lib.template.pool_settings import settings_of
from constructs_lib.template.pool_variables import pool_names, pool_of
from constructs_lib.template.result_backends import results_in
from constructs_lib.template.servers import Endpoint
from constructs_lib.template.started import Started, one_of
from constructs_lib.template.variable_labels import ANY, Labels, label_of, leads_to_a_database

ONE = PoolSize(1, 0)
_Sized = tuple[dict[str, Any], dict[str, Source]]


@dataclass(slots=True, kw_only=True)
class Part:
    """Containers of one candidate that open the same number of connections at one endpoint."""

    kind: str
    endpoint: Endpoint
    leads: Sequence[Lead]
    sized: _Sized
    """What is said of their pools, by the keys of a document, and where each came from."""
    pools: Sequence[str]
    """The variables that say the size of several pools, which add up."""
    containers: list[str] = field(default_factory=list)
    led: list[str] = field(default_factory=list)
    """What leads each of the containers there, in words."""
    besides: Sequence[str] = ()
    """What else is to be said of their engines and pools: why these are several, and whose size they are taken for."""
    known_by: set[Source] = field(default_factory=set)
    """How it is known that the containers connect there, where something that they are given leads there."""

    @property
    def guessed(self) -> bool:
        """Whether no address, secret or security group leads any of them there."""
        return all(lead.guessed for lead in self.leads)


def parts_of(candidate: Candidate) -> list[Part]:
    """A part for each kind of workload, each endpoint, and each group of containers that are alike."""
    found: dict[tuple[object, ...], Part] = {}
    for container in _in_order(candidate):
        for endpoint, leads in _by_database(candidate.found[container]).items():
            labels = _labels(candidate, container, endpoint)
            for kind in _kinds(candidate, container):
                sized = _sized(candidate, container, kind, endpoint, labels)
                several = engines(candidate, container, leads)
                if several is not None:
                    sized[0]["engines_per_process"], sized[1]["engines_per_process"] = several.number, several.source
                alone = kind == "celery" or _has_its_own_pool(candidate.images.get(container))
                pools = [] if alone else _names(candidate, container, labels)
                assumed = _assumed(sized, one_of(candidate.started.get(container, ())), candidate.images.get(container))
                words = [*([several.words] if several is not None else []), *([assumed] if assumed else [])]
                part = Part(kind=kind, endpoint=endpoint, leads=leads, sized=sized, pools=pools, besides=words)
                alike = (kind, endpoint, _known(sized[0].values()), _runs(candidate, container))
                together = found.setdefault(alike, part)
                together.containers.append(container)
                first, *more = dict.fromkeys(lead.words for lead in leads)  # one variable may have a host and a port
                together.led.append(f"{first} and {len(more)} more" if more else first)
                together.known_by.update(lead.source for lead in leads if lead.source is not None)
    order = list(dict.fromkeys(part.endpoint for part in found.values()))
    kinds = {"celery": 1}
    return sorted(found.values(), key=lambda part: (order.index(part.endpoint), kinds.get(part.kind, 0)))


def _in_order(candidate: Candidate) -> Iterable[str]:
    """The containers, and of those that are alike first the one that is no guess."""

    def guessed(container: str) -> bool:
        return all(lead.guessed for leads in candidate.found[container].values() for lead in leads)

    if not candidate.evident:
        return candidate.found
    return sorted(candidate.found, key=lambda container: (guessed(container), container))


def _by_database(found: Mapping[Endpoint, list[Lead]]) -> dict[Endpoint, list[Lead]]:
    """The endpoint of each database: the connections of one that has both addresses come on top of the proxy's."""
    chosen: dict[str, Endpoint] = {}
    for endpoint in found:
        if chosen.get(endpoint.database, endpoint).proxy is not None or endpoint.database not in chosen:
            chosen[endpoint.database] = endpoint
    return {endpoint: found[endpoint] for endpoint in chosen.values()}


def _kinds(candidate: Candidate, container: str) -> Iterator[str]:
    """What a container of a service runs may be both: a web server, and a Celery worker beside it."""
    started = one_of(candidate.started.get(container, ()))
    worker = candidate.kind == "service" and started.worker
    if not worker or started.program or started.processes is not None:
        yield candidate.kind
    if worker:
        yield "celery"


def _runs(candidate: Candidate, container: str) -> tuple[object, ...]:
    """What tells containers apart by what they start; of what is unknown, none from another."""
    if candidate.doubt is not None or len(candidate.found) == 1:
        return ()
    facts = facts_of(item.workers_alone for item in candidate.started.get(container, ()))
    return _known(
        None if fact is None else fact.value
        for fact in (facts.processes, facts.concurrency, facts.pool, facts.extra_connections)
    )


def _known(values: Any) -> tuple[object, ...]:
    return tuple("?" if isinstance(value, Unknown) else value for value in values)


def _labels(candidate: Candidate, container: str, endpoint: Endpoint) -> Labels:
    """How the variables of a container are labelled, seen from the database of an endpoint."""
    ends = candidate.found[container]
    own = {lead.variable for leads in (ends[endpoint],) for lead in leads if lead.variable is not None}
    if not own:
        return ANY
    others = {
        lead.variable
        for other, leads in ends.items()
        if other.database != endpoint.database
        for lead in leads
        if lead.variable is not None
    }
    names = {name for variables in candidate.environments(container) for name in variables}
    strange = filter(leads_to_a_database, names - own - others)
    return Labels(own=set(map(label_of, own)), others=set(map(label_of, others)), strange=set(map(label_of, strange)))


def _names(candidate: Candidate, container: str, labels: Labels) -> Sequence[str]:
    found = (pool_names(variables, labels) for variables in candidate.environments(container))
    return next(filter(None, found), [])


def _sized(candidate: Candidate, container: str, kind: str, endpoint: Endpoint, labels: Labels) -> _Sized:
    """The pools of a container, as far as they are not left to the budget."""
    environments = list(candidate.environments(container))
    settings = settings_of(environments, labels)
    if kind == "celery":
        unread = Unknown("the worker's command has no --concurrency: Celery takes the host's CPUs")
        values: dict[str, Any] = {"concurrency": unread, **settings}
        sources = {"concurrency": Source.DOCUMENTED, **dict.fromkeys(settings, Source.READ)}
        if (results := results_in(candidate, container, endpoint)) is not None:
            values["result_backend"], sources["result_backend"] = True, results
        return values, sources
    started = one_of(candidate.started.get(container, ()))
    image = candidate.images.get(container)
    if _lone(started):
        sizes, origins = ONE._asdict(), dict.fromkeys(ONE._asdict(), Source.ASSUMED)
    elif image is not None and image.otherwise is not None:
        sizes, origins = image.pool(environments, labels)
    else:  # an environment of a function serves one event at a time
        sizes, origins = pool_of(environments, ONE if kind == "function" else SQLALCHEMY, labels)
        sizes, origins = _crowded(sizes, origins, started)
    values, sources = {}, {}
    if (doubt := candidate.doubt) is not None:
        sizes, origins = dict.fromkeys(sizes, doubt), dict.fromkeys(origins, Source.READ)
        if kind != "function":
            values["processes"], sources["processes"] = doubt, Source.DOCUMENTED
    return {**values, **sizes, **settings}, {**sources, **origins, **dict.fromkeys(settings, Source.READ)}


def _has_its_own_pool(image: Image | None) -> bool:
    return image is not None and bool(image.sizes)


def _assumed(sized: _Sized, started: Started, image: Image | None) -> str:
    """Whose size an assumed pool has, in words; empty where nobody lent it."""
    sizes, origins = sized
    found = sizes.get("pool_size"), sizes.get("max_overflow")
    if image is not None and origins.get("pool_size") is Source.DOCUMENTED:
        return image.words
    if origins.get("pool_size") is not Source.ASSUMED or found in (SQLALCHEMY, ONE) or found[1] is None:
        return ""
    if started.per_thread and found[0] == started.threads:
        return f"Django has a connection for each of its {started.threads} threads"
    return "its pool is taken to be as large as the one that its variables speak of"


def _lone(started: Started) -> bool:
    """Whether nothing runs but a scheduler or a monitor of Celery, which does one thing after the other."""
    return started.beats > 0 and not (started.program or started.worker or started.processes is not None)


def _crowded(
    sizes: dict[str, Any], origins: dict[str, Source], started: Started
) -> tuple[dict[str, Any], dict[str, Source]]:
    """A pool that nobody spoke of is unknown where more threads run than SQLAlchemy's would serve."""
    threads = started.threads
    few = threads is None or (isinstance(threads, int) and threads <= sum(SQLALCHEMY))
    said = any(source is not Source.ASSUMED for source in origins.values())
    if started.per_thread and isinstance(threads, int) and threads < GREENLETS and not said:
        return PoolSize(threads, 0)._asdict(), origins
    if few or said:
        return sizes, origins
    many = threads.reason if isinstance(threads, Unknown) else f"its command has {threads} threads or connections"
    doubt = Unknown(f"{many}, and without a pool, as in Django, each has a connection of its own")
    return dict.fromkeys(sizes, doubt), dict.fromkeys(origins, Source.READ)
