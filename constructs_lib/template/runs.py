"""How often rules and schedules of EventBridge run a task definition."""

from collections.abc import Collection, Iterator

from constructs_lib.limits import Unknown
from constructs_lib.template.links import Links, Target
from constructs_lib.template.scheduled_tasks import RULE, SCHEDULE, ScheduledTask, rule_tasks, schedule_tasks
from constructs_lib.template.template import Template


class Runs:
    """What the rules and schedules of an app start, each read once."""

    def __init__(self, templates: Collection[Template], links: Links) -> None:
        self._unread: Unknown | None = None
        self._counts: dict[tuple[int, str], int | Unknown] = {}
        for template in templates:
            for run in scheduled(template):
                if isinstance(run, Unknown):
                    self._unread = self._unread or run
                    continue
                reached = links.targets(template, run.task_definition)
                for key in {(id(target.template), target.logical_id) for target in reached}:
                    before = self._counts.get(key, 0)
                    unknown = next((item for item in (before, run.task_count) if isinstance(item, Unknown)), None)
                    self._counts[key] = unknown or int(before) + int(run.task_count)  # type: ignore[arg-type] # both known

    def of(self, home: Template, task_definition: str) -> int | Unknown | None:
        """Tasks that all rules and schedules start together, once each; None where none names the task definition.

        Unknown where a target cannot be read: it may be this task definition's.
        """
        return self._unread or self._counts.get((id(home), task_definition))

    def start(self, task_definition: Target) -> bool:
        """Whether a rule or a schedule is known to start a task definition."""
        return (id(task_definition.template), task_definition.logical_id) in self._counts


def scheduled(template: Template) -> Iterator[ScheduledTask | Unknown]:
    """Everything that a template's rules and schedules run."""
    for _, rule in template.of_type(RULE):
        yield from rule_tasks(rule)
    for _, schedule in template.of_type(SCHEDULE):
        yield from schedule_tasks(schedule)
