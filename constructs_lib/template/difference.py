"""What of a document is another, where its templates are read another time."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.budget.database import FIELDS as OF_DATABASES
from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.proxy import FIELDS as OF_PROXIES
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.schema import Field
from constructs_lib.budget.workloads import SizedWorkload, TaskWorkload, Workload
from constructs_lib.limits import Unknown
from constructs_lib.template.app import App

PARTS = ("databases", "proxies", "workloads")
Place = tuple[str, str]
"""A part of the document, and the name of an entry there."""
Json = Mapping[str, Any]
Entry = Database | Proxy | Workload
_SAYING = frozenset(
    (
        "construct_path",
        "defaults",
        "endpoint",
        "evidence",
        "facts",
        "failover",
        "overruled",
        "parameter_group",
        "resource",
        "sources",
        "task_definition",
    )
)
"""Keys that are no numbers, and that no number is made of."""
_KIND = "kind"
"""What an entry is, and whether it is there."""
_PRESENCE = ("tasks", "reserved_concurrency", "pool_size", "instance_class", "max_connections_percent")
"""By which of its keys an entry is spoken of that is not there at all: the first that it may have."""
_OTHERS = "containers"
"""By which key one is spoken of beside which another way of the same resource to connect is there."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What templates say."""

    app: App
    entries: Json
    """What is discovered, as JSON."""
    begun: Document
    """The document that is to be read again: what was discovered first of all, in its order, whatever it is called."""
    document: Document
    """The same, read again."""


class Difference:
    """What of one reading is not so in another of the same document."""

    def __init__(self, base: Reading, other: Reading) -> None:
        self.keys: dict[Place, set[str]] = {}
        """The keys of each entry that has another value, or that is not there."""
        self.more: dict[Resource, str] = {}
        """What is in the other alone and connects to a database, with its name there."""
        self._base, self._other = base, other
        for part in PARTS:
            self._discovered(part)
            self._read_again(part)

    def _discovered(self, part: str) -> None:
        before, after = self._base.entries[part], self._other.entries[part]
        called = dict(zip(before, getattr(self._base.begun, part), strict=False))
        matched: set[int] = set()
        left: list[object] = []
        for name, entry in before.items():
            same = _same(name, entry, before, after)
            matched.update(map(id, same))
            keys = {key for item in same for key in _other_keys(entry, item)} if same else {_KIND}
            self._note(part, called[name], keys)
            left += [entry.get("task_definition")] if not same else []
        for name, entry in after.items():
            if id(entry) not in matched and entry["resource"] not in left:  # what a service ran that is gone
                self._one_more(part, name, Resource(**entry["resource"]))

    def _read_again(self, part: str) -> None:
        before, after = getattr(self._base.document, part), getattr(self._other.document, part)
        for name, item in before.items():
            there = name in after and _is_there(item, self._other.app)
            keys = set(_read_otherwise(item, after[name]) if there else (_KIND,))
            self._note(part, name, keys)
        for name, item in after.items():
            if name not in before and item.resource is not None and _is_there(item, self._base.app):
                self._one_more(part, name, item.resource)

    def _note(self, part: str, name: str, keys: Iterable[str]) -> None:
        item = getattr(self._base.document, part).get(name)
        fields = fields_of(item or getattr(self._base.begun, part)[name])
        noted, keys = {key for key in keys if key in fields and key not in _SAYING}, set(keys)
        if _KIND in keys:
            noted = (noted - {_KIND}).union([key for key in _PRESENCE if key in fields][:1])
        if noted and item is None:  # another counts instead, as the two never run at once
            self._one_more(part, name, getattr(self._base.begun, part)[name].resource)
        elif noted:
            self.keys.setdefault((part, name), set()).update(noted)

    def _one_more(self, part: str, name: str, resource: Resource) -> None:
        """Note what counts beside what the same resource has anyway, or alone."""
        workloads = self._base.document.workloads.items() if part == "workloads" else ()
        beside = [key for key, item in workloads if getattr(item, "resource", None) == resource]
        for key in beside:
            self._note(part, key, {_OTHERS})
        if not beside:
            self.more.setdefault(resource, name)


def fields_of(item: Entry) -> Mapping[str, Field]:
    """The keys that an entry may have, in their order."""
    if isinstance(item, Workload):
        return item.fields
    return OF_PROXIES if isinstance(item, Proxy) else OF_DATABASES


def _same(name: str, entry: Json, before: Json, after: Json) -> Collection[Json]:
    """The entries of the other reading that are the same resource's: of its own name, or those whose name is new."""
    if name in after and after[name]["resource"] == entry["resource"]:
        return [after[name]]
    return [
        item for key, item in after.items() if item["resource"] == entry["resource"] and not _kept(key, before, item)
    ]


def _kept(name: str, before: Json, item: Json) -> bool:
    return name in before and bool(before[name]["resource"] == item["resource"])


def _other_keys(entry: Json, other: Json) -> Iterable[str]:
    return (key for key in entry.keys() | other.keys() if entry.get(key) != other.get(key))


def _read_otherwise(item: Entry, other: Entry) -> Iterator[str]:
    yield from (key for key in fields_of(item) if getattr(item, key, None) != getattr(other, key, None))
    if isinstance(item, SizedWorkload) and isinstance(other, SizedWorkload) and item.at_least != other.at_least:
        yield _OTHERS
    if isinstance(item, TaskWorkload) and isinstance(other, TaskWorkload):
        least = item.least_tasks, other.least_tasks
        if isinstance(least[0], Unknown) is not isinstance(least[1], Unknown):
            yield "tasks"  # which a minimum lifts, and one that is unknown does not


def _is_there(item: Entry, app: App) -> bool:
    resource = getattr(item, "resource", None)
    return resource is None or app.located(resource, "") is not None
