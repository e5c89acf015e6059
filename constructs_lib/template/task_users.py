"""What runs a task definition: services, task sets, rules, schedules, state machines, pipes, functions."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from constructs_lib.limits import Unknown
from constructs_lib.template.functions import FUNCTIONS
from constructs_lib.template.intrinsics import last_text, mapping
from constructs_lib.template.links import Key, Links, Target
from constructs_lib.template.members import RUNS, SERVICE, TASK_DEFINITION, TASK_SET
from constructs_lib.template.passive import passive
from constructs_lib.template.scalers import SERVERLESS_STATE_MACHINE, STATE_MACHINE
from constructs_lib.template.scheduled_tasks import switched_off
from constructs_lib.template.template import Template

USES = {
    SERVICE: ("TaskDefinition",),
    TASK_SET: ("TaskDefinition",),
    **{kind: (key,) for kind, key in RUNS.items()},
    "AWS::Pipes::Pipe": ("Target", "TargetParameters"),
    **dict.fromkeys(FUNCTIONS, ("Environment",)),
    SERVERLESS_STATE_MACHINE: ("Definition", "DefinitionSubstitutions"),
    STATE_MACHINE: ("Definition", "DefinitionString", "DefinitionSubstitutions"),
}
"""The properties of each type of resource in which the task definitions that it runs stand; of any other type, all."""
_DEPLOYS = "AWS::CodeDeploy::"
"""What puts a task definition into a service, which is counted."""
STARTS = {kind for kind in USES if kind not in FUNCTIONS}
"""The types of those that are there to start tasks; any other is only told of them."""
_BOUNDED = {SERVICE, TASK_SET, *RUNS}
"""The types of those that say themselves how many tasks they run: services, and what is on a schedule."""
_NAMES = {
    "TaskDefinition",
    "TaskDefinitionArn",
    "TASK_DEFINITION",
    "TASK_DEFINITION_ARN",
    "TASK_DEFINITION_FAMILY",
}
"""What says a family: properties, and variables of a function."""


class TaskUser(NamedTuple):
    """Something that runs a task definition."""

    resource: Target
    service: Target
    """What its tasks count as: for a task set, the service that it belongs to; otherwise the resource itself."""


class TaskUsers:
    """Everything in an app that runs a task definition of the app: by reference, across stacks, or by its family."""

    def __init__(self, templates: Collection[Template], links: Links) -> None:
        self._users: dict[Key, list[TaskUser]] = {}
        families: dict[object, list[Key]] = {}
        for template in templates:
            for logical_id, task_definition in template.of_type(TASK_DEFINITION):
                if isinstance(family := task_definition.get("Family"), str):
                    families.setdefault(family, []).append((id(template), logical_id))
        defined = any(TASK_DEFINITION in template.kinds for template in templates)
        for template in templates if defined else ():
            for logical_id, kind, properties, used in _told(template):
                keys = [
                    item.key
                    for item in links.targets(template, list(used.values()))
                    if item.template.kind(item.logical_id) == TASK_DEFINITION
                ]
                for name in _names(used):
                    keys += families.get(name, [])
                user = _user(template, logical_id, kind, properties, links) if keys else None
                for key in dict.fromkeys(keys) if user else ():
                    self._users.setdefault(key, []).append(user)  # type: ignore[arg-type] # there is one

    def unbounded(self, task_definition: Target) -> Target | None:
        """What starts tasks of it at any time and in any number, such as a state machine; None where nothing does."""
        for user in self.of(task_definition):
            if user.resource.template.kind(user.resource.logical_id) not in _BOUNDED:
                return user.resource
        return None

    def of(self, task_definition: Target) -> Sequence[TaskUser]:
        """What runs a task definition."""
        return self._users.get(task_definition.key, ())


def _told(template: Template) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    """Whatever may run a task definition, with its type, its properties, and those in which a task definition stands.

    A custom resource, a pipeline or an API that is told of one is there for no other reason than to run it.
    """
    for kind in template.kinds:
        if kind == TASK_DEFINITION or passive(kind) or kind.startswith(_DEPLOYS):
            continue
        keys = USES.get(kind)
        for logical_id, properties in template.of_type(kind):
            if not switched_off(properties):
                used = properties if keys is None else {key: properties.get(key) for key in keys}
                yield logical_id, kind, properties, used


def _user(template: Template, logical_id: str, kind: str, properties: Mapping[str, Any], links: Links) -> TaskUser:
    resource = Target(template, logical_id, "")
    service = links.target(template, properties.get("Service")) if kind == TASK_SET else resource
    return TaskUser(resource, resource if isinstance(service, Unknown) else service._replace(attribute=""))


def _names(value: object, depth: int = 0) -> Iterator[str]:
    """The families that are written out: `api`, `api:3`, or the end of an ARN."""
    if depth > 5:  # noqa: PLR2004 - deeper than EcsParameters of a target
        return
    for key, item in mapping(value).items():
        if key in _NAMES:
            text = last_text(item)
            if isinstance(item, str) or "/" in text:
                yield text.rpartition("/")[2].partition(":")[0]
        elif isinstance(item, dict):
            yield from _names(item, depth + 1)
        elif isinstance(item, list):
            for one in item:
                yield from _names(one, depth + 1)
