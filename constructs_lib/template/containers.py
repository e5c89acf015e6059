"""Task definitions: the environment of their containers."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.environment import Environment
from constructs_lib.template.intrinsics import described, in_words, mapping, members
from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.spelling import spelling
from constructs_lib.template.unresolved import REMOVED


def definitions(task_definition: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The containers by name, all but log routers, which have no use for a database."""
    containers: dict[str, Mapping[str, Any]] = {}
    for name, container in named_containers(task_definition):
        if not _routes_logs(container):
            containers[name] = _both(containers[name], container) if name in containers else container
    return containers


def environments(task_definition: Mapping[str, Any]) -> dict[str, Environment]:
    """The variables of every container; a value that is not plain is Unknown, as is a secret."""
    containers: dict[str, Environment] = {}
    for called, container in named_containers(task_definition):
        hidden = Unknown("a file of EnvironmentFiles may set it") if has_files(container) else _hidden(container)
        variables = Environment(others=hidden)
        nameless: list[Unknown] = []
        for entry, doubt in entries(container.get("Environment")):
            name, value = entry.get("Name"), entry.get("Value")
            if not isinstance(name, str):
                nameless.append(Unknown(f"a variable beside it has a name that is {described(name or entry)}"))
                continue
            written = scalar_text(value)
            readable = Unknown(f"its value is {described(value)}") if written is None else written
            readable = doubt or readable
            variables[name] = Unknown("it is set more than once") if name in variables else readable
        for entry, _ in entries(container.get("Secrets")):
            name = entry.get("Name")
            if isinstance(name, str):
                variables[name] = Unknown("it is a secret")
            else:
                nameless.append(Unknown(f"a secret beside it has a name that is {described(name or entry)}"))
        if nameless:  # it may be any of them, and the later one counts
            variables.doubt(nameless[0])
        if not _routes_logs(container):
            containers[called] = either(containers[called], variables) if called in containers else variables
    return containers


def _routes_logs(container: Mapping[str, Any]) -> bool:
    """Whether a container is a log router, and certainly so."""
    router = members(container.get("FirelensConfiguration"), "FirelensConfiguration")
    return not isinstance(router, Unknown) and bool(router)


def has_files(container: Mapping[str, Any]) -> bool:
    """Whether a container takes variables from files, which nobody reads here."""
    return container.get("EnvironmentFiles") not in (None, [], REMOVED)


def unreadable(task_definition: Mapping[str, Any]) -> Unknown | None:
    """Why a task definition may have containers that nobody sees; None where all are there."""
    written = task_definition.get("ContainerDefinitions")
    if written is None:
        return Unknown("ContainerDefinitions is not given")
    return next(filter(None, (_hidden(item) for item, _ in entries(written))), None)


def _hidden(container: Mapping[str, Any]) -> Unknown | None:
    """Why a container's definition is none that can be read; an intrinsic function stands for one or for several."""
    found = members(container, "the definition of a container")
    return found if isinstance(found, Unknown) else None


def named_containers(task_definition: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every container, by the words for its name; of two ways in which one is there, both.

    Names that are computed differently are different ones, also where the same words would be said of them.
    """
    names: dict[object, str] = {}
    alike: dict[str, int] = {}
    for container, _ in entries(task_definition.get("ContainerDefinitions")):
        name = container if _hidden(container) else container.get("Name")
        key = name if isinstance(name, str) else (spelling(name),)
        if key not in names:
            words = in_words(name)
            alike[words] = alike.get(words, 0) + 1
            names[key] = words if alike[words] == 1 else f"{words} ({alike[words]})"
        yield names[key], container


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """A container that is there in two ways: what they do not agree on is a condition's."""
    return {key: one.get(key) if one.get(key) == other.get(key) else {"Fn::If": []} for key in {**one, **other}}


def either(one: Environment, other: Environment) -> Environment:
    """The variables of a container that is there in two ways: known only where both agree."""
    doubt = Unknown("the container is defined in two ways")
    values = {name: one[name] if one.get(name) == other.get(name) else doubt for name in {**one, **other}}
    return Environment(values, one.others or other.others)


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
