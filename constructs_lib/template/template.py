"""One synthesized template, indexed by resource type."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.template.intrinsics import imported, mapping, reference, references
from constructs_lib.template.scalable_target import SCALABLE_TARGET, ScalableTarget

STACK = "AWS::CloudFormation::Stack"
DOCUMENT = "ConnectionBudget"
"""The key of a template's Metadata under which the budget document stands."""


class Template:
    """The resources of a template; anything that is not shaped like one is passed over."""

    def __init__(self, content: object) -> None:
        top = mapping(content)
        self.metadata = mapping(top.get("Metadata"))
        self._parameters = mapping(top.get("Parameters"))
        self._outputs = mapping(top.get("Outputs"))
        self._properties: dict[str, Mapping[str, Any]] = {}
        self._by_type: dict[str, list[str]] = {}
        self._scalable_targets: list[ScalableTarget] | None = None
        for logical_id, value in mapping(top.get("Resources")).items():
            resource = mapping(value)
            kind = resource.get("Type")
            if isinstance(kind, str):
                self._properties[logical_id] = mapping(resource.get("Properties"))
                self._by_type.setdefault(kind, []).append(logical_id)

    @property
    def document(self) -> object:
        """The budget document as it stands in the metadata, unread; None where there is none."""
        return self.metadata.get(DOCUMENT)

    def properties(self, logical_id: str, kind: str | None = None) -> Mapping[str, Any] | None:
        """The properties of a resource; None where there is no such resource, or where it is of another type."""
        if kind is not None and logical_id not in self._by_type.get(kind, ()):
            return None
        return self._properties.get(logical_id)

    def of_type(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every resource of a type, with its properties."""
        for logical_id in self._by_type.get(kind, ()):
            yield logical_id, self._properties[logical_id]

    def passed_in(self, value: object) -> bool:
        """Whether a value comes from another stack: an import, or a parameter that the CDK passes to a nested stack."""
        return imported(value) or reference(value) in self._parameters or _nested_output(value)

    def passes(self, parameter: str) -> Iterator[object]:
        """What the template's nested stacks are given as a parameter."""
        for _, stack in self.of_type(STACK):
            value = mapping(stack.get("Parameters")).get(parameter)
            if value is not None:
                yield value

    @property
    def scalable_targets(self) -> Sequence[ScalableTarget]:
        """What Application Auto Scaling acts on; looked at once, for every service asks."""
        if self._scalable_targets is None:
            self._scalable_targets = [
                ScalableTarget.read(properties, self._parameters) for _, properties in self.of_type(SCALABLE_TARGET)
            ]
        return self._scalable_targets

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The template's own parameters."""
        return self._parameters

    def exports(self, name: str, logical_id: str) -> bool:
        """Whether an output of this name, or exported under it, speaks of a resource."""
        for key, value in self._outputs.items():
            output = mapping(value)
            names = [key, mapping(output.get("Export")).get("Name")]  # a name may be computed: no set of them
            if name in names and logical_id in references(output.get("Value")):
                return True
        return False


def _nested_output(value: object) -> bool:
    attribute = mapping(value).get("Fn::GetAtt")
    return isinstance(attribute, list) and str(attribute[-1:]).startswith("['Outputs.")
