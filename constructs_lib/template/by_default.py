"""The numbers of a document that rest on parameters which nothing was given for: it is read again without them."""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.source import Source
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.difference import PARTS, Difference, Entry, Place, Reading, fields_of
from constructs_lib.template.other_values import other_values
from constructs_lib.template.resolver import shown

MOST_ALONE = 20
"""Parameters that are left out one by one; of more, first all together, and then those halves that change anything."""
MOST_READINGS = 200
"""After which the parameters that were not told apart yet are marked together."""


@dataclass(frozen=True, slots=True)
class ByDefault:
    """What rests on the defaults of which parameters."""

    keys: dict[Place, dict[str, set[str]]] = field(default_factory=dict)
    """By entry, and by its key."""
    absent: dict[Resource, tuple[str, set[str]]] = field(default_factory=dict)
    """What would count with another value of some parameters, as it is called then, with the parameters."""

    def marked(self, document: Document) -> Document:
        """The document with the marks of its entries."""
        parts: dict[str, Any] = {part: {**getattr(document, part)} for part in PARTS}
        for (part, name), keys in self.keys.items():
            parts[part][name] = _marked(parts[part][name], keys)
        return replace(document, **parts)

    def add(self, names: Collection[str], difference: Difference) -> None:
        """Note what is another without the defaults of some parameters."""
        for place, keys in difference.keys.items():
            for key in keys:
                self.keys.setdefault(place, {}).setdefault(key, set()).update(names)
        for resource, called in difference.more.items():
            self.absent.setdefault(resource, (called, set()))[1].update(names)


def by_default(base: Reading, read: Callable[[Assembly], Reading]) -> ByDefault:
    """What in a reading is another where a parameter is unknown that was taken at its default, or has another value.

    `read` reads the same of other templates. Of very many parameters that change something, some may be marked where
    only another of them does.
    """
    found, templates = ByDefault(), base.app.templates
    names = sorted({name for template in base.app.all for name in template.assumed_parameters})
    if not names or not isinstance(templates, Assembly):
        return found
    others = {name: other_values(name, base.app.all) for name in names}
    pending = deque([(name,) for name in names] if len(names) <= MOST_ALONE else [tuple(names)])
    readings = 0
    while pending:
        group = pending.popleft()
        differences = [Difference(base, read(other)) for other in _otherwise(templates, group, others)]
        readings += len(differences)
        if len(group) > 1 and readings < MOST_READINGS and any(item.keys or item.more for item in differences):
            pending += (group[: len(group) // 2], group[len(group) // 2 :])
            continue
        for difference in differences:
            found.add([shown(name) for name in group], difference)
    return found


def _otherwise(templates: Assembly, names: Sequence[str], others: Mapping[str, Sequence[str]]) -> Iterator[Assembly]:
    """The templates without some defaults, and with other values instead of them."""
    yield templates.otherwise(unknown=names)
    for turn in range(max(len(others[name]) for name in names)):
        yield templates.otherwise({name: others[name][turn] for name in names if turn < len(others[name])})


def _marked(item: Entry, keys: Mapping[str, Collection[str]]) -> Entry:
    defaults = {key: tuple(sorted(keys[key])) for key in fields_of(item) if key in keys}
    return replace(item, defaults=defaults, given={**item.given, "defaults": Source.READ})
