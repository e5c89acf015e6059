"""Which scalable targets act on which ECS service."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, imports, mapping
from constructs_lib.template.links import Links, Target
from constructs_lib.template.members import SERVICE
from constructs_lib.template.template import Template

SCALABLE_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
_Key = tuple[int, str]
_VARIABLE = re.compile(r"\$\{([A-Za-z0-9:]+)\}")


class ScaledServices:
    """The scalable targets of an app by the service that they name: by reference, by its name, or across stacks."""

    def __init__(self, templates: Collection[Template], links: Links) -> None:
        self._found: dict[_Key, list[Mapping[str, Any]]] = {}
        self._targets: dict[_Key, list[Target]] = {}
        """The targets of each service, also those that a condition removes."""
        self._names: dict[_Key, object] = {}
        """The ServiceName of each service, as far as it is known."""
        self._unassigned: list[tuple[str, object]] = []
        """Targets of no service that was found: their logical id, and what they call the service."""
        by_name: dict[object, list[_Key]] = {}
        for template in templates:
            for logical_id, service in template.of_type(SERVICE):
                name = self._names[id(template), logical_id] = service.get("ServiceName")
                if name is not None:
                    by_name.setdefault(_comparable(template, name), []).append((id(template), logical_id))
        for template in templates:
            for logical_id in template.kinds.get(SCALABLE_TARGET, ()):
                there = template.properties(logical_id)
                target = _named(template, logical_id) if there is None else there
                if not _of_a_service(target):
                    continue
                resource_id = target.get("ResourceId")
                last = last_piece(resource_id)
                keys = [
                    (id(item.template), item.logical_id)
                    for item in links.targets(template, resource_id)
                    if item.template.kind(item.logical_id) == SERVICE
                ] or by_name.get(_comparable(template, last), [])
                for key in dict.fromkeys(keys):
                    self._targets.setdefault(key, []).append(Target(template, logical_id, ""))
                    if there is not None:
                        self._found.setdefault(key, []).append(there)
                # an export that is not in this app is another app's
                if there is not None and not keys and not any(imports(last)):
                    self._unassigned.append((logical_id, last))
        self._computed = [(logical_id, last) for logical_id, last in self._unassigned if not isinstance(last, str)][:1]
        self._written = "\n".join(last for _, last in self._unassigned if isinstance(last, str))

    def of(self, template: Template, service: str) -> Sequence[Mapping[str, Any]]:
        """The properties of the scalable targets of a service."""
        return self._found.get((id(template), service), ())

    def targets(self, template: Template, service: str) -> Sequence[Target]:
        """The scalable targets of a service, also those that a condition removes."""
        return self._targets.get((id(template), service), ())

    def doubt(self, template: Template, service: str) -> Unknown | None:
        """Why it cannot be told how far a service is scaled: a target without a service may be this one's."""
        if (id(template), service) in self._found:
            return None
        name = self._names.get((id(template), service))
        if isinstance(name, str) or (name is None and service not in self._written):
            candidates = self._computed
        else:
            candidates = self._unassigned
        for logical_id, last in candidates:
            if _may_be(last, name, service):
                return Unknown(
                    f"the scalable target {logical_id} may be that of {service}: it names its service by"
                    f" {described(last)}"
                )
        return None


def _named(template: Template, logical_id: str) -> Mapping[str, Any]:
    """What a target that a condition removes would act on."""
    written = mapping(template.resource(logical_id).get("Properties"))
    return {key: template.resolver.value(written.get(key)) for key in ("ServiceNamespace", "ResourceId")}


def last_piece(value: object) -> object:
    """What stands behind the last slash of a ResourceId, a text or a function; the whole value where nobody can say."""
    if isinstance(value, str):
        return value.rpartition("/")[2]
    join = mapping(value).get("Fn::Join")
    if isinstance(join, list) and len(join) == 2 and isinstance(join[1], list) and join[1]:  # noqa: PLR2004 - separator and pieces
        separator, pieces = join
        last = pieces[-1]
        before = f"{pieces[-2] if len(pieces) > 1 and isinstance(pieces[-2], str) else ''}{separator}"
        if isinstance(last, str) and "/" in last:
            return last.rpartition("/")[2]
        return last if before.endswith("/") else value
    text = mapping(value).get("Fn::Sub")
    text = text[0] if isinstance(text, list) and text else text
    if isinstance(text, str):
        tail = text.rpartition("/")[2]
        return tail if "${" not in tail else {"Fn::Sub": tail}
    return value


def _comparable(template: Template, name: object) -> object:
    """A name for comparison: a text is the same everywhere, a function only within its template."""
    if isinstance(name, str):
        return name
    text = mapping(name).get("Fn::Sub")
    variable = _VARIABLE.fullmatch(text) if isinstance(text, str) else None
    return id(template), repr({"Ref": variable[1]} if variable else dict(mapping(name)))


def _may_be(last: object, name: object, service: str) -> bool:
    """Whether what a target calls its service may be this one's name: CloudFormation makes one of the logical id."""
    if not isinstance(last, str):
        return True
    return service in last if name is None else not isinstance(name, str)


def _of_a_service(target: Mapping[str, Any]) -> bool:
    """Whether a scalable target acts on an ECS service, or may do so."""
    namespace, first = target.get("ServiceNamespace"), next(_texts(target.get("ResourceId")), "service/")
    return (not isinstance(namespace, str) or namespace == "ecs") and first.startswith("service")


def _texts(value: object) -> Iterator[str]:
    """How a ResourceId begins, where that is written out."""
    join, text = mapping(value).get("Fn::Join"), mapping(value).get("Fn::Sub", value)
    if isinstance(join, list) and len(join) == 2 and isinstance(join[1], list):  # noqa: PLR2004 - separator and pieces
        text = next(iter(join[1]), None)
    if isinstance(text, list):
        text = next(iter(text), None)
    if isinstance(text, str) and not text.startswith("${"):
        yield text
