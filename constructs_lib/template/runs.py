"""Rules and schedules of EventBridge that run a task definition."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import mapping, number, references
from constructs_lib.template.links import Links
from constructs_lib.template.template import Template

RULE = "AWS::Events::Rule"
SCHEDULE = "AWS::Scheduler::Schedule"


def runs_of(templates: Collection[Template], home: Template, task_definition: str) -> int | Unknown | None:
    """Tasks that all rules and schedules start together, once each; None where none names the task definition."""
    links = Links(templates)
    counts = [
        count
        for template in templates
        for target in _targets(template)
        if (count := _count(target, template, home, task_definition, links)) is not None
    ]
    unknown = next((count for count in counts if isinstance(count, Unknown)), None)
    return unknown or (sum(count for count in counts if isinstance(count, int)) if counts else None)


def task_count(parameters: Mapping[str, Any]) -> int | Unknown:
    """The tasks of one run; 1 where it is not given."""
    value = parameters.get("TaskCount")
    return 1 if value is None else number(value, "TaskCount")


def _targets(template: Template) -> Iterator[Mapping[str, Any]]:
    for _, rule in template.of_type(RULE):
        targets = rule.get("Targets")
        yield from (mapping(target) for target in targets) if isinstance(targets, list) else ()
    for _, schedule in template.of_type(SCHEDULE):
        yield mapping(schedule.get("Target"))


def _count(
    target: Mapping[str, Any], template: Template, home: Template, task_definition: str, links: Links
) -> int | Unknown | None:
    parameters = mapping(target.get("EcsParameters"))
    named = parameters.get("TaskDefinitionArn")
    here = template is home and task_definition in references(named)
    if not here and not any(
        target.template is home and target.logical_id == task_definition for target in links.targets(template, named)
    ):
        return None
    return task_count(parameters)
