"""A plan as JSON, for scripts."""

import json

from constructs_lib.budget.plan import Plan
from constructs_lib.report.acknowledged import Reason, nothing
from constructs_lib.report.places import NOWHERE, Places


def plan_json(plan: Plan, places: Places = NOWHERE, acknowledged: Reason = nothing) -> str:  # noqa: ARG001 - as Writer
    """The plan as `Plan.to_json` has it, with the reason beside each finding that is acknowledged."""
    made = plan.to_json()
    for entry, finding in zip(made["findings"], plan.findings, strict=True):
        if (reason := acknowledged(finding)) is not None:
            entry["acknowledged"] = reason
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
