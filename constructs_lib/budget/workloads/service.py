"""An ECS service whose processes each hold connection pools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from constructs_lib.budget.scenario import Scenario
from constructs_lib.budget.schema import Field
from constructs_lib.budget.workloads.sized import PROCESS_FIELDS, SIZED_FIELDS, SizedWorkload
from constructs_lib.budget.workloads.workload import TASK_FIELDS, TaskWorkload


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(SizedWorkload, TaskWorkload):
    """Tasks × processes × engines pools."""

    kind: ClassVar[str] = "service"
    fields: ClassVar[Mapping[str, Field]]

    def live_factors(self, scenario: Scenario) -> Sequence[str]:
        """Such as `8 tasks × 200 %` and `2 processes`."""
        return [self.fleet.arithmetic(scenario), self.process_factor()]


Service.fields = {**TASK_FIELDS, **PROCESS_FIELDS, **SIZED_FIELDS}
