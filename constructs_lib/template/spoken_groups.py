"""Which security groups a value speaks of: those that are defined in the app, and those that are only named."""

from collections.abc import Iterator, Mapping, Sequence

from constructs_lib.template.egress import Group
from constructs_lib.template.intrinsics import attribute, imported, in_words, mapping, reference, references
from constructs_lib.template.links import Links
from constructs_lib.template.names import readable_name
from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.security_groups import SECURITY_GROUP
from constructs_lib.template.spelling import spelling
from constructs_lib.template.template import Template
from constructs_lib.template.unresolved import DEEPEST, PLAIN, REMOVED

_SOME = "?"
"""The place of an item where it is not known."""
_PLACES = (*map(str, range(16)), _SOME)
"""A network interface can be in 16 groups (Amazon VPC quotas)."""
_GROUPS = {"GroupSet", "Groups"}
"""What the security groups of a network interface are called in instances and launch templates."""


class SpokenGroups:
    """Tells security groups apart, whatever they are called in one template or another."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self.names: dict[Group, str] = {}
        """What people call the groups that were asked for."""
        self._lists: dict[Group, Sequence[Group]] = {}
        """What is only named, and may be several groups, with the items that it may have."""

    def held(self, template: Template, value: object) -> Iterator[Group]:
        """The security groups of what has a value in its network settings.

        What a function stands for may be a list, and then each item is among them: what is let in as the first item of
        a list is whatever has the list as a whole.
        """
        for group in self.groups(template, value):
            yield group
            if group in self._lists:
                yield from self._lists[group]

    def groups(self, template: Template, value: object) -> Iterator[Group]:
        """The security groups that a value speaks of."""
        for item in _each(value):
            found = False
            for target in self._links.targets(template, item):
                if target.template.kind(target.logical_id) == SECURITY_GROUP:
                    found = True
                    group = target.key
                    self.names.setdefault(group, readable_name(target.template, target.logical_id))
                    yield group
            if not found:
                home, written = self._links.origin(template, item)
                yield from (self._named_only(home, part) for part in _each(written))

    def _named_only(self, template: Template, value: object) -> Group:
        """A group that is defined elsewhere: the same one wherever the same expression stands.

        That is anywhere in one template. In all templates a name means the same, an import, and what is made of
        parameters, which are given by their names.
        """
        words = words_for(value)
        if isinstance(value, str):
            group = (0, words)
        elif (item := _item(value)) is not None:
            group = _place(self._named_only(*self._links.origin(template, item[1])), item[0])
        else:
            names = set(references(value))
            given = template.parent is None and names and names <= template.parameters.keys()
            group = (0, spelling(value) if given or imported(value) else f"{id(template)} {spelling(value)}")
            self._list(group, words)
        self.names.setdefault(group, words)
        return group

    def _list(self, group: Group, words: str) -> None:
        if group not in self._lists:
            self._lists[group] = [_place(group, place) for place in _PLACES]
            self.names |= dict.fromkeys(self._lists[group], words)


def _item(value: object) -> tuple[str, object] | None:
    """The place and the list of an item that is taken from a list that is not known; None for anything else."""
    taken = mapping(value).get("Fn::Select")
    if isinstance(taken, list) and len(taken) == 2 and isinstance(taken[1], Mapping):  # noqa: PLR2004 - place and list
        return scalar_text(taken[0]) or _SOME, taken[1]
    return None


def _place(group: Group, place: str) -> Group:
    return group[0], f"{group[1]}[{place}]"


def words_for(value: object) -> str:
    """Such as `10.0.0.0/16`, `the CidrBlock of Vpc`, or the function as it is written, without the reason."""
    logical_id = reference(value)
    taken = mapping(value).get("Fn::GetAtt")
    computed = logical_id is not None and taken is not None
    words = f"the {attribute(taken)} of {logical_id}" if computed else in_words(value)
    return words if words.isprintable() else ascii(words)


def listed(value: object) -> Sequence[object]:
    """The groups within a member's network settings, or the settings as a whole where no key speaks of groups."""
    return list(_spoken_of(value)) or [value]


def _spoken_of(value: object, depth: int = 0) -> Iterator[object]:
    for key, item in mapping(value).items():
        if "securitygroup" in str(key).lower() or key in _GROUPS:
            yield item
        elif item.__class__ not in PLAIN and depth < DEEPEST:
            yield from _spoken_of(item, depth + 1)
    for item in value if isinstance(value, list) and depth < DEEPEST else ():
        yield from _spoken_of(item, depth + 1)


def _each(value: object, depth: int = 0) -> Iterator[object]:
    """The groups of a list, and those of both branches of a condition."""
    branches = mapping(value).get("Fn::If")
    several = value if isinstance(value, list) else branches[1:] if isinstance(branches, list) else None
    if several is not None and depth <= DEEPEST:
        for item in several:
            yield from _each(item, depth + 1)
    elif value is not None and value != REMOVED:
        yield value
