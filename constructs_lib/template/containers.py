"""Task definitions: the environment of their containers."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, mapping
from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.unresolved import REMOVED


def definitions(task_definition: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The containers by name, all but log routers, which have no use for a database."""
    containers: dict[str, Mapping[str, Any]] = {}
    for container, _ in entries(task_definition.get("ContainerDefinitions")):
        name = str(container.get("Name"))
        if "FirelensConfiguration" not in container:
            containers[name] = _both(containers[name], container) if name in containers else container
    return containers


def environments(task_definition: Mapping[str, Any]) -> dict[str, dict[str, str | Unknown]]:
    """The variables of every container; a value that is not plain is Unknown, as is a secret."""
    containers: dict[str, dict[str, str | Unknown]] = {}
    for container, _ in entries(task_definition.get("ContainerDefinitions")):
        variables: dict[str, str | Unknown] = {}
        nameless: Unknown | None = None
        for entry, doubt in entries(container.get("Environment")):
            name, value = entry.get("Name"), entry.get("Value")
            if not isinstance(name, str):
                nameless = Unknown(f"a variable beside it has a name that is {described(name or entry)}")
                continue
            written = scalar_text(value)
            readable = Unknown(f"its value is {described(value)}") if written is None else written
            readable = doubt or readable
            variables[name] = Unknown("it is set more than once") if name in variables else readable
        for entry, _ in entries(container.get("Secrets")):
            variables[str(entry.get("Name"))] = Unknown("it is a secret")
        if nameless is not None:  # it may be any of them, and the later one counts
            variables = dict.fromkeys(variables, nameless)
        if "FirelensConfiguration" not in container:
            name = str(container.get("Name"))
            containers[name] = _either(containers[name], variables) if name in containers else variables
    return containers


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """A container that is there in two ways: what they do not agree on is a condition's."""
    return {key: one[key] if one.get(key) == other.get(key) else {"Fn::If": []} for key in {**one, **other}}


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
        elif entry and entry != REMOVED:
            yield entry, None
