"""Findings that somebody acknowledged, in every format: shown as they are, with the reason."""

import json
from pathlib import Path

import jsonschema
import pytest

from constructs_lib.budget.finding import Finding
from constructs_lib.budget.plan import Plan
from constructs_lib.report.acknowledged import Reason, nothing, passes
from constructs_lib.report.formats import FORMATS
from constructs_lib.report.places import NOWHERE
from tests.budget.orders import entry, planned

SCHEMA = json.loads((Path(__file__).parent / "schema" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
REASON = "until <b>the</b> migration | @team"


def unbounded(*names: str) -> Plan:
    """Pools without a limit: an error for each."""
    return planned({name: entry(tasks=4, pool_size=0, max_overflow=5) for name in names})


def of(subject: str, reason: str = REASON) -> Reason:
    def acknowledged(finding: Finding) -> str | None:
        return reason if finding.subject == subject else None

    return acknowledged


def written(form: str, made: Plan, acknowledged: Reason) -> str:
    return FORMATS[form](made, NOWHERE, acknowledged)


def test_a_plan_passes_where_it_fits_or_each_of_its_errors_is_acknowledged() -> None:
    assert passes(planned({"api": entry(tasks=4)}), nothing)
    assert not passes(unbounded("api"), nothing)
    assert passes(unbounded("api"), of("api"))
    assert passes(unbounded("api"), of("api", "")), "a reason without words is one"
    assert not passes(unbounded("api", "web"), of("api"))


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_format_says_nothing_of_acknowledgements_where_there_are_none(form: str) -> None:
    made = unbounded("api")
    assert written(form, made, nothing) == FORMATS[form](made)
    assert "acknowledged" not in FORMATS[form](made).lower()
    assert "suppressions" not in FORMATS[form](made)


def test_text_says_the_reason_below_the_verdict_and_below_the_finding() -> None:
    lines = written("text", unbounded("api", "web"), of("api")).split("\n")
    verdict = lines.index("  CANNOT BE SHOWN TO FIT: not every workload has a number")
    assert lines[verdict + 1] == f"  acknowledged: unbounded-pool (api): {REASON}"
    assert lines.count(f"      acknowledged: {REASON}") == 1
    assert not [line for line in lines if "FITS" in line]


def test_markdown_says_the_reason_as_nothing_but_words_and_no_more_than_that_it_is_acknowledged() -> None:
    both = unbounded("api", "web")
    lines = written("markdown", both, of("api")).split("\n")
    assert lines[0] == "## Connection budget: does not fit"
    rows = {line.split()[2]: line for line in lines if line.startswith("- **`unbounded-pool`**")}
    assert rows["api"].endswith("<br>_Acknowledged:_ until &lt;b&gt;the&lt;/b&gt; migration \\| @<!-- -->team")
    assert "Acknowledged" not in rows["web"]
    assert written("markdown", unbounded("api"), of("api")).startswith(
        "## Connection budget: does not fit (acknowledged)\n"
    )


def test_an_assumption_that_is_acknowledged_says_so_where_it_stands() -> None:
    made = planned({"api": {"database": "orders"}})
    assert [finding.id for finding in made.findings] == ["assumed"]
    said = "(acknowledged: as ever)"
    assert said in " ".join(written("text", made, of("api", "as ever")).split())
    assert said in written("markdown", made, of("api", "as ever"))
    assert written("markdown", made, of("api", "as ever")).startswith("## Connection budget: fits\n")


def test_json_has_the_reason_with_its_finding_and_fits_is_what_it_was() -> None:
    made = json.loads(written("json", unbounded("api", "web"), of("api")))
    assert made["fits"] is False
    assert [
        (item["subject"], item.get("acknowledged")) for item in made["findings"] if item["severity"] == "error"
    ] == [
        ("api", REASON),
        ("web", None),
    ]


def test_sarif_suppresses_the_result_and_says_of_all_others_that_they_are_not() -> None:
    """All results of a run have the property, or none has."""
    log = json.loads(written("sarif", unbounded("api", "web"), of("api")))
    jsonschema.validate(log, SCHEMA)
    found = [item for item in log["runs"][0]["results"] if item["ruleId"] == "unbounded-pool"]
    results = {item["properties"]["subject"]: item for item in found}
    assert results["api"]["suppressions"] == [{"kind": "external", "justification": REASON}]
    assert results["api"]["level"] == "error"
    assert results["web"]["suppressions"] == []
    assert all("suppressions" in item for item in log["runs"][0]["results"])
