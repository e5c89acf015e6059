"""Task definitions: the environment of their containers."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, mapping
from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.unresolved import REMOVED


def definitions(task_definition: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The containers by name, all but log routers, which have no use for a database."""
    containers = [container for container, _ in entries(task_definition.get("ContainerDefinitions"))]
    return {str(item.get("Name")): item for item in containers if "FirelensConfiguration" not in item}


def environments(task_definition: Mapping[str, Any]) -> dict[str, dict[str, str | Unknown]]:
    """The variables of every container but log routers; a value that is not plain is Unknown, as is a secret."""
    containers: dict[str, dict[str, str | Unknown]] = {}
    for container, _ in entries(task_definition.get("ContainerDefinitions")):
        variables: dict[str, str | Unknown] = {}
        for entry, doubt in entries(container.get("Environment")):
            name, value = str(entry.get("Name")), entry.get("Value")
            written = scalar_text(value)
            readable = Unknown(f"its value is {described(value)}") if written is None else written
            readable = doubt or readable
            variables[name] = Unknown("it is set more than once") if name in variables else readable
        for entry, _ in entries(container.get("Secrets")):
            variables[str(entry.get("Name"))] = Unknown("it is a secret")
        if "FirelensConfiguration" not in container:  # a log router has no use for a database
            name = str(container.get("Name"))
            containers[name] = _either(containers[name], variables) if name in containers else variables
    return containers


def _either(one: Mapping[str, str | Unknown], other: Mapping[str, str | Unknown]) -> dict[str, str | Unknown]:
    """The variables of a container that is there in two ways: known only where both agree."""
    doubt = Unknown("the container is defined in two ways")
    return {name: one[name] if one.get(name) == other.get(name) else doubt for name in {**one, **other}}


def entries(value: object) -> Iterator[tuple[Mapping[str, Any], Unknown | None]]:
    """The objects of a list, each with the reason why it may not be there: those of both branches of a condition."""
    for item in value if isinstance(value, list) else (value,):
        entry = mapping(item)
        branches = entry.get("Fn::If")
        if isinstance(branches, list):
            doubt = Unknown(f"it is set where a condition holds: {described(item)}")
            for branch in branches[1:]:
                if mapping(branch) != REMOVED:
                    yield from ((inner, doubt) for inner, _ in entries(branch))
        elif isinstance(value, list) or entry:
            yield entry, None
