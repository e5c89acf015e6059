"""Which of a template's parameters, taken at their defaults, a value rests on."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import IMPORTS, OUTPUTS, attribute, described, mapping
from constructs_lib.template.links import Links
from constructs_lib.template.substitution import names
from constructs_lib.template.template import Template
from constructs_lib.template.unresolved import DEEPEST, PLAIN

NONE: frozenset[str] = frozenset()
Written = tuple[Template, object]
"""A value as it is written, with the template that it stands in."""


class ParameterDefaults:
    """Follows values, as they are written, to the parameters that nothing was given for.

    A parameter of a nested stack is followed to what its parent passes; what the parent leaves out is no assumption.
    """

    def __init__(self, links: Links) -> None:
        self._links = links
        self._known: dict[tuple[int, str, str], frozenset[str]] = {}

    def behind(self, written: Iterable[Written]) -> frozenset[str]:
        """The names of the parameters whose defaults any of the values rests on, directly or through a condition."""
        found = NONE
        for template, value in written:
            names = NONE if value.__class__ in PLAIN else self._behind(template, value, 0)
            found = found | names if found and names else found or names
        return found

    def _behind(self, template: Template, value: object, depth: int) -> frozenset[str]:
        if value.__class__ in PLAIN or depth > DEEPEST:
            return NONE
        if isinstance(value, list):
            return NONE.union(*(self._behind(template, item, depth + 1) for item in value))
        entry = mapping(value)
        if len(entry) == 1:
            ((function, argument),) = entry.items()
            if (found := self._of_function(template, function, argument, depth + 1)) is not None:
                return found
        return NONE.union(*(self._behind(template, item, depth + 1) for item in entry.values()))

    def _of_function(self, template: Template, function: str, argument: Any, depth: int) -> frozenset[str] | None:
        """What a function rests on beside its arguments; None where the arguments are all."""
        if function in {"Ref", "Condition"}:
            follow = self._parameter if function == "Ref" else self._condition
            return follow(template, argument, depth) if isinstance(argument, str) else NONE
        if function == "Fn::If" and isinstance(argument, list) and len(argument) == 3:  # noqa: PLR2004 - condition and branches
            return self._choice(template, argument, depth)
        if function == "Fn::Sub":
            return self._substituted(template, argument, depth)
        if function in IMPORTS or (function == "Fn::GetAtt" and attribute(argument).startswith(OUTPUTS)):
            sources = self._links.sources(template, {function: template.resolver.value(argument)})
            found = (self._behind(owner, raw, depth) for owner, raw in sources)
            return self._behind(template, argument, depth).union(*found)
        return NONE if function == "Fn::GetAtt" else None

    def _choice(self, template: Template, argument: list[Any], depth: int) -> frozenset[str]:
        """Of a condition that is decided, the branch that it takes."""
        name, *branches = argument
        if not isinstance(name, str):
            return NONE
        verdict = template.resolver.condition(name)
        chosen = branches if isinstance(verdict, Unknown) else branches[0 if verdict else 1]
        return self._condition(template, name, depth) | self._behind(template, chosen, depth)

    def _substituted(self, template: Template, argument: Any, depth: int) -> frozenset[str]:
        text, own = (*argument, None)[:2] if isinstance(argument, list) and argument else (argument, None)
        found = self._behind(template, own, depth)
        for name in names(text) if isinstance(text, str) else ():
            if name not in mapping(own):
                found |= self._parameter(template, name, depth)
        return found

    def _parameter(self, template: Template, name: str, depth: int) -> frozenset[str]:
        if name in template.resolver.assumed:
            return _alone(name)
        if template.parent is None or name not in template.parameters:
            return NONE
        key = (id(template), "Ref", name)
        if key not in self._known:
            self._follow(key, self._links.sources(template, {"Ref": name}), depth)
        return self._known[key]

    def _condition(self, template: Template, name: str, depth: int) -> frozenset[str]:
        key = (id(template), "Condition", name)
        if key not in self._known:
            self._follow(key, [(template, mapping(template.content.get("Conditions")).get(name))], depth)
        return self._known[key]

    def _follow(self, key: tuple[int, str, str], written: Iterable[Written], depth: int) -> None:
        """Note what is behind a name; one that is made of itself rests on nothing."""
        self._known[key] = NONE
        self._known[key] = NONE.union(*(self._behind(owner, raw, depth + 1) for owner, raw in written))


@lru_cache(1024)
def _alone(name: str) -> frozenset[str]:
    return frozenset((name if name.isprintable() and len(name) <= 80 else described(name),))  # noqa: PLR2004 - half a line
