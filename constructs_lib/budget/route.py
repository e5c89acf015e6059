"""Where an entry connects to, which a person cannot change against what the templates lead to."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.budget import schema
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.source import Source

ROUTES = {"database": "databases", "proxy": "proxies"}
"""The keys that say where an entry connects to, and the part of a document whose names they hold."""


def check_route(
    discovered: Mapping[str, Any], entry: Mapping[str, Any], place: str, document: Mapping[str, Mapping[str, Any]]
) -> None:
    """Raise DocumentError where an entry was led away from a server that its template names.

    An address is that of one server or proxy; a secret says which server it is, and not through which proxy. What is
    only a guess, or what security groups let in, says neither.
    """
    was, now = _route(discovered), _route(entry)
    if was is None or now is None or was == now or now[1] not in document[ROUTES[now[0]]]:
        return  # what names nothing is refused for that
    source = discovered.get("sources", {}).get(was[0])
    ends = _server(was, document), _server(now, document)
    if source == Source.READ.value:
        allowed, known = _words(was), "whose address it is given" if "kind" in discovered else "which it stands before"
    elif source == Source.DOCUMENTED.value and ends[0] != ends[1] and all(isinstance(end, str) for end in ends):
        allowed, known = f"{schema.shown(ends[0])} or a proxy of it", "whose secret it is given"
    else:
        return
    by = f" ({discovered['evidence']})" if "evidence" in discovered else ""
    change = "change its variables" if "kind" in discovered else "change the proxy's target group"
    raise DocumentError(
        f"{place}.{now[0]}",
        f"must be {allowed}, {known}{by}, got {_words(now)}: {change}, or leave {now[0]} out"
        + _by_resource(was, now, document),
    )


def server_of(entry: Mapping[str, Any], document: Mapping[str, Mapping[str, Any]]) -> object:
    """The name of the database that an entry of a document as JSON ends at; None where it names none that is there."""
    route = _route(entry)
    return None if route is None or route[1] not in document[ROUTES[route[0]]] else _server(route, document)


def _route(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    return next(((key, entry[key]) for key in ROUTES if isinstance(entry.get(key), str)), None)


def _server(route: tuple[str, str], document: Mapping[str, Mapping[str, Any]]) -> object:
    """The name of the database at the end of a route."""
    key, name = route
    return name if key == "database" else document["proxies"][name].get("database")


def _words(route: tuple[str, str]) -> str:
    key, name = route
    return f"the proxy {schema.shown(name)}" if key == "proxy" else schema.shown(name)


def _by_resource(was: tuple[str, str], now: tuple[str, str], document: Mapping[str, Mapping[str, Any]]) -> str:
    """How an entry that the file adds is said to be the one of the template."""
    part = ROUTES[was[0]]
    resource = document[part][was[1]].get("resource")
    if was[0] != now[0] or "resource" in document[part][now[1]] or not isinstance(resource, Mapping):
        return ""
    said = f"{part}: {{{now[1]}: {{resource: {{logical_id: {resource.get('logical_id')}}}}}}}"
    return f"; if {schema.shown(now[1])} is another name of it, say so: {said}"
