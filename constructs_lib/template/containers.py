"""Task definitions: the environment of their containers."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, mapping


def definitions(task_definition: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The containers by name, all but log routers, which have no use for a database."""
    found = task_definition.get("ContainerDefinitions")
    containers = [mapping(definition) for definition in (found if isinstance(found, list) else ())]
    return {str(item.get("Name")): item for item in containers if "FirelensConfiguration" not in item}


def environments(task_definition: Mapping[str, Any]) -> dict[str, dict[str, str | Unknown]]:
    """The variables of every container; a value that is no plain string is Unknown, as is a secret."""
    containers = {}
    for name, container in definitions(task_definition).items():
        variables: dict[str, str | Unknown] = {}
        for entry in _entries(container, "Environment"):
            variable, value = str(entry.get("Name")), entry.get("Value")
            readable = value if isinstance(value, str) else Unknown(f"its value is {described(value)}")
            variables[variable] = Unknown("it is set more than once") if variable in variables else readable
        for entry in _entries(container, "Secrets"):
            variables[str(entry.get("Name"))] = Unknown("it is a secret")
        containers[name] = variables
    return containers


def _entries(container: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    entries = container.get(key)
    return [mapping(entry) for entry in entries] if isinstance(entries, list) else []
