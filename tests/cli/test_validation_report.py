"""The report of a synth, as it is and as it should not be."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.cli.validation_report import LONGEST, NAME, ValidationReport, report_of

Json = dict[str, Any]
ON_BUDGET: Json = {"constructPath": "Shop/Budget", "constructFqn": "constructs.Construct"}
ON_SERVICE: Json = {
    "constructPath": "Shop/Api/Service",
    "cloudFormationResource": {"templatePath": "Shop.template.json", "logicalId": "ApiService"},
}
WHOLE = ("unbounded-pool", "api", "Shop/Budget")


def violation(*constructs: Json, **keys: Any) -> Json:
    """One that was acknowledged on the stack, as the CDK writes it."""
    return {
        "ruleName": "unbounded-pool",
        "severity": "error",
        "ruleMetadata": {"subject": "api", "why": "no limit"},
        "violatingConstructs": list(constructs or (ON_BUDGET,)),
        "acknowledgedId": "ConnectionBudget::unbounded-pool",
        "acknowledgedAt": "Shop",
        "reason": "load test",
        **keys,
    }


def report(*suppressed: Json, plugin: object = "ConnectionBudget") -> Json:
    found = {"pluginName": plugin, "violations": [violation()], "suppressedViolations": list(suppressed)}
    return {"version": "55.0.0", "pluginReports": [{"pluginName": "CdkNag"}, found]}


def reasons(content: object) -> dict[tuple[str, ...], str]:
    return dict(ValidationReport.of(content).reasons)


def test_an_acknowledgement_is_known_by_rule_subject_and_budget_or_else_resource() -> None:
    assert reasons(report(violation())) == {WHOLE: "load test"}
    on_service = ("unbounded-pool", "api", "Shop.template.json", "ApiService")
    assert reasons(report(violation(ON_SERVICE))) == {on_service: "load test"}


def test_what_is_not_suppressed_or_is_of_another_plugin_is_not_acknowledged() -> None:
    assert reasons(report()) == {}
    assert reasons(report(violation(), plugin="CdkNag")) == {}


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        ({}, True),
        ({"acknowledgedAt": ""}, True),
        ({"acknowledgedAt": "Shop"}, True),
        ({"acknowledgedAt": "Shop/Budget"}, True),
        ({"acknowledgedAt": "Sho"}, False),
        ({"acknowledgedAt": "Shop/Budget/Inner"}, False),
        ({"acknowledgedAt": "Beta"}, False),
        ({"acknowledgedAt": None}, False),
    ],
)
def test_it_counts_for_what_it_stands_on_or_above(at: Json, counts: bool) -> None:  # noqa: FBT001 - a row of the table
    """CDK 2.270 suppresses every finding of a rule that is acknowledged anywhere; the app's own place is left out."""
    entry = violation()
    del entry["acknowledgedAt"]
    assert (WHOLE in reasons(report({**entry, **at}))) == counts


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": None},
        {"reason": {"a": 1}},
        {"ruleName": ["unbounded-pool"]},
        {"ruleMetadata": "api"},
        {"ruleMetadata": {"subject": 1}},
        {"violatingConstructs": {"constructPath": "Shop/Budget"}},
        {"violatingConstructs": [{"constructPath": 5}, "Shop/Budget", None]},
        {"violatingConstructs": [{**ON_BUDGET, "cloudFormationResource": None}]},
        {"violatingConstructs": [{**ON_SERVICE, "cloudFormationResource": {"logicalId": "ApiService"}}]},
    ],
)
def test_a_malformed_one_counts_for_nothing_and_harms_no_other(wrong: Json) -> None:
    assert reasons(report(violation(**wrong))) == {}
    other = violation(ruleMetadata={"subject": "web"})
    assert list(reasons(report(violation(**wrong), other))) == [("unbounded-pool", "web", "Shop/Budget")]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(sorted(violation())) | st.text(), inner),
    )
)
def test_any_json_is_a_report_of_nothing(content: Any) -> None:
    assert reasons(content) == {}
    assert reasons({"pluginReports": content}) == {}
    assert reasons(report(violation(violatingConstructs=content, ruleMetadata=content))) == {}


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("a\x1b[31mb\r\nc\u202ed\ud800", "a�[31mb��c�d�"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * 10_000_000, "x" * (LONGEST - 1) + "…"),
        ("", ""),
    ],
)
def test_a_reason_is_so_many_characters_that_can_be_printed(reason: str, shown: str) -> None:
    assert reasons(report(violation(reason=reason))) == {WHOLE: shown}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no validation report"),
        ("[]", "no validation report"),
        ('{"pluginReports": {}}', "no validation report: it must be an object with a list of pluginReports"),
        ('{"pluginReports": [', "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("\ud800", "not UTF-8 at byte 0"),
    ],
)
def test_one_that_cannot_be_read_acknowledges_nothing_and_that_is_said_on_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    path = tmp_path / NAME
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    assert ValidationReport.read(path).reasons == {}
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert line.endswith(": no acknowledgement counts; synthesize the app again")


def test_the_report_of_a_stage_is_that_of_its_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "cdk.out" / "assembly-Prod" / "assembly-Prod-Eu"
    inner.mkdir(parents=True)
    for folder in (inner, inner.parent, inner.parent.parent):
        (folder / "manifest.json").write_text("{}")
    assert report_of(inner) is None
    path = tmp_path / "cdk.out" / NAME
    path.write_text(json.dumps(report()))
    assert report_of(path.parent) == (path, "")
    assert report_of(inner) == (path, "assembly-Prod/assembly-Prod-Eu/")
    monkeypatch.chdir(inner)
    assert report_of(Path()) == (path, "assembly-Prod/assembly-Prod-Eu/")


def test_a_report_further_up_that_is_of_no_assembly_around_it_is_another_apps(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / NAME).write_text(json.dumps(report()))
    assert report_of(folder) is None
