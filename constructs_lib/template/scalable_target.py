"""What Application Auto Scaling acts on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.template.intrinsics import OUTPUTS, imports, last_text, mentions

SCALABLE_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalableTarget:
    """A scalable target, and what its ResourceId says of the service that it scales."""

    properties: Mapping[str, Any]
    referred: frozenset[str]
    """The logical ids that it refers to."""
    last_name: str
    """The service's name, where it is written out."""
    foreign: bool
    """Whether it speaks of another stack's resource."""

    @classmethod
    def read(cls, properties: Mapping[str, Any], parameters: Mapping[str, Any]) -> "ScalableTarget":
        """Read the properties; `parameters` are those of the target's template."""
        resource_id = properties.get("ResourceId")
        mentioned = list(mentions(resource_id))
        referred = frozenset(logical_id for logical_id, _ in mentioned)
        return cls(
            properties=properties,
            referred=referred,
            last_name=last_text(resource_id).rpartition("/")[2],
            foreign=bool(referred & parameters.keys())
            or any(attribute.startswith(OUTPUTS) for _, attribute in mentioned)
            or any(True for _ in imports(resource_id)),
        )
