"""A plan's findings as SARIF 2.1.0, which GitHub code scanning and other viewers take."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Finding, Severity
from constructs_lib.budget.plan import Plan
from constructs_lib.budget.rules import RULES
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.report.acknowledged import Reason, nothing
from constructs_lib.report.evidence import evidence
from constructs_lib.report.places import NOWHERE, Place, Places

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINTS = ("connectionBudget/v1", "primaryLocationLineHash")
"""Ours, and the one that GitHub goes by (GitHub Docs, "SARIF support for code scanning")."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_INDICES = {rule.id: index for index, rule in enumerate(RULES)}


def sarif(plan: Plan, places: Places = NOWHERE, acknowledged: Reason = nothing) -> str:
    """The findings of a plan, each with its rule and the place that it points at."""
    results = [_result(finding, places, plan.document) for finding in plan.findings]
    reasons = [acknowledged(finding) for finding in plan.findings]
    if any(reason is not None for reason in reasons):  # all results of a run have the property, or none has
        results = [{**result, **_suppressed(reason)} for result, reason in zip(results, reasons, strict=True)]
    run = {
        "tool": {"driver": {"name": "connection-budget", "rules": [_rule(rule) for rule in RULES]}},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the folder that the command was run in"}}},
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    parts = {"Why": rule.why, "Example": rule.example, "Remedy": rule.remedy, "Source": rule.source}
    words = "\n\n".join(f"{heading}: {part}." for heading, part in parts.items())
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": f"{rule.title[0].upper()}{rule.title[1:]}."},
        "fullDescription": {"text": f"{rule.why[0].upper()}{rule.why[1:]}."},
        "help": {"text": words},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["database", "reliability"], "precision": "high"},
    }


def _result(finding: Finding, places: Places, document: Document) -> dict[str, Any]:
    about = document.workloads.get(finding.subject) if finding.kind == "workloads" else None
    known = None if about is None else evidence(about, document)
    seen = [_location(place) for place in places.to_see(finding, document)]
    said = [finding.message, *([] if known is None else [known]), f"Fix: {finding.fix}"]
    return {
        "ruleId": finding.id,
        "ruleIndex": _INDICES[finding.id],
        "level": _LEVELS[finding.severity],
        "message": {"text": _plain("\n\n".join(f"{words}." for words in said))},
        "locations": seen[:1],
        **({"relatedLocations": seen[1:]} if seen[1:] else {}),
        "partialFingerprints": dict.fromkeys(FINGERPRINTS, _fingerprint(finding, places.of(finding, document))),
        "properties": {
            "subject": finding.subject,
            "kind": finding.kind,
            **({} if about is None or about.evidence is None else {"evidence": about.evidence}),
        },
    }


def _suppressed(reason: str | None) -> dict[str, Any]:
    return {"suppressions": [] if reason is None else [{"kind": "external", "justification": reason}]}


def _location(place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": _artifact(place.file), "region": {"startLine": place.line}}
    }
    if place.logical_id is not None:
        location["logicalLocations"] = [
            {
                "name": place.logical_id,
                "fullyQualifiedName": f"{place.file}#/Resources/{place.logical_id}",
                "kind": "resource",
            }
        ]
    return location


def _artifact(file: str) -> Mapping[str, str]:
    """A path as a URI: relative to where the command ran, unless it is absolute."""
    path = file.replace("\\", "/")
    if path.startswith("/"):
        return {"uri": f"file://{quote(path)}"}
    return {"uri": quote(path), "uriBaseId": "SRCROOT"}


def _fingerprint(finding: Finding, place: Place | None) -> str:
    """The same as long as the rule still speaks of the same resource, whatever its numbers or its line."""
    about = (place.file, place.logical_id) if place is not None and place.logical_id is not None else ()
    parts = (finding.id, finding.kind, finding.subject, *about)
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(words: str) -> str:
    """Words that contain no link and no placeholder, which SARIF would read into brackets and braces."""
    for character in ("\\", "[", "]"):
        words = words.replace(character, f"\\{character}")
    return words.replace("{", "{{").replace("}", "}}")
