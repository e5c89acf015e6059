"""What a scheduled run changes of the task definition that it starts: commands and variables of containers."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.containers import entries
from constructs_lib.template.intrinsics import described, mapping
from constructs_lib.template.links import Links
from constructs_lib.template.runs import scheduled
from constructs_lib.template.shell import COMPUTED
from constructs_lib.template.template import Template
from constructs_lib.template.unresolved import Unresolved
from constructs_lib.template.written import written

Overrides = list[Mapping[str, Any]] | Unknown
"""The `containerOverrides` of one run."""


def overrides_by_task(templates: Collection[Template], links: Links) -> dict[tuple[int, str], list[Overrides]]:
    """What rules and schedules override, by the task definition that they run, as template and logical id."""
    found: dict[tuple[int, str], list[Overrides]] = {}
    for template in templates:
        for _, run in scheduled(template):
            if not isinstance(run, Unknown) and run.overrides is not None:
                overrides = _read(run.overrides)
                for target in links.targets(template, run.task_definition) if overrides else ():
                    found.setdefault(target.key, []).append(overrides)
    return found


def overridden(task_definition: Mapping[str, Any], overrides: Overrides) -> dict[str, Any]:
    """The containers of a run, as the task definition would have them."""
    return {"ContainerDefinitions": list(_containers(task_definition, overrides))}


def _containers(task_definition: Mapping[str, Any], overrides: Overrides) -> Iterator[Mapping[str, Any]]:
    containers = [container for container, _ in entries(task_definition.get("ContainerDefinitions"))]
    names = [name for container in containers if isinstance(name := container.get("Name"), str)]
    for container in containers:
        if (doubt := _doubt(container.get("Name"), names, overrides)) is not None:
            hidden = Unresolved("Ref", "…", doubt.reason)
            yield {**container, "Command": hidden, "Environment": hidden}
            continue
        changed = dict(container)
        for item in overrides if isinstance(overrides, list) else ():
            if item.get("name") == container.get("Name"):
                if item.get("command") is not None:
                    changed["Command"] = item["command"]
                if item.get("environmentFiles"):
                    changed["EnvironmentFiles"] = item["environmentFiles"]
                changed["Environment"] = _environment(changed.get("Environment"), item.get("environment"))
        yield changed


def _doubt(name: object, names: Collection[object], overrides: Overrides) -> Unknown | None:
    """Why it cannot be told what a run overrides of the container of a name, among others; None where it can."""
    if isinstance(overrides, Unknown):
        return overrides
    said = [item.get("name") for item in overrides]
    nobodys = [other for other in said if other not in names]
    if name in said or not (any(COMPUTED in str(other) for other in nobodys) if isinstance(name, str) else nobodys):
        return None
    return Unknown("a schedule overrides a container by its name, which is computed")


def _environment(own: object, added: object) -> list[object]:
    said = [{"Name": entry.get("name"), "Value": _value(entry.get("value"))} for entry, _ in entries(added)]
    names = [entry["Name"] for entry in said if isinstance(entry["Name"], str)]
    kept = own if isinstance(own, list) else [] if own is None else [own]
    return [*(item for item in kept if mapping(item).get("Name") not in names), *said]


def _value(value: object) -> object:
    computed = isinstance(value, str) and COMPUTED in value
    return Unresolved("Ref", "…", "a schedule passes it on, computed") if computed else value


def _read(passed_on: object) -> Overrides:
    """The overrides in what a target passes on, which is a text of JSON."""
    try:
        parsed = json.loads(written(passed_on))
    except (ValueError, RecursionError):
        what = "no JSON" if isinstance(passed_on, str) else described(passed_on)
        return Unknown(f"what a schedule passes on to it is {what}")
    items = mapping(parsed).get("containerOverrides")
    if items is None:
        return []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return Unknown("the containerOverrides that a schedule passes on to it are no list of objects")
    return items
