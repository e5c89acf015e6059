"""The task definitions that a service may run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.app import App
from constructs_lib.template.intrinsics import described, mapping
from constructs_lib.template.links import Links, Target
from constructs_lib.template.members import TASK_DEFINITION
from constructs_lib.template.template import Template
from constructs_lib.template.unresolved import DEEPEST


@dataclass(frozen=True, slots=True)
class UsedTasks:
    """One task definition as a rule; several where a condition chooses, and a reason where not all are known."""

    definitions: tuple[Target, ...] = ()
    doubt: Unknown | None = None

    @property
    def properties(self) -> list[Mapping[str, Any]]:
        """What each of them says."""
        return [target.properties for target in self.definitions]


def used_tasks(
    links: Links, template: Template, written: object, families: Mapping[str, Sequence[Target]] | None = None
) -> UsedTasks:
    """What the `TaskDefinition` of a service may denote: by reference, or by the family of one that is here."""
    found: dict[tuple[int, str], Target] = {}
    doubt = None
    for choice in _choices(written):
        named = (families or {}).get(choice, ()) if isinstance(choice, str) else ()
        target = named[0] if len(named) == 1 else links.target(template, choice)
        if not isinstance(target, Unknown) and target.template.kind(target.logical_id) == TASK_DEFINITION:
            found[target.key] = target
        elif doubt is None:
            reason = target.reason if isinstance(target, Unknown) else f"it is {described(choice)}, which is none"
            doubt = Unknown(f"the task definition cannot be told: {reason}")
    return UsedTasks(tuple(found.values()), doubt)


def used_by_service(app: App, service: Target, families: Mapping[str, Sequence[Target]] | None = None) -> UsedTasks:
    """What a service may run: its own, and under an external deployment controller what its task sets run."""
    sets = app.task_sets.get(service.key, ())
    own = [] if sets and service.properties.get("TaskDefinition") is None else [service]
    parts = [
        used_tasks(app.links, item.template, item.properties.get("TaskDefinition"), families) for item in (*own, *sets)
    ]
    found = {definition.key: definition for part in parts for definition in part.definitions}
    return UsedTasks(tuple(found.values()), next((part.doubt for part in parts if part.doubt is not None), None))


def families(definitions: Iterable[Target]) -> dict[str, list[Target]]:
    """Task definitions by the family that is written out."""
    found: dict[str, list[Target]] = {}
    for target in definitions:
        family = target.properties.get("Family")
        if isinstance(family, str):
            found.setdefault(family, []).append(target)
    return found


def _choices(written: object, depth: int = 0) -> Iterator[object]:
    """What a value may be, of both branches of a condition."""
    branches = mapping(written).get("Fn::If")
    if isinstance(branches, list) and len(branches) == 3 and depth < DEEPEST:  # noqa: PLR2004 - condition and branches
        for branch in branches[1:]:
            yield from _choices(branch, depth + 1)
    else:
        yield written
