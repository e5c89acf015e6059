"""Resolves what a template computes from its own parameters, conditions and mappings."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from constructs_lib.limits import Unknown
from constructs_lib.template.conditions import Verdict, evaluate
from constructs_lib.template.intrinsics import described, mapping
from constructs_lib.template.parameters import parameter_value, scalar_text
from constructs_lib.template.substitution import substitute
from constructs_lib.template.unresolved import DEEPEST, REMOVED, Unresolved, reason_of

LONGEST_TEXT = 20_000
"""Characters of a text that is put together; CloudFormation takes fewer (AWS CloudFormation quotas)."""
_NO_VALUE = "AWS::NoValue"
MACRO, LOOP = "Fn::Transform", "Fn::ForEach"
_KEPT = frozenset(("Image", "LogConfiguration", "PortMappings", MACRO))
"""What stays as it is written: properties that no budget looks at, and that every container has, and macros."""


class Elsewhere(Protocol):
    """What other stacks hold for a template."""

    @property
    def nested(self) -> bool:
        """Whether a parent stack decides over the parameters, so that a default is not an assumption."""

    def passed(self, parameter: str, depth: int) -> object:
        """The literal that the parent stack passes; None where there is none, Unknown where it cannot be known."""

    def output(self, value: Mapping[str, Any], depth: int) -> object:
        """The literal that an import or a nested stack's output stands for; None where it is none."""


class Resolver:
    """One template's values, each as far as it can be known before it is deployed.

    What cannot be known stays the intrinsic function it is, and a reference to a resource stays a reference. A
    condition that cannot be evaluated never picks a branch.
    """

    def __init__(self, content: Mapping[str, Any], given: Mapping[str, object], *, defaults: bool) -> None:
        self.elsewhere: Elsewhere | None = None
        self.made_later: list[str] = []
        """The macros and loops that were come across: what they make, nobody knows."""
        self.assumed: set[str] = set()
        """The parameters whose default stands in a resolved value."""
        self._parameters = mapping(content.get("Parameters"))
        self._conditions = mapping(content.get("Conditions"))
        self._mappings = mapping(content.get("Mappings"))
        self._loops = content.get("Transform") is not None  # which a transform alone makes work
        self._given = given
        self._defaults = defaults
        self._parameter_values: dict[str, str | list[str] | Unknown] = {}
        self._verdicts: dict[str, Verdict] = {}

    def value(self, value: object, depth: int = 0) -> Any:
        """The value with everything in it resolved; the same object where there was nothing to resolve."""
        if value.__class__ is dict:
            return self._object(value, depth)
        if value.__class__ is list:
            return self._list(value, depth)
        return value

    def condition(self, name: str, depth: int = 0) -> Verdict:
        """Whether a condition holds; Unknown, with the reason, where that is decided when the stack is deployed."""
        verdict = self._verdicts.get(name)
        if verdict is None:
            if name not in self._conditions:
                return Unknown(f"the condition {_shown(name)} is not defined")
            self._verdicts[name] = Unknown(f"the condition {_shown(name)} refers to itself")
            verdict = evaluate(self._conditions[name], self.value, self.condition, depth)
            if isinstance(verdict, Unknown) and not verdict.reason.startswith("the condition "):
                verdict = Unknown(f"the condition {_shown(name)} cannot be evaluated: {verdict.reason}")
            self._verdicts[name] = verdict
        return verdict

    def parameter(self, name: str, depth: int = 0) -> str | list[str] | Unknown:
        """The value of a parameter or a pseudo parameter."""
        found = self._parameter_values.get(name)
        if found is None:
            self._parameter_values[name] = Unknown(f"the parameter {_shown(name)} refers to itself")
            found = self._parameter_values[name] = self._find_parameter(name, depth)
        return found

    def _find_parameter(self, name: str, depth: int) -> str | list[str] | Unknown:
        nested = self.elsewhere is not None and self.elsewhere.nested
        given = None if nested else self._given.get(name)
        if self.elsewhere is not None and nested:
            given = self.elsewhere.passed(name, depth + 1)
            if isinstance(given, Unknown):
                return given
        if name not in self._parameters:
            known = scalar_text(given)
            return known if known is not None else Unknown(f"{_shown(name)} is known when the stack is deployed")
        declaration = mapping(self._parameters[name])
        found = parameter_value(_shown(name), declaration, given, defaults=self._defaults or nested)
        if given is None and not nested and not isinstance(found, Unknown):
            self.assumed.add(name)
        return found

    def _object(self, value: dict[str, Any], depth: int) -> Any:
        if depth > DEEPEST:
            return value
        if len(value) == 1:
            ((key, argument),) = value.items()
            function = _FUNCTIONS.get(key)
            if function is not None:
                return function(self, value, argument, depth + 1)
        changed: dict[str, Any] | None = None
        for key, item in value.items():
            if item.__class__ is dict:
                resolved = self._object(item, depth + 1) if key not in _KEPT else self._kept(key, item)
            elif item.__class__ is list:
                resolved = self._list(item, depth + 1) if key not in _KEPT else self._kept(key, item)
                if self._loops and key.startswith(LOOP):
                    self.made_later.append(key)
            else:
                continue
            if resolved is not item:
                changed = dict(value) if changed is None else changed
                if resolved is REMOVED:
                    del changed[key]
                else:
                    changed[key] = resolved
        return value if changed is None else changed

    def _list(self, value: list[Any], depth: int) -> list[Any]:
        if depth > DEEPEST:
            return value
        changed = False
        items = []
        for item in value:
            if item.__class__ is dict:
                resolved = self._object(item, depth + 1)
            else:
                resolved = self._list(item, depth + 1) if item.__class__ is list else item
            if resolved is not item:
                changed = True
            if resolved is not REMOVED:
                items.append(resolved)
        return items if changed else value

    def _kept(self, key: str, item: Any) -> Any:
        if key == MACRO:
            self.made_later.append(key)
        return item

    def _ref(self, value: dict[str, Any], argument: object, depth: int) -> Any:
        if argument == _NO_VALUE:
            return REMOVED
        if not isinstance(argument, str) or not (argument in self._parameters or argument.startswith("AWS::")):
            return value
        found = self.parameter(argument, depth)
        return Unresolved("Ref", argument, found.reason) if isinstance(found, Unknown) else found

    def _if(self, value: dict[str, Any], argument: object, depth: int) -> Any:
        if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):  # noqa: PLR2004 - condition and branches
            return value
        name, positive, negative = argument
        verdict = self.condition(name, depth)
        if not isinstance(verdict, Unknown):
            return self.value(positive if verdict else negative, depth)
        branches = [self.value(positive, depth), self.value(negative, depth)]
        return branches[0] if same(*branches) else Unresolved("Fn::If", [name, *branches], verdict.reason)

    def _join(self, value: dict[str, Any], argument: object, depth: int) -> Any:
        resolved = self.value(argument, depth)
        if not isinstance(resolved, list) or len(resolved) != 2 or not isinstance(resolved[0], str):  # noqa: PLR2004 - separator and parts
            return _kept("Fn::Join", value, argument, resolved)
        separator, parts = resolved
        if isinstance(parts, list):
            texts = [scalar_text(part) for part in parts]
            known = [text for text in texts if text is not None]
            if len(known) == len(texts):
                if sum(map(len, known)) + len(separator) * len(known) > LONGEST_TEXT:
                    return Unresolved("Fn::Join", "…", "it is a text of extreme length")
                return separator.join(known)
        return _kept("Fn::Join", value, argument, resolved)

    def _sub(self, value: dict[str, Any], argument: object, depth: int) -> Any:
        whole = argument if isinstance(argument, list) and argument else [argument]
        text, names = whole[0], mapping(self.value(whole[1], depth) if len(whole) > 1 else None)
        if not isinstance(text, str) or len(text) > LONGEST_TEXT:
            return value
        reasons: list[str] = []

        def known(name: str) -> str | None:
            if name in names:
                found = names[name]
            elif name in self._parameters or name.startswith("AWS::"):
                found = self.parameter(name, depth)
            else:
                return None
            if isinstance(found, (Unknown, Unresolved)):
                reasons.append(found.reason)
            return scalar_text(found)

        result, complete = substitute(text, known, LONGEST_TEXT)
        if complete:
            return result
        left = [result, names] if names else result
        return Unresolved("Fn::Sub", left, reasons[0]) if reasons else {"Fn::Sub": left}

    def _select(self, value: dict[str, Any], argument: object, depth: int) -> Any:
        resolved = self.value(argument, depth)
        if isinstance(resolved, list) and len(resolved) == 2 and isinstance(resolved[1], list):  # noqa: PLR2004 - index and list
            index = scalar_text(resolved[0]) or ""
            if index.isascii() and index.isdigit() and len(index) < 6:  # noqa: PLR2004 - longer than any list
                if int(index) < len(resolved[1]):
                    return resolved[1][int(index)]
                return Unresolved("Fn::Select", resolved, f"its list has no item {index}")
        return _kept("Fn::Select", value, argument, resolved)

    def _split(self, value: dict[str, Any], argument: object, depth: int) -> Any:
        resolved = self.value(argument, depth)
        if isinstance(resolved, list) and len(resolved) == 2 and all(isinstance(item, str) for item in resolved):  # noqa: PLR2004 - separator and text
            separator, text = resolved
            if separator and len(text) <= LONGEST_TEXT:
                return text.split(separator)
        return _kept("Fn::Split", value, argument, resolved)

    def _find_in_map(self, value: dict[str, Any], argument: object, depth: int) -> Any:
        resolved = self.value(argument, depth)
        if not isinstance(resolved, list) or len(resolved) not in {3, 4}:
            return _kept("Fn::FindInMap", value, argument, resolved)
        keys = [scalar_text(key) for key in resolved[:3]]
        found: Any = self._mappings
        for key in keys:
            if key is None:
                return _kept("Fn::FindInMap", value, argument, resolved)
            found = found.get(key) if isinstance(found, Mapping) else None
        if found is None and len(resolved) == 4 and "DefaultValue" in mapping(resolved[3]):  # noqa: PLR2004 - with options
            return resolved[3]["DefaultValue"]
        if found is None:
            place = ".".join(_shown(key or "") for key in keys)
            return Unresolved("Fn::FindInMap", resolved, f"the template's Mappings have no {place}")
        return found

    def _import(self, value: dict[str, Any], argument: object, depth: int) -> Any:
        resolved = self.value(argument, depth)
        if resolved is not argument:
            value = _kept("Fn::ImportValue", value, argument, resolved)
        return self._elsewhere(value, argument, depth)

    def _attribute(self, value: dict[str, Any], argument: object, depth: int) -> Any:
        name = argument[-1] if isinstance(argument, list) and argument else argument
        if isinstance(name, str) and "Outputs." in name:
            return self._elsewhere(value, argument, depth)
        return value

    def _elsewhere(self, value: dict[str, Any], argument: object, depth: int) -> Any:  # noqa: ARG002 - as the others
        found = None if self.elsewhere is None or depth > DEEPEST else self.elsewhere.output(value, depth + 1)
        return value if found is None else found


def same(one: object, other: object, depth: int = 0) -> bool:
    """Whether two resolved values are one and the same, whatever is decided later."""
    if depth > DEEPEST or (one is REMOVED) is not (other is REMOVED):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key], depth + 1) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair, depth + 1) for pair in zip(one, other, strict=True))
    return one.__class__ is other.__class__ and one == other


def _kept(function: str, value: dict[str, Any], argument: object, resolved: object) -> dict[str, Any]:
    """The function as it is, with what could be resolved in it; with the reason where there is one."""
    if resolved is argument and not isinstance(resolved, dict):
        return value
    reason = reason_of(resolved)
    if reason:
        return Unresolved(function, resolved, reason)
    return value if resolved is argument else {function: resolved}


def _shown(name: str) -> str:
    """A name from a template, on one short line that can be printed."""
    return name if name.isprintable() and len(name) <= 80 else described(name)  # noqa: PLR2004 - half a line


_Function = Callable[[Resolver, dict[str, Any], object, int], Any]
_FUNCTIONS: dict[str, _Function] = {
    "Ref": Resolver._ref,  # noqa: SLF001 - the table of this class
    "Fn::If": Resolver._if,  # noqa: SLF001
    "Fn::Join": Resolver._join,  # noqa: SLF001
    "Fn::Sub": Resolver._sub,  # noqa: SLF001
    "Fn::Select": Resolver._select,  # noqa: SLF001
    "Fn::Split": Resolver._split,  # noqa: SLF001
    "Fn::FindInMap": Resolver._find_in_map,  # noqa: SLF001
    "Fn::ImportValue": Resolver._import,  # noqa: SLF001
    "Fn::GetAtt": Resolver._attribute,  # noqa: SLF001
}
