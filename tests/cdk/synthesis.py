"""What a synth leaves behind: templates, the validation report, and what was printed."""

import json
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import aws_cdk as cdk


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A violation in the validation report."""

    id: str
    severity: str
    subject: str
    message: str
    fix: str
    constructs: tuple[str, ...]
    reason: str | None

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> "Reported":
        metadata = entry.get("ruleMetadata", {})
        return cls(
            id=entry["ruleName"],
            severity=entry["severity"],
            subject=metadata.get("subject", ""),
            message=entry["description"],
            fix=entry.get("suggestedFix", ""),
            constructs=tuple(construct.get("constructPath", "?") for construct in entry["violatingConstructs"]),
            reason=entry.get("reason"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """One synth."""

    folder: Path
    failed: bool
    """Whether the synth ended in an error: what makes `python app.py` and `cdk synth` exit non-zero."""
    error: str
    printed: str
    """What was written to stderr, by the plugin and, where there are findings, by the CDK."""

    def template(self, stack: str = "Shop") -> dict[str, Any]:
        """The template of a stack, by the beginning of its file's name."""
        return dict(json.loads((self.folder / f"{stack}.template.json").read_text()))

    @property
    def document(self) -> dict[str, Any]:
        """The budget document in the template of the shop."""
        return dict(self.template()["Metadata"]["ConnectionBudget"])

    @property
    def findings(self) -> list[Reported]:
        """What fails the synth, or would if it were an error."""
        return [Reported.read(entry) for entry in self._plugin_report().get("violations", ())]

    @property
    def suppressed(self) -> list[Reported]:
        """What was acknowledged."""
        return [Reported.read(entry) for entry in self._plugin_report().get("suppressedViolations", ())]

    @property
    def ids(self) -> list[str]:
        """The rules of all findings."""
        return sorted(finding.id for finding in self.findings)

    @property
    def errors(self) -> list[str]:
        """The rules of the errors."""
        return sorted(finding.id for finding in self.findings if finding.severity == "error")

    def variables(self, container: str = "web", template: str = "*") -> dict[str, Any]:
        """The environment of the container with that name, of which there must be one."""
        found = [
            {entry["Name"]: entry["Value"] for entry in item.get("Environment", ())}
            for path in sorted(self.folder.rglob(f"{template}.template.json"))
            for item in _containers(json.loads(path.read_text()))
            if item["Name"] == container
        ]
        assert len(found) == 1, f"{len(found)} containers are named {container}"
        return found[0]

    def _plugin_report(self) -> dict[str, Any]:
        path = self.folder / "validation-report.json"
        reports = json.loads(path.read_text())["pluginReports"] if path.is_file() else []
        ours = [report for report in reports if report["pluginName"] == "ConnectionBudget"]
        assert len(ours) <= 1, "the plugin is registered more than once"
        return dict(ours[0]) if ours else {}


def synthesize(app: cdk.App, *, force: bool = False) -> Synthesis:
    """Synthesize an app; an error finding is a result, any other error is raised."""
    error, written = "", BytesIO()
    stream = TextIOWrapper(written, encoding="utf-8", write_through=True)  # jsii writes to the buffer below
    with redirect_stderr(stream):
        try:
            app.synth(force=force)
        except RuntimeError as raised:
            if not str(raised).startswith("ValidationFailed"):
                raise
            error = str(raised)
    return Synthesis(folder=Path(app.outdir), failed=bool(error), error=error, printed=written.getvalue().decode())


def _containers(template: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for resource in template.get("Resources", {}).values():
        if resource["Type"] == "AWS::ECS::TaskDefinition":
            yield from resource["Properties"]["ContainerDefinitions"]
