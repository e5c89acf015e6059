"""The report that a synth leaves in its assembly, as far as it says which findings of budgets were acknowledged."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lib.cli.cloud_assembly import MANIFEST, CloudAssembly
from constructs_lib.cli.note import note
from constructs_lib.cli.shown_path import shown
from constructs_lib.cli.template_file import TemplateError, read_parsed
from constructs_lib.report.catalogue import PLUGIN
from constructs_lib.report.escaped import printable
from constructs_lib.template.intrinsics import mapping

NAME = "validation-report.json"
LONGEST = 500
"""Characters of a reason that are shown: reports have room for no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationReport:
    """What was acknowledged in an app, as the CDK wrote it down.

    What is malformed acknowledges nothing.
    """

    reasons: Mapping[tuple[str, ...], str]
    """By rule, subject and place: the path of a budget, or a template's path below the report and a logical id."""

    @classmethod
    def read(cls, path: Path) -> "ValidationReport":
        """The report in a file; one that cannot be read acknowledges nothing, and that is said."""
        try:
            content = read_parsed(path)
        except TemplateError as error:
            content, wrong = None, str(error)
        else:
            wrong = f"{path}: no validation report: it must be an object with a list of pluginReports"
        if not isinstance(mapping(content).get("pluginReports"), list):
            note(f"{wrong}: no acknowledgement counts; synthesize the app again")
        return cls.of(content)

    @classmethod
    def of(cls, content: object) -> "ValidationReport":
        """The report that some JSON amounts to."""
        reasons: dict[tuple[str, ...], str] = {}
        for entry in _suppressed(content):
            reason = entry.get("reason")
            about = (entry.get("ruleName"), mapping(entry.get("ruleMetadata")).get("subject"))
            for construct in _mappings(entry.get("violatingConstructs")):
                key = (*about, *_place(construct))
                if isinstance(reason, str) and _covers(entry, construct) and all(isinstance(part, str) for part in key):
                    reasons.setdefault(key, _shortened(reason))
        return cls(reasons=reasons)


class ValidationReports:
    """The reports that synths left beside templates, each read once."""

    def __init__(self) -> None:
        self._assemblies: dict[Path, CloudAssembly | None] = {}
        self._reports: dict[Path, ValidationReport] = {}

    def of(self, template: Path) -> tuple[ValidationReport, str] | None:
        """The report of the synth that left a template, and what it calls the template; None where none is known.

        A place alone says nothing: the manifest of its folder has to name what lies there, and no link counts. A
        stage's assembly lies in that of its app, which names it, and has the report of both.
        """
        inner = file = Path(os.path.realpath(template))
        for place in file.parents:
            assembly = self._assembly(place)
            if assembly is None or inner.name not in (assembly.templates if inner is file else assembly.stages):
                break
            if _lies_at(place / NAME):
                return self._report(place / NAME), file.relative_to(place).as_posix()
            inner = place
        return None

    def _assembly(self, folder: Path) -> CloudAssembly | None:
        if folder not in self._assemblies:
            self._assemblies[folder] = _assembly(folder)
        return self._assemblies[folder]

    def _report(self, path: Path) -> ValidationReport:
        if path not in self._reports:
            self._reports[path] = ValidationReport.read(Path(shown(path)))
        return self._reports[path]


def _assembly(folder: Path) -> CloudAssembly | None:
    try:
        return CloudAssembly.read(folder) if _lies_at(folder / MANIFEST) else None
    except TemplateError as error:
        note(f"{error}: no acknowledgement counts; synthesize the app again")
        return None


def _lies_at(path: Path) -> bool:
    """Whether a file lies at a path in a folder that no link leads to, and no link either."""
    try:
        return path.is_file() and path.resolve() == path
    except OSError:  # of a folder that nobody may look into
        return False


def _suppressed(content: object) -> Iterator[Mapping[str, Any]]:
    for report in _mappings(mapping(content).get("pluginReports")):
        if report.get("pluginName") == PLUGIN:
            yield from _mappings(report.get("suppressedViolations"))


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [mapping(item) for item in value] if isinstance(value, list) else []


def _covers(entry: Mapping[str, Any], construct: Mapping[str, Any]) -> bool:
    """Whether the acknowledgement stands on a construct or above it.

    Before 2.271 the CDK took one that stands anywhere in the app for one of every finding of its rule.
    """
    at, path = entry.get("acknowledgedAt", ""), construct.get("constructPath")  # without a place it is the app's
    return isinstance(at, str) and isinstance(path, str) and (at in {"", path} or path.startswith(f"{at}/"))


def _place(construct: Mapping[str, Any]) -> tuple[Any, ...]:
    """What was acknowledged: a resource, or else the budget itself."""
    if "cloudFormationResource" in construct:
        resource = mapping(construct["cloudFormationResource"])
        return (resource.get("templatePath"), resource.get("logicalId"))
    return (construct.get("constructPath"),)


def _shortened(reason: str) -> str:
    words = printable(reason[: LONGEST + 1])
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
