"""Tasks that no service keeps running: started by a schedule, an event, or by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.schema import Field, integer, or_unknown
from constructs_lib.budget.workloads.sized import PROCESS_FIELDS, SIZED_FIELDS, SizedWorkload
from constructs_lib.budget.workloads.workload import CONTAINER_FIELDS, POOLED_FIELDS
from constructs_lib.limits import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(SizedWorkload):
    """So many tasks in each run, and so many runs at once.

    ECS starts a scheduled run whether or not the one before has ended, and no deployment stops one: the number is the
    same in every scenario, and how many overlap only the user can say.
    """

    kind: ClassVar[str] = "task"
    fields: ClassVar[Mapping[str, Field]]

    tasks: int | Unknown = 1
    """Tasks of one run of every rule and schedule; `resource` is the task definition that they name."""
    overlap: int | Unknown = 1

    def live(self) -> PerScenario | Unknown:
        """Tasks × runs at once."""
        if isinstance(self.tasks, Unknown):
            return self.tasks
        if isinstance(self.overlap, Unknown):
            return Unknown(f"overlap: {self.overlap.reason}")
        most = self.tasks * self.overlap
        return PerScenario(most, most, most)

    def live_factors(self, scenario: Scenario) -> Sequence[str]:  # noqa: ARG002 - the same in every scenario
        """Such as `2 tasks`, `3 runs at once` and `1 process`."""
        tasks = f"{self.tasks} {'task' if self.tasks == 1 else 'tasks'}"
        runs = f"{self.overlap} {'run' if self.overlap == 1 else 'runs'} at once"
        return [tasks, runs, self.process_factor()]


Task.fields = {
    **POOLED_FIELDS,
    "containers": CONTAINER_FIELDS["containers"],
    "tasks": Field(or_unknown(integer(0)), 1, "1 task in each run"),
    "overlap": Field(or_unknown(integer(1)), 1, "no run begins before the one before has ended"),
    **PROCESS_FIELDS,
    **SIZED_FIELDS,
}
