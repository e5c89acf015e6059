"""What is wrong with a budget, or worth knowing about it."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from constructs_lib.budget.fixes import Fix
from constructs_lib.budget.resource import Resource


class Severity(str, Enum):
    """How much a finding matters; only an error keeps a budget from fitting."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Subject(NamedTuple):
    """What a finding is about; a database and a workload may have the same name."""

    kind: str
    """`databases`, `proxies` or `workloads`: the part of the document that it stands in."""
    name: str
    resource: Resource | None = None
    """The resource to look at, where that is not the one of the entry itself."""
    named: tuple[Resource, ...] = ()
    """Others that the message speaks of, where the way out begins at the first of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One statement about one database, proxy or workload, with its arithmetic and a way out."""

    id: str
    """The rule's id: public API, the name by which the finding is acknowledged."""
    severity: Severity
    subject: str
    """The name of the database, proxy or workload in the document."""
    kind: str
    """The part of the document that the subject stands in."""
    message: str
    fix: str
    """The ways out, in words."""
    fixes: tuple[Fix, ...] = ()
    """The ways out that a number could be found for, the smallest change first: all that `fix` names."""
    resource: Resource | None = None
    """The resource to look at; None for the subject's own."""
    named: tuple[Resource, ...] = ()
    """Others that the message speaks of, where the way out begins at the first of them."""
