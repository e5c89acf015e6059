"""What was found in templates that know nothing of budgets, as a document to which a person may add."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.variables import POOL_CLASS
from constructs_lib.budget.workloads import PooledWorkload, SizedWorkload, Workload
from constructs_lib.limits import Unknown
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.awaited import Awaited, without_awaited
from constructs_lib.template.environment import Variables
from constructs_lib.template.pool_variables import pool_names, pool_signs
from constructs_lib.template.reread import reread


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """A document as JSON, to which a person may add, and what no entry of one can say."""

    entries: dict[str, Any]
    strays: Mapping[str, Resource] = field(default_factory=dict)
    """Proxies whose database is not among those that were found, by name."""
    awaited: Mapping[Resource, Awaited] = field(default_factory=dict)
    """What the containers of a service or a task definition wait for."""

    def without(self, databases: Collection[str], budgeted: Collection[Resource]) -> "Discovery":
        """The same without some databases and whatever connects to them alone, and without proxies of a budget."""
        kept = {name: item for name, item in self.entries["databases"].items() if name not in databases}
        proxies = {name: item for name, item in self.entries["proxies"].items() if item["database"] in kept}
        workloads = {
            name: item
            for name, item in self.entries["workloads"].items()
            if item.get("database") in kept or item.get("proxy") in proxies
        }
        return Discovery(
            entries={**self.entries, "databases": kept, "proxies": proxies, "workloads": workloads},
            strays={name: at for name, at in self.strays.items() if at not in budgeted},
            awaited=self.awaited,
        )

    def document(self, templates: Assembly) -> Document:
        """The document with everything that the templates say."""
        return self.completed(reread(Document.read(self.entries), "", templates))

    def completed(self, document: Document) -> Document:
        """What was made of the entries and read again, with the strays, and nothing that only a construct promises."""
        document = without_awaited(undeclared(document), self.awaited)
        if not self.strays:
            return document
        said = {proxy.resource for proxy in document.proxies.values()}
        left = {name: at for name, at in self.strays.items() if name not in document.proxies and at not in said}

        def with_strays(item: Database) -> Database:
            warned = {client.resource for client in item.access.clients}
            return replace(item, strays={name: at.logical_id for name, at in left.items() if at not in warned})

        return replace(document, databases={name: with_strays(item) for name, item in document.databases.items()})


def undeclared(document: Document) -> Document:
    """The document without the comparison of containers and budget: nobody promised that they agree.

    Only pools that the budget is to choose are compared: what it chooses holds once the containers have it.
    """
    return replace(document, workloads={name: _undeclared(item) for name, item in document.workloads.items()})


def _undeclared(workload: Workload) -> Workload:
    if not isinstance(workload, PooledWorkload):
        return workload
    chosen = isinstance(workload, SizedWorkload) and workload.fixed is None
    found = {name: _alone(item, workload) for name, item in (workload.found or {}).items()} if chosen else None
    return replace(workload, found=found, sizes_only=True, changed=(), unnamed=())


def _alone(variables: Variables, workload: PooledWorkload) -> Variables:
    """A container's variables, whose pool size is unknown where a variable of another name may say one, too."""
    size, overflow = workload.size_variables
    own = {size, overflow, f"{workload.env_prefix}{POOL_CLASS}"}
    others = [name for name in (*pool_names(variables, least=1), *pool_signs(variables).values()) if name not in own]
    if not others:
        return variables
    return {**variables, size: Unknown(f"{others[0]} may be the size of a pool as well, and the budget writes {size}")}
