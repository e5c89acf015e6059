"""Task definitions: the environment of their containers."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, mapping


def environments(task_definition: Mapping[str, Any]) -> dict[str, dict[str, str | Unknown]]:
    """The variables of every container but log routers; a value that is no plain string is Unknown, as is a secret."""
    containers = {}
    definitions = task_definition.get("ContainerDefinitions")
    for definition in definitions if isinstance(definitions, list) else ():
        container = mapping(definition)
        variables: dict[str, str | Unknown] = {}
        for entry in _entries(container, "Environment"):
            name, value = str(entry.get("Name")), entry.get("Value")
            readable = value if isinstance(value, str) else Unknown(f"its value is {described(value)}")
            variables[name] = Unknown("it is set more than once") if name in variables else readable
        for entry in _entries(container, "Secrets"):
            variables[str(entry.get("Name"))] = Unknown("it is a secret")
        if "FirelensConfiguration" not in container:  # a log router has no use for a database
            containers[str(container.get("Name"))] = variables
    return containers


def _entries(container: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    entries = container.get(key)
    return [mapping(entry) for entry in entries] if isinstance(entries, list) else []
