"""References from one stack of an app to another: imports, and the parameters and outputs of nested stacks."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import (
    IMPORTS,
    OUTPUTS,
    attribute,
    described,
    imports,
    last_text,
    mapping,
    mentions,
    reference,
)
from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.template import STACKS, Template
from constructs_lib.template.unresolved import DEEPEST, PLAIN, reason_of

_Step = tuple[tuple[str, int, str], Template, object]
"""Where a value was found, so that nothing is followed twice; its template; the value as it is written."""
_NOT_GIVEN = Unknown("it is not given, which is no reference to a resource")
_SHARED = {"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix"}
"""Pseudo parameters that a nested stack has in common with its parent."""


Key = tuple[int, str]
"""A resource by its template and logical id."""


class Target(NamedTuple):
    """The resource that a reference finally denotes."""

    template: Template
    logical_id: str
    attribute: str
    """What is taken of it, such as `Endpoint.Address`; empty for a `Ref`."""

    @property
    def key(self) -> Key:
        """What tells the resource from every other of the app."""
        return id(self.template), self.logical_id

    @property
    def properties(self) -> Mapping[str, Any]:
        """The properties of the resource."""
        return mapping(self.template.properties(self.logical_id))


class Links:
    """Follows references between the templates of one app."""

    def __init__(self, templates: Collection[Template]) -> None:
        self._templates = templates
        self._exports: dict[str, list[tuple[Template, str]]] | None = None
        self._computed: list[tuple[object, Template, str]] = []
        self._by_key: dict[str, list[tuple[Template, str]]] = {}
        self._literals: dict[tuple[int, str], object] = {}
        self._named: dict[tuple[str, str], dict[str, Target]] = {}

    def targets(self, template: Template, value: object) -> Iterator[Target]:
        """Every resource that a value speaks of, in whichever template it is defined."""
        if isinstance(value, list) and len(value) == 1:
            value = value[0]  # it speaks of the same
        quickly = _quickly(template, value)
        return self._followed(template, value) if quickly is None else iter(quickly)

    def _followed(self, template: Template, value: object) -> Iterator[Target]:
        pending: list[tuple[Template, object]] = [(template, value)]
        seen: set[tuple[str, int, str]] = set()
        found: set[tuple[int, str, str]] = set()
        while pending:
            at, current = pending.pop()
            steps: list[_Step] = []
            for logical_id, taken in mentions(current):
                kind = at.kind(logical_id)
                if kind is None or (kind in STACKS and taken.startswith(OUTPUTS)):
                    steps += self._step(at, logical_id, taken)
                elif at.properties(logical_id) is not None and (id(at), logical_id, taken) not in found:
                    found.add((id(at), logical_id, taken))
                    yield Target(at, logical_id, taken)
            for function, argument in imports(current):
                steps += self._imported(function, argument)
            for place, owner, raw in steps:
                if place not in seen:
                    seen.add(place)
                    pending.append((owner, owner.resolver.value(raw)))

    def target(self, template: Template, value: object) -> Target | Unknown:
        """The one resource that a reference denotes; Unknown, with the reason, for anything else."""
        if value is None:
            return _NOT_GIVEN
        if not _is_reference(value):
            return Unknown(f"it is {described(value)}, which is no reference to a resource")
        found = list(islice(self.targets(template, value), 2))
        if not found:
            return Unknown(f"it is {described(value)}, which is not defined in this app")
        if len({target.key for target in found}) > 1:
            several = " or ".join(target.logical_id for target in found)
            return Unknown(f"it is {described(value)}, which may be {several}")
        return found[0]

    def sources(self, template: Template, value: object) -> Sequence[tuple[Template, object]]:
        """What a value takes from other stacks, one step away: each as it is written there, with its template."""
        steps = [step for at in mentions(value) for step in self._step(template, *at)]
        steps += [step for function, argument in imports(value) for step in self._imported(function, argument)]
        return [(owner, raw) for _, owner, raw in steps]

    def origin(self, template: Template, value: object) -> tuple[Template, object]:
        """What a parent stack passes as the parameter that a value is, in the words of the parent; else the value."""
        for _ in range(DEEPEST):
            name = mapping(value).get("Ref")
            if template.parent is None or not isinstance(name, str) or name not in template.parameters:
                break
            parent, logical_id = template.parent
            raw = _stack_parameters(parent, logical_id).get(name)
            if raw is None:
                break
            template, value = parent, parent.resolver.value(raw)
        return template, value

    def called(self, kind: str, key: str, name: object) -> Target | None:
        """The resource of a type that has a name written out, such as the cluster of a DBClusterIdentifier.

        In whatever case: RDS makes its names lowercase.
        """
        if (kind, key) not in self._named:
            self._named[kind, key] = {
                written.lower(): Target(template, logical_id, "")
                for template in self._templates
                for logical_id, properties in template.of_type(kind)
                if isinstance(written := properties.get(key), str)
            }
        return self._named[kind, key].get(name.lower()) if isinstance(name, str) else None

    def passed_literal(self, template: Template, parameter: str, depth: int) -> object:
        """The plain value that the parent stack gives a parameter; None where it gives none."""
        if template.parent is None or depth > DEEPEST:
            return None
        parent, logical_id = template.parent
        if parameter in _SHARED:
            return parent.resolver.parameter(parameter, depth)
        raw = _stack_parameters(parent, logical_id).get(parameter)
        if raw is None:
            return None
        value = parent.resolver.value(raw, depth)
        if _is_literal(value):
            return value
        return Unknown(f"the parameter {parameter} is {described(value)} of the parent stack")

    def output_literal(self, template: Template, value: Mapping[str, Any], depth: int) -> object:
        """The plain value that an import or the output of a nested stack stands for; None where it is none."""
        ((function, argument),) = value.items()
        if function in IMPORTS:
            steps = list(self._imported(function, argument))
        else:
            stack, taken = reference(value) or "", attribute(argument)
            if template.kind(stack) not in STACKS or stack not in template.children:
                return None
            steps = list(self._nested_output(template, stack, taken.removeprefix(OUTPUTS)))
        if len(steps) != 1:
            return None
        (_, number, key), owner, raw = steps[0]
        if (number, key) not in self._literals:
            self._literals[number, key] = None  # an output that is made of itself has no value
            found = owner.resolver.value(raw, depth)
            self._literals[number, key] = found if _is_literal(found) else None
        return self._literals[number, key]

    def _step(self, at: Template, logical_id: str, taken: str) -> Iterator[_Step]:
        """Where a parameter, or an output of a nested stack, comes from."""
        if at.kind(logical_id) in STACKS and taken.startswith(OUTPUTS):
            yield from self._nested_output(at, logical_id, taken.removeprefix(OUTPUTS))
        elif logical_id in at.parameters:
            yield from self._passed(at, logical_id)

    def _passed(self, template: Template, parameter: str) -> Iterator[_Step]:
        if template.parent is not None:
            parent, logical_id = template.parent
            raw = _stack_parameters(parent, logical_id).get(parameter)
            if raw is not None:
                yield ("passed", id(template), parameter), parent, raw
            return
        for parent in self._templates:
            for logical_id, raw in parent.passes(parameter):
                if logical_id not in parent.children:  # whose template is not known, so it may be this one
                    yield (f"passed {logical_id}", id(parent), parameter), parent, raw

    def _nested_output(self, template: Template, logical_id: str, key: str) -> Iterator[_Step]:
        child = template.children.get(logical_id)
        if child is not None:
            if key in child.outputs:
                yield _output(child, key)
            return
        self._index()
        yield from (_output(owner, name) for owner, name in self._by_key.get(key, ()))

    def _imported(self, function: str, argument: object) -> Iterator[_Step]:
        self._index()
        exports = self._exports or {}
        if function == "Fn::GetStackOutput":
            found = self._by_key.get(str(mapping(argument).get("OutputName")), [])
        elif isinstance(argument, str) and argument in exports:
            found = exports[argument]
        else:
            found = list(self._alike(argument))
        yield from (_output(owner, key) for owner, key in found)

    def _alike(self, name: object) -> Iterator[tuple[Template, str]]:
        """Exports whose name ends as the import's does, where the beginning of either is not known yet."""
        end = last_text(name)
        for export, owner, key in self._computed:
            known = last_text(export)
            if known and end and (end.endswith(known) if isinstance(name, str) else end == known):
                yield owner, key
        if not isinstance(name, str) and end:
            for export, found in (self._exports or {}).items():
                if export.endswith(end):
                    yield from found

    def _index(self) -> None:
        if self._exports is not None:
            return
        self._exports = {}  # before the names are resolved, which may themselves import
        exports: dict[str, list[tuple[Template, str]]] = {}
        for template in self._templates:
            for key, output in template.outputs.items():
                self._by_key.setdefault(key, []).append((template, key))
                name = template.resolver.value(mapping(output.get("Export")).get("Name"))
                if isinstance(name, str):
                    exports.setdefault(name, []).append((template, key))
                elif isinstance(name, Mapping):
                    self._computed.append((name, template, key))
        self._exports = exports


class Neighbours:
    """What the other stacks of the app hold for one template's values."""

    def __init__(self, links: Links, template: Template) -> None:
        self._links = links
        self._template = template

    @property
    def nested(self) -> bool:
        """Whether the template is that of a nested stack."""
        return self._template.parent is not None

    def passed(self, parameter: str, depth: int) -> object:
        """The literal that the parent stack passes; None where there is none."""
        return self._links.passed_literal(self._template, parameter, depth)

    def output(self, value: Mapping[str, Any], depth: int) -> object:
        """The literal that an import or a nested stack's output stands for; None where it is none."""
        return self._links.output_literal(self._template, value, depth)


def _quickly(template: Template, value: object) -> tuple[Target, ...] | None:
    """What a plain value, or a reference to a resource of the same template, denotes; None for anything else."""
    if value.__class__ in PLAIN:
        return ()
    logical_id = reference(value)
    kind = None if logical_id is None else template.kind(logical_id)
    if logical_id is None or kind is None or kind in STACKS:
        return None
    there = template.properties(logical_id) is not None
    return (Target(template, logical_id, attribute(mapping(value).get("Fn::GetAtt"))),) if there else ()


def _output(owner: Template, key: str) -> _Step:
    return ("output", id(owner), key), owner, owner.outputs[key].get("Value")


def _stack_parameters(parent: Template, logical_id: str) -> Mapping[str, Any]:
    """What a nested stack is given, as it is written: resolving all of it at once could go round in circles."""
    return mapping(mapping(parent.resource(logical_id).get("Properties")).get("Parameters"))


def _is_reference(value: object) -> bool:
    found = mapping(value)
    if len(found) != 1:
        return False
    ((function, argument),) = found.items()
    if function == "Fn::Sub":
        return isinstance(argument, str) and argument.startswith("${") and argument.find("}") == len(argument) - 1
    return function in {"Ref", "Fn::GetAtt", *IMPORTS}


def _is_literal(value: object) -> bool:
    if isinstance(value, list):
        return all(scalar_text(item) is not None for item in value)
    return scalar_text(value) is not None and not reason_of(value)
