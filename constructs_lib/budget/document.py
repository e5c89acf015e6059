"""The budget document: what is known of the databases and of everything that connects to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from constructs_lib.budget import schema
from constructs_lib.budget.database import Database
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.workloads import KINDS, Workload

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Databases, proxies and workloads by name; every name that one refers to another by exists."""

    databases: Mapping[str, Database]
    proxies: Mapping[str, Proxy] = field(default_factory=dict)
    workloads: Mapping[str, Workload] = field(default_factory=dict)
    deployed: "Document | None" = None
    """The budget in force until this one is deployed; the change from one to the other is checked, too."""

    @classmethod
    def read(cls, value: object) -> "Document":
        """Read a document from JSON's own types. Raises DocumentError, which names the place."""
        entry = schema.mapping(value, "document")
        if type(entry.get("schema")) is not int or entry["schema"] != SCHEMA:  # neither true nor 1.0
            raise DocumentError("schema", f"must be {SCHEMA}, got {schema.shown(entry.get('schema'))}")
        known = {"schema": None, "databases": None, "proxies": None, "workloads": None, "deployed": None}
        for key in entry:
            if key not in known:
                raise schema.unknown_key("document", key, known)
        document = cls(
            databases={name: Database.read(name, item, place) for name, item, place in _entries(entry, "databases")},
            proxies={name: Proxy.read(name, item, place) for name, item, place in _entries(entry, "proxies")},
            workloads={name: _workload(name, item, place) for name, item, place in _entries(entry, "workloads")},
            deployed=_deployed(entry["deployed"]) if "deployed" in entry else None,
        )
        document.check()
        proxies = {
            name: item.before(document.databases[item.database].engine) for name, item in document.proxies.items()
        }
        return replace(document, proxies=proxies)

    def to_json(self) -> dict[str, Any]:
        """The inverse of `read`."""
        return {
            "schema": SCHEMA,
            "databases": {name: database.to_json() for name, database in self.databases.items()},
            "proxies": {name: proxy.to_json() for name, proxy in self.proxies.items()},
            "workloads": {name: workload.to_json() for name, workload in self.workloads.items()},
            **({} if self.deployed is None else {"deployed": self.deployed.to_json()}),
        }

    def database_of(self, workload: Workload) -> str:
        """The name of the database that a workload ends at, through its proxy where it has one."""
        return self.proxies[workload.proxy].database if workload.proxy is not None else workload.database or ""

    def check(self) -> None:
        """Raise DocumentError where a name is referred to that is not there."""
        if not self.databases:
            raise DocumentError("databases", "must have at least one entry")
        for name, proxy in self.proxies.items():
            _must_exist(proxy.database, self.databases, f"proxies.{name}.database", "databases")
        for name, workload in self.workloads.items():
            if workload.proxy is not None:
                _must_exist(workload.proxy, self.proxies, f"workloads.{name}.proxy", "proxies")
            elif workload.database is not None:
                _must_exist(workload.database, self.databases, f"workloads.{name}.database", "databases")


def _entries(entry: Mapping[str, object], key: str) -> list[tuple[str, object, str]]:
    return [
        (schema.text(name, f"{key}: the name"), item, f"{key}.{name}")
        for name, item in schema.mapping(entry.get(key, {}), key).items()
    ]


def _deployed(value: object) -> Document:
    """A document inside another; what was deployed before it is of no interest any more."""
    entry = {key: item for key, item in schema.mapping(value, "deployed").items() if key != "deployed"}
    try:
        return Document.read(entry)
    except DocumentError as error:
        raise DocumentError(f"deployed.{error.place}", error.problem) from None


def _workload(name: str, value: object, place: str) -> Workload:
    kind = schema.mapping(value, place).get("kind", "service")
    if not isinstance(kind, str) or kind not in KINDS:
        raise DocumentError(
            f"{place}.kind", f"must be one of {', '.join(KINDS)}, got {schema.shown(kind)}{schema.nearest(kind, KINDS)}"
        )
    return KINDS[kind].read(name, value, place)


def _must_exist(name: str, known: Mapping[str, object], place: str, where: str) -> None:
    if name not in known:
        raise DocumentError(
            place, f"names {schema.shown(name)}, which is not among the {where}{schema.nearest(name, known)}"
        )
