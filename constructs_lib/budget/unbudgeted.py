"""What can reach a database and is in no budget of it."""

from collections.abc import Mapping
from dataclasses import replace

from constructs_lib.budget.client import Access
from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.resource import Resource

_Way = tuple[Resource, str, str | None]
"""A client, the path that it takes, and the template of the server: names are told apart within one."""


def unbudgeted(document: Document) -> Mapping[str, Access]:
    """What can reach each database, by its name, without what is a workload, a reservation or a proxy of it.

    A path that several servers share, as the writer and the readers of a cluster do, or all that are in one security
    group, does not say which of them a client means: there it is enough that it is counted at one. So it is for what
    only may have an address that is let in, wherever that is counted.
    """
    counted = counted_at(document)
    known = _counted_ways(document, counted)
    found: dict[tuple[int, str | None], Access] = {}  # what servers share is gone through once
    left: dict[str, Access] = {}
    for name, database in document.databases.items():
        access, template = database.access, _template(database)
        if (id(access), template) not in found:
            found[id(access), template] = replace(
                access,
                clients=tuple(item for item in access.clients if (item.resource, item.path, template) not in known),
                possible=tuple(item for item in access.possible if item.resource not in counted),
            )
        left[name] = found[id(access), template]
    return left


def counted_at(document: Document) -> Mapping[Resource, set[str]]:
    """The databases that each resource is counted at."""
    found: dict[Resource, set[str]] = {}

    def note(resource: Resource | None, database: str) -> None:
        if resource is not None:
            found.setdefault(resource, set()).add(database)

    for workload in document.workloads.values():
        for key in ("resource", "task_definition"):
            note(getattr(workload, key, None), document.database_of(workload))
    for proxy in document.proxies.values():
        note(proxy.resource, proxy.database)
    for name, database in document.databases.items():
        for client in database.uncounted_proxies:  # these have a finding of their own
            note(client.resource, name)
    return found


def _counted_ways(document: Document, counted: Mapping[Resource, set[str]]) -> set[_Way]:
    return {
        (client.resource, client.path, _template(database))
        for name, database in document.databases.items()
        for client in database.access.clients
        if name in counted.get(client.resource, ())
    }


def _template(database: Database) -> str | None:
    return None if database.resource is None else database.resource.template
