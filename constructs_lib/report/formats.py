"""The formats that a plan can be printed in."""

import json
from collections.abc import Mapping
from typing import Protocol

from constructs_lib.budget.plan import Plan
from constructs_lib.report.acknowledged import Reason, nothing
from constructs_lib.report.places import NOWHERE, Places


class Format(Protocol):
    """Words a plan; `places` says where its entries are written, for the formats that point into files, and
    `acknowledged` why a finding fails nothing.
    """

    def __call__(self, plan: Plan, places: Places = NOWHERE, acknowledged: Reason = nothing) -> str:
        """The words, which end with a line feed."""


def _json(plan: Plan, places: Places = NOWHERE, acknowledged: Reason = nothing) -> str:  # noqa: ARG001 - as Format
    made = plan.to_json()
    for entry, finding in zip(made["findings"], plan.findings, strict=True):
        if (reason := acknowledged(finding)) is not None:
            entry["acknowledged"] = reason
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _text(plan: Plan, places: Places = NOWHERE, acknowledged: Reason = nothing) -> str:  # noqa: ARG001 - as Format
    from constructs_lib.report.text import text  # the table needs rich, which the others do not

    return text(plan, acknowledged=acknowledged)


def _markdown(plan: Plan, places: Places = NOWHERE, acknowledged: Reason = nothing) -> str:  # noqa: ARG001 - as Format
    from constructs_lib.report.markdown import markdown

    return markdown(plan, acknowledged)


def _sarif(plan: Plan, places: Places = NOWHERE, acknowledged: Reason = nothing) -> str:
    from constructs_lib.report.sarif import sarif

    return sarif(plan, places, acknowledged)


FORMATS: Mapping[str, Format] = {"text": _text, "json": _json, "markdown": _markdown, "sarif": _sarif}
