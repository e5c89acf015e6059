"""One template, indexed by resource type; what it computes is resolved where it is looked at."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import OUTPUTS, described, imported, mapping, mentions, reference
from constructs_lib.template.resolver import LOOP, MACRO, Resolver

STACK = "AWS::CloudFormation::Stack"
STACKS = {STACK: "TemplateURL", "AWS::Serverless::Application": "Location"}
"""The types of nested stacks, with the property that says where their template is."""
DOCUMENT = "ConnectionBudget"
"""The key of a template's Metadata under which the budget document stands."""
_PLAIN_TRANSFORMS = {
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::Serverless-2016-10-31",
}
"""Transforms that add no clients other than those that a reader of the template sees coming."""
_MODULE = "::MODULE"
"""How the types of CloudFormation's modules end."""
_SECTIONS = ("Conditions", "Mappings", "Parameters")
_MADE_LATER = (MACRO, LOOP)


class Template:
    """The resources of a template; anything that is not shaped like one is passed over.

    A resource whose condition is false is not there; one whose condition cannot be evaluated is. Neither is anything of
    a nested stack that is not.
    """

    def __init__(
        self, content: object, *, name: str = "", given: Mapping[str, object] | None = None, defaults: bool = False
    ) -> None:
        """Index a template.

        Args:
            content: what JSON or YAML made of it.
            name: its file, as messages say it.
            given: values of parameters, and of pseudo parameters such as `AWS::Region`.
            defaults: whether a parameter that nothing is given for may be taken at its default.

        """
        top = mapping(content)
        self.content = top
        self.name = name
        self.metadata = mapping(top.get("Metadata"))
        self.resolver = Resolver(top, given or {}, defaults=defaults)
        self.parent: tuple[Template, str] | None = None
        """The template whose nested stack this is, and the logical id that the stack has there."""
        self.children: dict[str, Template] = {}
        """The templates of nested stacks, by the logical id that the stack has here."""
        self.also_elsewhere: frozenset[str] = frozenset()
        """Readable names that resources of other templates of the app have as well."""
        self.readable: dict[str, str] = {}
        """What people call the resources that were asked for, by logical id."""
        self._parameters = mapping(top.get("Parameters"))
        self._is_there: bool | None = None
        self._outputs: dict[str, Mapping[str, Any]] | None = None
        self._resources: dict[str, Mapping[str, Any]] = {}
        self._by_type: dict[str, list[str]] = {}
        self._properties: dict[str, Mapping[str, Any] | None] = {}
        self._made_later: list[str] = []
        """What a macro is called in or a loop stands for, by key."""
        self._made_inside: dict[str, str] = {}
        """The macro or loop that was come across in what was read so far, by the key of what it is in."""
        resources, by_type = self._resources, self._by_type
        for logical_id, value in mapping(top.get("Resources")).items():
            resource = value if value.__class__ is dict else mapping(value)
            kind, properties = resource.get("Type"), resource.get("Properties")
            if "::" in logical_id or MACRO in resource or (properties.__class__ is dict and MACRO in properties):
                self._made_later.append(logical_id)
            if kind.__class__ is str:
                if kind in by_type:
                    by_type[kind].append(logical_id)
                elif kind.isprintable():
                    by_type[kind] = [logical_id]
                else:
                    continue
                resources[logical_id] = resource

    @property
    def document(self) -> object:
        """The budget document as it stands in the metadata, unread; None where there is none."""
        return self.metadata.get(DOCUMENT)

    @property
    def kinds(self) -> Mapping[str, Sequence[str]]:
        """The logical ids of every type of resource, also of those that a condition removes."""
        return self._by_type

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The template's own parameters, as they are declared."""
        return self._parameters

    @property
    def assumed_parameters(self) -> frozenset[str]:
        """The parameters whose default stands in something that was looked at so far."""
        return frozenset(self.resolver.assumed)

    def kind(self, logical_id: str) -> str | None:
        """The type of a resource; None where there is no such resource."""
        resource = self._resources.get(logical_id)
        return None if resource is None else resource["Type"]

    def resource(self, logical_id: str) -> Mapping[str, Any]:
        """A resource as it is written, with its Metadata and so on; empty where there is no such resource."""
        return self._resources.get(logical_id, {})

    def properties(self, logical_id: str, kind: str | None = None) -> Mapping[str, Any] | None:
        """The properties of a resource; None where there is no such resource, or where it is of another type."""
        if kind is not None and self.kind(logical_id) != kind:
            return None
        if logical_id not in self._properties:
            self._properties[logical_id] = self._read(logical_id)
        return self._properties[logical_id]

    def of_type(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every resource of a type, with its properties."""
        for logical_id in self._by_type.get(kind, ()):
            properties = self.properties(logical_id)
            if properties is not None:
                yield logical_id, properties

    @property
    def is_there(self) -> bool:
        """Whether its stack is deployed, as far as that can be told: it is none, and in none, whose condition is false.

        The answer is kept: ask once the app's templates are linked.
        """
        if self._is_there is None:
            self._is_there, at = True, self.parent
            while at is not None and self._is_there:
                parent, logical_id = at
                self._is_there, at = parent._stands(parent.resource(logical_id)), parent.parent  # noqa: SLF001
        return self._is_there

    def doubt(self, logical_id: str) -> Unknown | None:
        """Why it cannot be told whether a resource will be there; None where it will."""
        condition = self.resource(logical_id).get("Condition")
        verdict = self.resolver.condition(condition) if isinstance(condition, str) else True
        return verdict if isinstance(verdict, Unknown) else None

    def passed_in(self, value: object) -> bool:
        """Whether a value comes from another stack: an import, or a parameter that the CDK passes to a nested stack."""
        return (
            imported(value)
            or reference(value) in self._parameters
            or any(attribute.startswith(OUTPUTS) for _, attribute in mentions(value) if reference(value))
        )

    def passes(self, parameter: str) -> Iterator[tuple[str, object]]:
        """What the template's nested stacks are given as a parameter, with their logical ids."""
        for logical_id, value in self.stacks():
            passed = mapping(value.get("Parameters")).get(parameter)
            if passed is not None:
                yield logical_id, passed

    def stacks(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The template's nested stacks."""
        for kind in STACKS:
            yield from self.of_type(kind)

    @property
    def serverless_defaults(self) -> Mapping[str, Any]:
        """What SAM's Globals say of every function."""
        return mapping(self._resolved("Globals", mapping(self.content.get("Globals")).get("Function")))

    @property
    def outputs(self) -> Mapping[str, Mapping[str, Any]]:
        """The outputs, as they are written, without those that a condition removes."""
        if self._outputs is None:
            written = mapping(self.content.get("Outputs")) if self.is_there else {}
            found = {key: mapping(value) for key, value in written.items()}
            self._outputs = {key: output for key, output in found.items() if self._stands(output)}
        return self._outputs

    def unread(self) -> Iterator[tuple[str, str]]:
        """What may add or change resources unseen: macros and loops, each by its name and in the words of a finding."""
        if not self.is_there:
            return
        yield from self._macros_and_modules()
        loops = self.content.get("Transform") is not None  # which a transform alone makes work
        resources = mapping(self.content.get("Resources"))
        for key in resources if loops else self._made_later:
            if key.startswith(_MADE_LATER):
                yield key, f"the resources of {described(key)} are made when the stack is deployed"
                continue
            resource = mapping(resources[key])
            inner = mapping(resource.get("Properties"))
            made = MACRO if MACRO in resource or MACRO in inner else None
            if made is None and loops:
                made = next((name for name in (*resource, *inner) if name.startswith(LOOP)), None)
            made = made or self._made_inside.get(key)
            if made is not None:
                yield key, f"{described(made)} can change {described(key)} when the stack is deployed"
        for key, made in self._made_inside.items():
            if not (loops and key in resources) and key not in self._made_later:
                yield key, f"{described(made)} can change {described(key)} when the stack is deployed"

    def _macros_and_modules(self) -> Iterator[tuple[str, str]]:
        """The macros of the template as a whole, and the modules among its resources."""
        if MACRO in self.content:
            yield MACRO, f"{described(MACRO)} can change the whole template when the stack is deployed"
        for section in _SECTIONS:
            if _calls_a_macro(self.content.get(section), 3):
                yield section, f"{described(MACRO)} can change the {section} when the stack is deployed"
        transforms = self.content.get("Transform")
        for transform in transforms if isinstance(transforms, list) else [transforms]:
            if transform is not None and not (isinstance(transform, str) and transform in _PLAIN_TRANSFORMS):
                name = mapping(transform).get("Name", transform)
                called = name if isinstance(name, str) else described(name)
                yield called, f"the macro {described(name)} can change every resource when the stack is deployed"
        for kind in self._by_type:
            if kind.endswith(_MODULE):
                for key in self._by_type[kind]:
                    yield key, f"the module {described(kind)} is replaced by its resources when the stack is deployed"

    def _read(self, logical_id: str) -> Mapping[str, Any] | None:
        resource = self._resources.get(logical_id)
        if resource is None or not self.is_there or not self._stands(resource):
            return None
        return mapping(self._resolved(logical_id, resource.get("Properties")))

    def _resolved(self, key: str, value: object) -> Any:
        """A value that is resolved; what is made later in it is noted by the key of what it belongs to."""
        before = len(self.resolver.made_later)
        found = self.resolver.value(value)
        if len(self.resolver.made_later) > before:
            self._made_inside.setdefault(key, self.resolver.made_later[before])
        return found

    def _stands(self, entry: Mapping[str, Any]) -> bool:
        condition = entry.get("Condition")
        return not isinstance(condition, str) or self.resolver.condition(condition) is not False


def _calls_a_macro(value: object, depth: int) -> bool:
    """Whether a macro is called in an object, or in those in it down to a depth."""
    entry = mapping(value)
    return MACRO in entry or (depth > 1 and any(_calls_a_macro(item, depth - 1) for item in entry.values()))
