"""The formats that a plan can be printed in: a module of this folder and a line in the registry each."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from constructs_lib.budget.plan import Plan
from constructs_lib.report.acknowledged import Reason, nothing
from constructs_lib.report.places import NOWHERE, Places


class Writer(Protocol):
    """Words a plan; `places` says where its entries are written, for the formats that point into files, and
    `acknowledged` why a finding fails nothing.
    """

    def __call__(self, plan: Plan, places: Places = NOWHERE, acknowledged: Reason = nothing) -> str:
        """The words, which end with a line feed."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format, which writes a plan when it is called; `ending` is that of a file in it.

    The function that does it has the name of its `module`, which is loaded then: the table needs rich, which the others
    do not.
    """

    module: str
    ending: str

    def __call__(self, plan: Plan, places: Places = NOWHERE, acknowledged: Reason = nothing) -> str:
        """Write it, as a `Writer` does."""
        write: Writer = getattr(import_module(f"constructs_lib.report.{self.module}"), self.module)
        return write(plan, places, acknowledged)


FORMATS: Mapping[str, Format] = {
    "text": Format("text", "txt"),
    "json": Format("plan_json", "json"),
    "markdown": Format("markdown", "md"),
    "sarif": Format("sarif", "sarif"),
}
