"""What Application Auto Scaling acts on."""

from collections.abc import Iterable, Mapping, Sequence
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


class Scaling:
    """The scalable targets of one template, by what they scale: every service asks for its own."""

    def __init__(self, targets: Iterable[ScalableTarget]) -> None:
        self.foreign: list[ScalableTarget] = []
        """Those that speak of another stack's resource."""
        self._by_reference: dict[str, list[ScalableTarget]] = {}
        self._by_name: dict[str, list[ScalableTarget]] = {}
        for target in targets:
            for logical_id in target.referred:
                self._by_reference.setdefault(logical_id, []).append(target)
            self._by_name.setdefault(target.last_name, []).append(target)
            if target.foreign:
                self.foreign.append(target)

    def referring_to(self, service: str) -> Sequence[ScalableTarget]:
        """Those that refer to a service of the same template."""
        return self._by_reference.get(service, ())

    def named(self, name: object) -> Sequence[ScalableTarget]:
        """Those that write out a service's name; none where the name is not known."""
        return self._by_name.get(name, ()) if isinstance(name, str) else ()
