"""Where a person says that a service, task or function connects, of which the templates say nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from constructs_lib.budget.workloads import Reservation
from constructs_lib.template.candidates import Candidate
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.leads import lead_as_said
from constructs_lib.template.names import readable_name
from constructs_lib.template.servers import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidRoute:
    """The database, or proxy, that an entry of a person's document names for a resource."""

    name: str
    """The resource's logical id, or what reports call it."""
    template: str | None
    endpoint: Endpoint


def said_routes(content: object) -> Iterator[SaidRoute]:
    """The routes of a document as JSON; what is malformed says nothing here, and is refused where it is read."""
    document = mapping(content)
    for name, value in mapping(document.get("workloads")).items():
        entry = mapping(value)
        resource, proxy = mapping(entry.get("resource")), entry.get("proxy")
        front = mapping(document.get("proxies")).get(proxy) if isinstance(proxy, str) else None
        database = entry.get("database", mapping(front).get("database"))
        called, template = resource.get("logical_id", name), resource.get("template")
        if entry.get("kind") == Reservation.kind or not isinstance(called, str) or not isinstance(database, str):
            continue
        route = Endpoint(database, proxy if isinstance(proxy, str) else None)
        yield SaidRoute(name=called, template=template if isinstance(template, str) else None, endpoint=route)


def follow(routes: Iterable[SaidRoute], candidates: Iterable[Candidate]) -> None:
    """Lead each candidate of which the templates say nothing to where a person says that it connects."""
    said: dict[str, list[SaidRoute]] = {}
    for route in routes:
        said.setdefault(route.name, []).append(route)
    for candidate in candidates if said else ():
        at = candidate.target
        names = dict.fromkeys((at.logical_id, readable_name(at.template, at.logical_id)))
        for route in [route for name in names for route in said.get(name, ()) if not candidate.found]:
            if route.template in (None, at.template.name):
                lead_as_said(candidate, route.endpoint)
