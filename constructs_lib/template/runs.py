"""How often rules and schedules of EventBridge run a task definition."""

from collections.abc import Collection, Iterator

from constructs_lib.limits import Unknown
from constructs_lib.template.links import Links
from constructs_lib.template.scheduled_tasks import RULE, SCHEDULE, ScheduledTask, rule_tasks, schedule_tasks
from constructs_lib.template.template import Template


def runs_of(
    templates: Collection[Template], links: Links, home: Template, task_definition: str
) -> int | Unknown | None:
    """Tasks that all rules and schedules start together, once each; None where none names the task definition.

    Unknown where a target cannot be read: it may be this task definition's.
    """
    total = None
    for template in templates:
        for run in scheduled(template):
            if isinstance(run, Unknown):
                return run
            reached = links.targets(template, run.task_definition)
            if any(target.template is home and target.logical_id == task_definition for target in reached):
                if isinstance(run.task_count, Unknown):
                    return run.task_count
                total = (total or 0) + run.task_count
    return total


def scheduled(template: Template) -> Iterator[ScheduledTask | Unknown]:
    """Everything that a template's rules and schedules run."""
    for _, rule in template.of_type(RULE):
        yield from rule_tasks(rule)
    for _, schedule in template.of_type(SCHEDULE):
        yield from schedule_tasks(schedule)
