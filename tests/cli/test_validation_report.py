"""The report of a synth, as it is and as it should not be."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.cli.validation_report import LONGEST, NAME, ValidationReport, ValidationReports
from tests.cli.template_files import write

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
def test_an_acknowledgement_counts_for_what_it_stands_on_or_above(at: Json, counts: bool) -> None:  # noqa: FBT001 - a row of the table
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


STAGE: Json = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "Prod"}}
STACK: Json = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app with a stage in a stage, whose stack is the only one."""
    folder = tmp_path / "cdk.out"
    inner = {"Prod/Prod/manifest.json": {"artifacts": {"Shop": STACK}}, "Prod/Prod/Shop.template.json": {}}
    outer = {name: {"artifacts": {"Prod": STAGE}} for name in ("manifest.json", "Prod/manifest.json")}
    return write(folder, {**inner, **outer, NAME: report(violation())})


def named(template: Path) -> str | None:
    """What the report that counts calls a template."""
    found = ValidationReports().of(template)
    assert found is None or found[0].reasons == {WHOLE: "load test"}
    return None if found is None else found[1]


def test_the_report_of_a_stage_is_that_of_its_app(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert named(app / "Prod" / "Prod" / "Shop.template.json") == "Prod/Prod/Shop.template.json"
    monkeypatch.chdir(app / "Prod" / "Prod")
    assert named(Path("Shop.template.json")) == "Prod/Prod/Shop.template.json"


def test_a_stage_with_a_report_of_its_own_needs_no_other(app: Path) -> None:
    (app / NAME).rename(app / "Prod" / NAME)
    assert named(app / "Prod" / "Prod" / "Shop.template.json") == "Prod/Shop.template.json"


def test_a_report_is_read_once(app: Path) -> None:
    found, template = ValidationReports(), app / "Prod" / "Prod" / "Shop.template.json"
    one, other = found.of(template), found.of(template)
    assert one is not None
    assert other is not None
    assert one[0] is other[0]


@pytest.mark.parametrize("manifest", ["manifest.json", "Prod/manifest.json", "Prod/Prod/manifest.json"])
@pytest.mark.parametrize(
    "artifacts",
    [
        {},
        {"Prod": {**STACK, "properties": {"templateFile": "Prod"}}, "Shop": {**STAGE, "type": "cdk:tree"}},
        {"Prod": {**STAGE, "properties": {"directoryName": "Beta"}}, "Shop": {**STACK, "type": "cdk:tree"}},
        {"Prod": STACK, "Shop": {**STAGE, "properties": {"directoryName": "Shop.template.json"}}},
    ],
)
def test_what_a_manifest_does_not_name_as_what_it_is_has_no_report(app: Path, manifest: str, artifacts: Json) -> None:
    """A stage has to be one of the outer assembly, a template one of a stack: wherever the chain breaks."""
    if manifest == "Prod/Prod/manifest.json":
        artifacts = {name: item for name, item in artifacts.items() if item != STACK}
    write(app, {manifest: {"artifacts": artifacts}})
    assert named(app / "Prod" / "Prod" / "Shop.template.json") is None


@pytest.mark.parametrize("manifest", [None, "[]", '{"artifacts": 5}'])
def test_where_there_is_no_manifest_of_an_assembly_no_report_counts(app: Path, manifest: str | None) -> None:
    for place in ("manifest.json", "Prod/Prod/manifest.json"):
        before = (app / place).read_text()
        (app / place).unlink()
        if manifest is not None:
            (app / place).write_text(manifest)
        assert named(app / "Prod" / "Prod" / "Shop.template.json") is None
        (app / place).write_text(before)


def test_a_manifest_that_cannot_be_read_names_nothing_and_that_is_said(
    app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = app / "Prod" / "Prod" / "manifest.json"
    path.write_text("{")
    assert named(path.parent / "Shop.template.json") is None
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"connection-budget: {path}: line 1 column 2: not JSON")
    assert line.endswith(": no acknowledgement counts; synthesize the app again")


def test_no_link_makes_a_report_one_of_another_app(app: Path, tmp_path: Path) -> None:
    """Neither of the report, nor of the manifest, nor of a template, nor of a folder; an alias of all is no other."""
    template = app / "Prod" / "Prod" / "Shop.template.json"
    other = write(tmp_path / "other", {"manifest.json": {"artifacts": {"Shop": STACK}}, "Shop.template.json": {}})
    assert named(other / "Shop.template.json") is None
    (other / NAME).symlink_to(app / NAME)
    assert named(other / "Shop.template.json") is None
    (other / NAME).unlink()
    (app / NAME).rename(other / NAME)
    assert named(other / "Shop.template.json") == "Shop.template.json"
    (tmp_path / "alias").symlink_to(other)
    assert named(tmp_path / "alias" / "Shop.template.json") == "Shop.template.json"
    (other / "Shop.template.json").unlink()
    (other / "Shop.template.json").symlink_to(template)
    assert named(other / "Shop.template.json") is None
    (other / "Shop.template.json").unlink()
    (other / "Shop.template.json").write_text("{}")
    (other / "manifest.json").unlink()
    (other / "manifest.json").symlink_to(template.parent / "manifest.json")
    assert named(other / "Shop.template.json") is None
    (tmp_path / "loop").symlink_to("loop")
    assert named(tmp_path / "loop" / "Shop.template.json") is None
