"""What scales which ECS service."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, imports, mapping
from constructs_lib.template.links import Key, Links, Target
from constructs_lib.template.members import SERVICE
from constructs_lib.template.scalers import CALLS, Scaler, scalers
from constructs_lib.template.template import Template

_VARIABLE = re.compile(r"\$\{([A-Za-z0-9:]+)\}")


class ScaledServices:
    """What scales the services of an app, by the service that it names: by reference, by its name, or across stacks."""

    def __init__(self, templates: Collection[Template], links: Links) -> None:
        self._found: dict[Key, list[Mapping[str, Any]]] = {}
        self._called: dict[Key, list[Mapping[str, Any]]] = {}
        """What calls of UpdateService set, which leave it open what else scales the service."""
        self._targets: dict[Key, list[Target]] = {}
        """What scales each service, also what a condition removes."""
        self._doubts: dict[Key, Unknown] = {}
        self._names: dict[Key, object] = {}
        """The ServiceName of each service, as far as it is known."""
        self._unassigned: list[Scaler] = []
        """What scales no service that was found."""
        by_name: dict[object, list[Key]] = {}
        for template in templates:
            for logical_id, service in template.of_type(SERVICE):
                name = self._names[id(template), logical_id] = service.get("ServiceName")
                if name is not None:
                    by_name.setdefault(_comparable(template, name), []).append((id(template), logical_id))
        for template in templates:
            for scaler in scalers(template):
                keys = [
                    item.key
                    for item in links.targets(template, scaler.told)
                    if item.template.kind(item.logical_id) == SERVICE
                ] + (by_name.get(_comparable(template, scaler.service), []) if by_name else [])
                for key in dict.fromkeys(keys):
                    self._note(key, scaler)
                # an export that is not in this app is another app's
                if scaler.there and not keys and not any(imports(scaler.service)):
                    self._unassigned.append(scaler)
        computed = [item for item in self._unassigned if not isinstance(item.service, str)]
        self._computed = list({item.what: item for item in computed}.values())
        self._written = "\n".join(item.service for item in self._unassigned if isinstance(item.service, str))

    def _note(self, key: Key, scaler: Scaler) -> None:
        self._targets.setdefault(key, []).append(scaler.resource)
        if scaler.doubt is not None:
            self._doubts[key] = scaler.doubt
        elif scaler.there:
            (self._called if scaler.what in CALLS else self._found).setdefault(key, []).append(scaler.settings)

    def of(self, template: Template, service: str) -> Sequence[Mapping[str, Any]]:
        """The bounds that scalable targets give a service, and whatever else sets how many tasks it runs."""
        key = id(template), service
        return (*self._found.get(key, ()), *self._called.get(key, ()))

    def targets(self, template: Template, service: str) -> Sequence[Target]:
        """What scales a service, also what a condition removes."""
        return self._targets.get((id(template), service), ())

    def doubt(self, template: Template, service: str) -> Unknown | None:
        """Why it cannot be told how far a service is scaled: what names no service that is known may mean this one."""
        key = id(template), service
        if key in self._doubts:
            return self._doubts[key]
        name = self._names.get(key)
        if isinstance(name, str) or (name is None and service not in self._written):
            candidates = self._computed
        else:
            candidates = self._unassigned
        for scaler in candidates:
            open_ = scaler.what in CALLS or key not in self._found
            if open_ and _may_be(scaler.service, name, service):
                return Unknown(
                    f"{scaler.what} {scaler.resource.logical_id} may be that of {service}: it names its service by"
                    f" {described(scaler.service)}"
                )
        return None


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
