"""Which findings of a check were acknowledged where their budgets were synthesized."""

from collections.abc import Sequence
from pathlib import Path

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Finding
from constructs_lib.budget.merge import origins
from constructs_lib.cli.checked_app import CheckedApp
from constructs_lib.cli.validation_report import ValidationReports


class Acknowledged:
    """Why each finding of several documents, planned together, was acknowledged in the app that it is of.

    A finding is known again by its rule, the name of its subject in its own document, and what the synth said that it
    is about: the budget, or a resource. What was only discovered has no budget, and so nobody has acknowledged it.
    """

    def __init__(self, found: Sequence[tuple[CheckedApp, str, Document]], together: Document) -> None:
        """`found` has each document with its app and its template, and `together` is what they were merged into."""
        self._found = found
        self._together = together
        self._origins = origins([document for _, _, document in found], together)
        self._reports = ValidationReports()

    def __call__(self, finding: Finding) -> str | None:
        """The reason; None where there is none."""
        entry = getattr(self._together, finding.kind).get(finding.subject)
        if entry is None or entry.construct_path is None:
            return None
        number, subject = self._origins[finding.kind, finding.subject]
        app, home, _ = self._found[number]
        synthesized = self._reports.of(app.file(home)) if home else None
        if synthesized is None:
            return None
        report, about = synthesized[0], (finding.id, subject)
        reason = report.reasons.get((*about, entry.construct_path))
        resource = finding.resource or getattr(entry, "resource", None)
        if reason is None and resource is not None and resource.template:
            beside = self._reports.of(Path(resource.template))
            if beside is not None and beside[0] is report:
                reason = report.reasons.get((*about, beside[1], resource.logical_id))
        return reason
