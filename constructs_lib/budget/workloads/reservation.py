"""Connections set aside for whatever is neither a service nor a Celery worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from constructs_lib.budget.demand import Demand
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.schema import Field, integer
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads.workload import FIELDS, Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation(Workload):
    """A fixed number of connections, the same in every scenario."""

    kind: ClassVar[str] = "reserved"
    fields: ClassVar[Mapping[str, Field]]

    connections: int
    resource: Resource | None = None
    """What the connections are for, where the templates define it."""

    def demand(self) -> Demand:
        """What is set aside."""
        return Demand(pools=PerScenario(1, 1, 1), fixed=PoolSize(self.connections, 0), pooled=False)

    def arithmetic(self, scenario: Scenario, size: PoolSize) -> str:  # noqa: ARG002 - the same in every scenario
        """Such as `20 reserved`."""
        return f"{self.connections} reserved"


Reservation.fields = {
    **FIELDS,
    "resource": Field(Resource.read),
    "connections": Field(integer(0), required="the number of connections to set aside"),
}
