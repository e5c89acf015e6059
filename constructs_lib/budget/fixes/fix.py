"""One way out, as data and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.schema import plain
from constructs_lib.limits import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One key of one entry of the document: what it is and what it would become."""

    kind: str
    """`databases`, `proxies` or `workloads`."""
    name: str
    key: str
    before: object
    """None where nothing is said."""
    after: int | str | None
    """None where the key is to be left out."""

    def to_json(self) -> dict[str, Any]:
        """The change in JSON's own types."""
        before = None if self.before is None else plain(self.before)
        return {"kind": self.kind, "name": self.name, "key": self.key, "from": before, "to": self.after}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Changes after which what was found is so no more, and the document that they lead to.

    They are of one entry, or of a proxy and one of its clients.
    """

    changes: tuple[Change, ...]
    document: Document
    share: int
    """How much is changed, in per mille of what there was; fixes are ranked by it."""
    note: str = ""
    """What comes of it, where the changes do not say so themselves."""
    as_planned: bool = False
    """Whether the containers also have to take the budget's values, which they do not have now."""
    fits: bool = True
    """Whether nothing else is wrong with the database's sum then."""

    @property
    def words(self) -> str:
        """The fix as a part of a sentence."""
        alone = "" if self.fits else ALONE
        if not self.changes:
            return f"{self.note}, and {AS_PLANNED}{alone}" if self.note else f"{AS_PLANNED}{alone}"
        planned = ", with the budget's own values in the containers" if self.as_planned else ""
        return f"{_changes(self.changes)}{planned}{self.note}{alone}"

    def to_json(self) -> dict[str, Any]:
        """The fix in JSON's own types."""
        return {
            "words": self.words,
            "changes": [change.to_json() for change in self.changes],
            "budget_values_in_containers": self.as_planned,
            "fits": self.fits,
        }


AS_PLANNED = "let the budget's own values stand in the containers"
ALONE = " (mends this finding alone)"


def _changes(changes: Sequence[Change]) -> str:
    """What is changed, entry by entry."""
    entries = groupby(changes, key=lambda change: (change.kind, change.name))
    return ", with ".join(_of_one(tuple(of_one)) for _, of_one in entries)


def _of_one(changes: Sequence[Change]) -> str:
    first, name = changes[0], changes[0].name
    match first.key:
        case "max_tasks" | "tasks":
            nouns = f"{first.after} {'task' if first.after == 1 else 'tasks'}"
            desired = [f", with a desired count of {item.after}{_instead([item])}" for item in changes[1:]]
            return f"at most {nouns} of {name}{_instead([first])}{''.join(desired)}"
        case "instance_class":
            rest = "".join(f", without its {change.key}" for change in changes[1:])
            return f"{first.after} for {name}{_instead([first])}{rest}"
        case _ if all(change.after is None for change in changes):
            return f"no {' and '.join(change.key for change in changes)} for {name}"
        case _:
            given = " and ".join(f"{change.key}={change.after}" for change in changes)
            return f"{given} for {name}{_instead(changes)}"


def _instead(changes: Sequence[Change]) -> str:
    """What it is now, where that is known."""
    before = [change.before for change in changes]
    known = [str(value) for value in before if value is not None and not isinstance(value, Unknown)]
    return f" instead of {' and '.join(known)}" if len(known) == len(before) else ""
