"""How often rules, schedules and events run a task definition."""

from collections.abc import Collection, Iterator

from constructs_lib.budget.workloads.facts import Fact
from constructs_lib.limits import Unknown, sum_of
from constructs_lib.template.links import Key, Links, Target
from constructs_lib.template.names import readable_name
from constructs_lib.template.scheduled_tasks import (
    RULE,
    SCHEDULE,
    ScheduledTask,
    rule_tasks,
    schedule_tasks,
    switched_off,
)
from constructs_lib.template.task_users import STARTS, TaskUsers
from constructs_lib.template.template import Template


class Runs:
    """What the rules and schedules of an app start, each read once, and what else starts tasks of its own accord."""

    def __init__(self, templates: Collection[Template], links: Links, users: TaskUsers) -> None:
        self._users = users
        self._unread: Unknown | None = None
        self._counts: dict[Key, int | Unknown] = {}
        self._on_events: dict[Key, Target] = {}
        for template in templates:
            for starter, run in scheduled(template):
                if isinstance(run, Unknown):
                    self._unread = self._unread or run
                    continue
                reached = links.targets(template, run.task_definition)
                for key in {target.key for target in reached}:
                    before = self._counts.get(key, 0)
                    self._counts[key] = sum_of([before, run.task_count])
                    if run.expression is None:
                        self._on_events.setdefault(key, starter)

    def facts(self, task_definition: Target) -> dict[str, Fact]:
        """What is known of a task definition's runs, by the keys of a `Task`; nothing where nothing names it.

        `tasks` are those that all rules and schedules start together, once each: Unknown where a target cannot be
        read, which may be this task definition. `overlap` is Unknown where something starts a run at any time, for
        then there may be any number at once.
        """
        key = task_definition.key
        tasks = self._counts.get(key)
        if self._unread is not None:
            tasks = sum_of([self._unread, tasks or 0])
        starter = self._on_events.get(key) or self._users.unbounded(task_definition)
        found = {} if tasks is None else {"tasks": Fact(tasks)}
        if starter is not None:
            kind, name = starter.template.kind(starter.logical_id), readable_name(starter.template, starter.logical_id)
            starts = "starts" if kind in STARTS else "is told of it, and may start"
            found["overlap"] = Fact(Unknown(f"{name} ({kind}) {starts} runs on no schedule, so any number at once"))
        return found

    def start(self, task_definition: Target) -> bool:
        """Whether anything is known to start a task definition: a rule, a schedule, or what starts it at any time."""
        key = task_definition.key
        return key in self._counts or self._users.unbounded(task_definition) is not None


def scheduled(template: Template) -> Iterator[tuple[Target, ScheduledTask | Unknown]]:
    """Everything that a template's rules and schedules run, unless they are off, each with what starts it."""
    for kind, tasks in ((RULE, rule_tasks), (SCHEDULE, schedule_tasks)):
        for logical_id, properties in template.of_type(kind):
            for run in tasks(properties) if not switched_off(properties) else ():
                yield Target(template, logical_id, ""), run
