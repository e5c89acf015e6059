"""Several budgets in one document, as a template's metadata has room for one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import PooledWorkload, Workload

Entry = TypeVar("Entry", Database, Proxy, Workload)


def merged(documents: Sequence[Document]) -> Document:
    """One document with the entries of all; an entry whose name is taken gets the name of its budget before its own."""
    result = documents[0]
    for document in documents[1:]:
        databases = _renamed(document.databases, result.databases)
        proxies = _renamed(document.proxies, result.proxies)
        workloads = _renamed(document.workloads, result.workloads)
        result = Document(
            databases=dict(result.databases)
            | {databases[name]: replace(item, name=databases[name]) for name, item in document.databases.items()},
            proxies=dict(result.proxies)
            | {proxies[name]: _proxy(item, proxies[name], databases) for name, item in document.proxies.items()},
            workloads=dict(result.workloads)
            | {
                workloads[name]: _workload(item, workloads[name], databases, proxies)
                for name, item in document.workloads.items()
            },
            deployed=_deployed(result.deployed, document.deployed),
        )
    return result


def origins(documents: Sequence[Document], together: Document) -> dict[tuple[str, str], tuple[int, str]]:
    """Of every entry of what some documents were merged into, by kind and name: the number of the one that it is of,
    and its name there. A merge keeps their order.
    """
    return {
        (kind, name): origin
        for kind in ("databases", "proxies", "workloads")
        for name, origin in zip(
            getattr(together, kind),
            ((number, name) for number, document in enumerate(documents) for name in getattr(document, kind)),
            strict=True,
        )
    }


def without(document: Document, construct_path: str) -> Document:
    """The document without the entries of one budget."""
    return Document(
        databases={name: item for name, item in document.databases.items() if item.construct_path != construct_path},
        proxies={name: item for name, item in document.proxies.items() if item.construct_path != construct_path},
        workloads={name: item for name, item in document.workloads.items() if item.construct_path != construct_path},
        deployed=document.deployed,
    )


def _deployed(first: Document | None, second: Document | None) -> Document | None:
    """What was deployed has the names of a merge already where it is of one file; of two, it is merged, too."""
    if first is None or second is None:
        return first or second
    for kind in ("databases", "proxies", "workloads"):
        one, other = getattr(first, kind), getattr(second, kind)
        if any(one[name] != other[name] for name in one.keys() & other.keys()):
            return merged([first, second])
    return Document(
        databases={**first.databases, **second.databases},
        proxies={**first.proxies, **second.proxies},
        workloads={**first.workloads, **second.workloads},
    )


def _renamed(entries: Mapping[str, Entry], taken: Mapping[str, object]) -> dict[str, str]:
    """A name for each entry that neither the other document nor its own has otherwise."""
    names: dict[str, str] = {}
    for name, entry in entries.items():
        new = name
        while new in taken or (new != name and new in entries) or new in names.values():
            new = f"{_home(entry)}/{new}"
        names[name] = new
    return names


def _home(entry: Database | Proxy | Workload) -> str:
    """What tells an entry from one of the same name: its budget, or the file that defines it."""
    resource = getattr(entry, "resource", None)
    return entry.construct_path or (resource is not None and resource.template) or "other"


def _proxy(proxy: Proxy, name: str, databases: dict[str, str]) -> Proxy:
    return replace(proxy, name=name, database=databases[proxy.database])


def _workload(workload: Workload, name: str, databases: dict[str, str], proxies: dict[str, str]) -> Workload:
    if isinstance(workload, PooledWorkload) and name != workload.name and workload.application_name is None:
        given = {**workload.given, "application_name": Source.DECLARED}
        workload = replace(workload, application_name=workload.name, given=given)
    return replace(
        workload,
        name=name,
        database=workload.database and databases[workload.database],
        proxy=workload.proxy and proxies[workload.proxy],
    )
