"""ECS tasks that EventBridge starts: by a rule or by a schedule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, members, number

RULE = "AWS::Events::Rule"
SCHEDULE = "AWS::Scheduler::Schedule"

_COMPUTING = ("InputTransformer", "InputPath")
"""What makes the input of a target from the event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledTask:
    """A task definition that is run at times, or on events, outside of any service."""

    task_definition: object
    """As it is written: a reference as a rule."""
    task_count: int | Unknown
    """How many tasks each run starts; 1 where nothing is said."""
    expression: object
    """The schedule, such as `rate(5 minutes)`; None where events start it, also if a schedule does as well."""
    overrides: object = None
    """What is passed on to it, as it is written, which may change commands and variables; None where nothing is."""


def switched_off(properties: Mapping[str, Any]) -> bool:
    """Whether a rule, a schedule or a pipe is there and starts nothing."""
    return properties.get("State") == "DISABLED" or properties.get("DesiredState") == "STOPPED"


def rule_tasks(properties: Mapping[str, Any]) -> Iterator[ScheduledTask | Unknown]:
    """The tasks that an `AWS::Events::Rule` starts; Unknown for targets that cannot be read."""
    timed = None if properties.get("EventPattern") is not None else properties.get("ScheduleExpression")
    targets = properties.get("Targets")
    if targets is not None and not isinstance(targets, list):
        yield Unknown(f"Targets is {described(targets)}")
    for target in targets if isinstance(targets, list) else ():
        entry = members(target, "a target")
        if isinstance(entry, Unknown):
            yield entry
        elif entry.get("EcsParameters") is not None:
            yield _task(entry, timed)


def schedule_tasks(properties: Mapping[str, Any]) -> Iterator[ScheduledTask | Unknown]:
    """The tasks that an `AWS::Scheduler::Schedule` starts; Unknown for a target that cannot be read."""
    target = members(properties.get("Target"), "Target")
    if isinstance(target, Unknown):
        yield target
    elif target.get("EcsParameters") is not None:
        yield _task(target, properties.get("ScheduleExpression"))


def _task(target: Mapping[str, Any], expression: object) -> ScheduledTask | Unknown:
    ecs = members(target["EcsParameters"], "EcsParameters")
    if isinstance(ecs, Unknown):
        return ecs
    count = ecs.get("TaskCount")
    return ScheduledTask(
        task_definition=ecs.get("TaskDefinitionArn"),
        task_count=1 if count is None else number(count, "TaskCount"),
        expression=expression,
        overrides=next(({key: "…"} for key in _COMPUTING if target.get(key) is not None), target.get("Input")),
    )
