"""What was found in templates that know nothing of budgets, as a document to which a person may add."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.workloads import PooledWorkload, SizedWorkload, Workload
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.reread import reread


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """A document as JSON, to which a person may add, and how its workloads were found."""

    entries: dict[str, Any]
    notes: tuple[str, ...]

    def without(self, databases: Collection[str]) -> "Discovery":
        """The same without some databases and whatever connects to them alone."""
        kept = {name: item for name, item in self.entries["databases"].items() if name not in databases}
        proxies = {name: item for name, item in self.entries["proxies"].items() if item["database"] in kept}
        workloads = {
            name: item
            for name, item in self.entries["workloads"].items()
            if item.get("database") in kept or item.get("proxy") in proxies
        }
        said = tuple(f"{name}{rest}" for name in (*workloads, *kept) for rest in (" connects to ", ": "))
        return Discovery(
            entries={**self.entries, "databases": kept, "proxies": proxies, "workloads": workloads},
            notes=tuple(note for note in self.notes if note.startswith(said)),
        )

    def document(self, templates: Assembly) -> Document:
        """The document with everything that the templates say."""
        return undeclared(reread(Document.read(self.entries), "", templates))


def undeclared(document: Document) -> Document:
    """The document without the comparison of containers and budget: nobody promised that they agree.

    Only pools that the budget is to choose are compared: what it chooses holds once the containers have it.
    """
    return replace(document, workloads={name: _undeclared(item) for name, item in document.workloads.items()})


def _undeclared(workload: Workload) -> Workload:
    if not isinstance(workload, PooledWorkload):
        return workload
    chosen = isinstance(workload, SizedWorkload) and workload.fixed is None
    return replace(workload, found=workload.found if chosen else None, sizes_only=True, changed=(), unnamed=())
