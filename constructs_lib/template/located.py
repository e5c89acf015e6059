"""A document whose resources say which file they are in, so that it can stand beside those of other apps."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

from constructs_lib.budget.client import Access, Client, Renamed
from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.workloads import Workload

T = TypeVar("T", bound=Database | Proxy | Workload)


def located(document: Document, file: Callable[[str | None], str]) -> Document:
    """The document with `file` of each resource's template, which is None for the document's own."""

    def moved(resource: Resource) -> Resource:
        return Resource(logical_id=resource.logical_id, template=file(resource.template))

    renamed = Renamed(moved)

    def client(item: Client) -> Client:
        return replace(item, resource=moved(item.resource))

    def entry(item: T) -> T:
        found = ((field.name, getattr(item, field.name)) for field in fields(item))
        changes: dict[str, Any] = {key: moved(value) for key, value in found if isinstance(value, Resource)}
        for key in ("uncounted", "uncounted_proxies"):
            if clients := getattr(item, key, ()):
                changes[key] = tuple(map(client, clients))
        access = getattr(item, "access", None)
        if unread := getattr(item, "unread", ()):
            changes["unread"] = tuple(replace(part, template=file(part.template)) for part in unread)
        if isinstance(access, Access):
            changes["access"] = renamed.of(access)
        return replace(item, **changes) if changes else item

    return Document(
        databases={name: entry(item) for name, item in document.databases.items()},
        proxies={name: entry(item) for name, item in document.proxies.items()},
        workloads={name: entry(item) for name, item in document.workloads.items()},
        deployed=None if document.deployed is None else located(document.deployed, file),
    )
