"""What can reach a database and is in no budget."""

from collections.abc import Mapping
from dataclasses import replace

from constructs_lib.budget.client import Access
from constructs_lib.budget.document import Document
from constructs_lib.budget.resource import Resource


def unbudgeted(document: Document) -> Mapping[str, Access]:
    """What can reach each database, by its name, without what is a workload, a reservation or a proxy."""
    known = budgeted(document)
    found: dict[int, Access] = {}  # what servers share is gone through once
    for database in document.databases.values():
        if id(database.access) not in found:
            found[id(database.access)] = _without(database.access, known)
    return {name: found[id(database.access)] for name, database in document.databases.items()}


def _without(access: Access, known: set[Resource]) -> Access:
    clients = tuple(client for client in access.clients if client.resource not in known)
    possible = tuple(client for client in access.possible if client.resource not in known)
    return replace(access, clients=clients, possible=possible)


def budgeted(document: Document) -> set[Resource]:
    """What is a workload, a reservation or a proxy of a document, or has a finding of its own as one."""
    entries = (*document.workloads.values(), *document.proxies.values())
    resources = [getattr(entry, key, None) for entry in entries for key in ("resource", "task_definition")]
    proxies = {proxy.resource for item in document.databases.values() for proxy in item.uncounted_proxies}
    return {resource for resource in resources if resource is not None} | proxies  # these have a finding of their own
