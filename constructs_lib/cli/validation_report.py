"""The report that a synth leaves in its assembly, as far as it says which findings of budgets were acknowledged."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lib.cli.app_files import MANIFEST
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


def report_of(folder: Path) -> tuple[Path, str] | None:
    """The report of the assembly in a folder, and how the templates of that begin in it; None where there is none.

    A stage's assembly lies in that of its app, which has the report of both.
    """
    here = folder.resolve()
    for place in (here, *here.parents):
        if _is_file(place / NAME):
            below = here.relative_to(place).as_posix()
            return Path(shown(place / NAME)), "" if below == os.curdir else f"{below}/"
        if not (_is_file(place / MANIFEST) and _is_file(place.parent / MANIFEST)):
            break
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
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
