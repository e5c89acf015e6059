"""What a way out is looked for in: one database of a document, and what has to become true of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes.fix import Change, Fix
from constructs_lib.budget.fixes.problem import Problems, problems
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.source import Source
from constructs_lib.budget.tally import Allotment, DatabaseTally, Tally, tally
from constructs_lib.budget.workloads import Workload

Entry = TypeVar("Entry", bound=Database | Proxy | Workload)
Goal = Callable[[Tally], bool]
"""Whether what was found is so no more."""
Values = Mapping[str, Any]
"""Values by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A database that something is wrong with, and the claims on it that a change is tried at."""

    document: Document
    database: str
    goal: Goal
    claims: Sequence[Allotment]
    sums: DatabaseTally
    part: Document
    """The database alone with what connects to it: enough for the sum, and quicker."""
    as_planned: bool
    beside: Problems = field(default_factory=dict)
    """What else is wrong with the database and may stay so, but not grow; nothing where all of it has to be mended."""

    def reached(self, document: Document) -> bool:
        """Whether a document is a way out."""
        sums = tally(document)
        server = sums.databases[self.database]
        return (server.holds or (bool(self.beside) and self.tolerates(problems(server)))) and self.goal(sums)

    def tolerates(self, left: Problems) -> bool:
        """Whether what is left is no more than what is wrong beside that which is to be mended."""
        return all(size <= self.beside.get(problem, 0) for problem, size in left.items())

    def trial(self, entry: Database | Proxy | Workload, values: Values) -> Document:
        """The part with other values of an entry: what `reached` is asked about."""
        return with_entry(self.part, changed(entry, values))

    def fix(
        self,
        entry: Database | Proxy | Workload,
        values: Values,
        *,
        share: int,
        note: str = "",
        now: Values | None = None,
    ) -> Fix:
        """The fix that gives an entry other values; `now` has what is in force where a key does not say it itself."""
        kind = _kind(entry)
        before = {key: getattr(entry, key) for key in values} | dict(now or {})
        changes = tuple(
            Change(kind=kind, name=entry.name, key=key, before=before[key], after=value)
            for key, value in values.items()
        )
        document = with_entry(self.document, changed(entry, values))
        return Fix(changes=changes, document=document, share=share, note=note, as_planned=self.as_planned)


def changed(entry: Entry, values: Values) -> Entry:
    """An entry with other values, which are then the user's word; None leaves a key out."""
    given = {key: source for key, source in entry.given.items() if key not in values}
    given |= {key: Source.DECLARED for key, value in values.items() if value is not None}
    return replace(entry, given=given, **values)


def with_entry(document: Document, entry: Database | Proxy | Workload) -> Document:
    """The document with another entry of a name that it has."""
    kind = _kind(entry)
    entries: dict[str, Any] = {kind: {**getattr(document, kind), entry.name: entry}}
    return replace(document, **entries)


def part_of(document: Document, database: str) -> Document:
    """The document without everything that does not end at a database."""
    return Document(
        databases={database: document.databases[database]},
        proxies={name: proxy for name, proxy in document.proxies.items() if proxy.database == database},
        workloads={
            name: workload
            for name, workload in document.workloads.items()
            if document.database_of(workload) == database
        },
    )


def _kind(entry: Database | Proxy | Workload) -> str:
    if isinstance(entry, Workload):
        return "workloads"
    return "proxies" if isinstance(entry, Proxy) else "databases"
