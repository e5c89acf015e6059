"""Lambda functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.schema import Field, integer, or_unknown
from constructs_lib.budget.workloads.sized import SIZED_FIELDS, SizedWorkload
from constructs_lib.budget.workloads.workload import POOLED_FIELDS
from constructs_lib.limits import Unknown

UNRESERVED = Unknown("no reserved concurrency is set, so it grows with the load up to the account's own limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(SizedWorkload):
    """One process with pools of its own in each execution environment, of which reserved concurrency is the most.

    Provisioned concurrency is taken from the reserved one and does not lift it (AWS Lambda Developer Guide,
    "Configuring reserved concurrency for a function").
    """

    kind: ClassVar[str] = "function"
    fields: ClassVar[Mapping[str, Field]]

    reserved_concurrency: int | Unknown = UNRESERVED

    def live(self) -> PerScenario | Unknown:
        """The reserved concurrency, in every scenario: the versions of a function share it."""
        most = self.reserved_concurrency
        return most if isinstance(most, Unknown) else PerScenario(most, most, most)

    def live_factors(self, scenario: Scenario) -> Sequence[str]:  # noqa: ARG002 - the same in every scenario
        """Such as `20 environments`."""
        noun = "environment" if self.reserved_concurrency == 1 else "environments"
        return [f"{self.reserved_concurrency} {noun}"]


Function.fields = {
    **POOLED_FIELDS,
    "reserved_concurrency": Field(or_unknown(integer(0)), UNRESERVED),
    **SIZED_FIELDS,
}
