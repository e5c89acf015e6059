"""Findings that somebody has acknowledged with a reason: they are shown as before, and fail nothing."""

from collections.abc import Callable

from constructs_lib.budget.finding import Finding, Severity
from constructs_lib.budget.plan import Plan

Reason = Callable[[Finding], str | None]
"""Why a finding was acknowledged; None where it was not."""


def nothing(_: Finding) -> None:
    """Where nothing is acknowledged."""


def passes(plan: Plan, acknowledged: Reason) -> bool:
    """Whether a plan fails nobody's build: it fits, or each of its errors was acknowledged."""
    return all(item.severity is not Severity.ERROR or acknowledged(item) is not None for item in plan.findings)


def beside(finding: Finding, acknowledged: Reason) -> str:
    """The reason as words after those of the finding; none where it was not acknowledged."""
    reason = acknowledged(finding)
    return "" if reason is None else f" (acknowledged: {reason})"
