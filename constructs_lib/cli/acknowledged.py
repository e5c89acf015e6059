"""Which findings of a check were acknowledged where their budgets were synthesized."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Finding
from constructs_lib.budget.merge import origins
from constructs_lib.cli.checked_app import COPY, CheckedApp
from constructs_lib.cli.validation_report import ValidationReport, report_of


class Acknowledged:
    """Why each finding of several documents, planned together, was acknowledged in the app that it is of.

    A finding is known again by its rule, the name of its subject in its own document, and what the synth said that it
    is about: the budget, or a resource. What was only discovered has no budget, and so nobody has acknowledged it.
    """

    def __init__(self, apps: Sequence[CheckedApp], documents: Sequence[Document], together: Document) -> None:
        """`apps` has the app of each document, and `together` is what the documents were merged into."""
        self._apps = apps
        self._together = together
        self._origins = origins(documents, together)
        self._reports: dict[Path, ValidationReport] = {}
        self._of_apps: dict[int, _Synthesized | None] = {}

    def __call__(self, finding: Finding) -> str | None:
        """The reason; None where there is none."""
        entry = getattr(self._together, finding.kind).get(finding.subject)
        if entry is None or entry.construct_path is None:
            return None
        number, subject = self._origins[finding.kind, finding.subject]
        synthesized = self._synthesized(self._apps[number])
        if synthesized is None:
            return None
        reasons, about = synthesized.report.reasons, (finding.id, subject)
        reason = reasons.get((*about, entry.construct_path))
        resource = finding.resource or getattr(entry, "resource", None)
        if reason is None and resource is not None:
            template = synthesized.paths.get(resource.template or "", "")
            reason = reasons.get((*about, template, resource.logical_id))
        return reason

    def _synthesized(self, app: CheckedApp) -> "_Synthesized | None":
        if id(app) not in self._of_apps:
            found = report_of(app.folder)
            self._of_apps[id(app)] = None if found is None else _Synthesized(self._report(found[0]), app, found[1])
        return self._of_apps[id(app)]

    def _report(self, path: Path) -> ValidationReport:
        if path not in self._reports:
            self._reports[path] = ValidationReport.read(path)
        return self._reports[path]


class _Synthesized:
    """The report that has the acknowledgements of an app, and the paths that its templates have there."""

    def __init__(self, report: ValidationReport, app: CheckedApp, beginning: str) -> None:
        self.report = report
        self.paths: Mapping[str, str] = {
            app.shown(name): f"{beginning}{name.partition(COPY)[0]}" for name in app.assembly
        }
