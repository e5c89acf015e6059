"""SARIF, against its schema and against what GitHub asks for."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.rules import RULES
from constructs_lib.report.places import NOWHERE, Places
from constructs_lib.report.sarif import sarif
from tests.budget.orders import client, document, entry, planned, reached

Json = dict[str, Any]
HERE = Path(__file__).parent
SCHEMA = json.loads((HERE / "schema" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA, format_checker=jsonschema.FormatChecker())
DOCUMENTS = sorted((HERE / "golden").glob("*.document.json"))
TOO_MANY = entry(tasks=4, pool_size=200, max_overflow=0, resource={"logical_id": "Api"})
TEMPLATE = "cdk.out/Shop app.template.json"


def run(made: Plan, places: Places = NOWHERE) -> Json:
    log = json.loads(sarif(made, places))
    VALIDATOR.validate(log)
    (only,) = log["runs"]
    return dict(only)


def result(made: Plan, places: Places, rule: str) -> Json:
    (found,) = [item for item in run(made, places)["results"] if item["ruleId"] == rule]
    return dict(found)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name.partition(".")[0])
def test_every_golden_document_makes_a_valid_log_with_its_findings_in_order(path: Path) -> None:
    made = plan(Document.read(json.loads(path.read_text(encoding="utf-8"))))
    results = run(made, Places(file="budget.json"))["results"]
    assert [item["ruleId"] for item in results] == [finding.id for finding in made.findings]


def test_the_schema_refuses_what_is_no_sarif() -> None:
    """So that a validator which accepts anything would be noticed."""
    log = json.loads(sarif(planned({"api": TOO_MANY})))
    del log["runs"][0]["results"][0]["message"]
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(log)


def test_every_rule_is_described_and_every_result_points_at_its_own() -> None:
    made = run(planned({"api": TOO_MANY}))
    rules = made["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
    for rule, described in zip(RULES, rules, strict=True):
        assert rule.remedy in described["help"]["text"]
        assert rule.example in described["help"]["text"]
    assert all(rules[item["ruleIndex"]]["id"] == item["ruleId"] for item in made["results"])


def test_levels_are_those_that_sarif_has_a_word_for() -> None:
    made = planned({"api": {"database": "orders", "pool_size": 200, "max_overflow": 0}})
    assert {(item["ruleId"], item["level"]) for item in run(made)["results"]} == {("assumed", "note")}
    assert result(planned({"api": TOO_MANY}), NOWHERE, "overcommitted")["level"] == "error"


def test_a_finding_points_at_the_line_of_its_resource() -> None:
    lines = {Resource(logical_id="Api", template=TEMPLATE): 42}
    unbounded = entry(tasks=4, pool_size=0, max_overflow=5, resource={"logical_id": "Api"})
    found = result(planned({"api": unbounded}), Places(file=TEMPLATE, lines=lines), "unbounded-pool")
    assert found["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "cdk.out/Shop%20app.template.json", "uriBaseId": "SRCROOT"},
                "region": {"startLine": 42},
            },
            "logicalLocations": [
                {"name": "Api", "fullyQualifiedName": f"{TEMPLATE}#/Resources/Api", "kind": "resource"}
            ],
        }
    ]


def test_a_client_is_where_its_finding_points_and_the_database_is_what_it_is_about() -> None:
    """Of what has an address of a range, the first; the finding is known by the database as long as it is one of it."""
    host, report = client("Host"), client("Report")
    where = {"resource": {"logical_id": "Orders"}}
    names = {
        Resource(logical_id=name, template=TEMPLATE): at for at, name in enumerate(["Orders", "Host", "Report"], 2)
    }
    places = Places(file=TEMPLATE, lines=names)

    def seen(made: Plan) -> tuple[list[str], list[str]]:
        found = result(made, places, "unbudgeted-client")
        shown = [found["locations"], found.get("relatedLocations", [])]
        first, related = ([item["logicalLocations"][0]["name"] for item in locations] for locations in shown)
        return first, related

    of_groups = reached(document({}, **where), host)
    of_range = reached(document({}, **where), possible=(host, report))
    assert seen(of_groups) == (["Host"], ["Orders"])
    assert seen(of_range) == (["Host"], ["Report", "Orders"])
    prints = [
        result(reached(document({}, **where), possible=possible), places, "unbudgeted-client")["partialFingerprints"]
        for possible in ((host, report), (report, host))
    ]
    assert prints[0] == prints[1]


def test_a_client_whose_line_is_not_known_is_no_place_to_look_where_the_databases_is() -> None:
    made = reached(document({}, resource={"logical_id": "Orders"}), possible=(client("Host"),))
    lines = {Resource(logical_id="Orders", template=TEMPLATE): 7}
    (location,) = result(made, Places(file=TEMPLATE, lines=lines), "unbudgeted-client")["locations"]
    assert location["physicalLocation"]["region"]["startLine"] == 7


def test_a_finding_without_a_resource_points_at_the_file_and_one_without_a_file_nowhere() -> None:
    made = planned({"api": TOO_MANY})
    located = result(made, Places(file="/srv/budget.json"), "overcommitted")["locations"]
    assert located == [
        {"physicalLocation": {"artifactLocation": {"uri": "file:///srv/budget.json"}, "region": {"startLine": 1}}}
    ]
    assert result(made, NOWHERE, "overcommitted")["locations"] == []


def test_a_fingerprint_stays_when_numbers_and_lines_change_and_differs_between_subjects() -> None:
    def fingerprints(workload: Json, line: int = 1) -> Json:
        lines = {Resource(logical_id="Api", template=TEMPLATE): line}
        made = planned({"api": workload, "other": {**workload, "resource": {"logical_id": "Other"}}})
        results = run(made, Places(file=TEMPLATE, lines=lines))["results"]
        return {item["properties"]["subject"]: item["partialFingerprints"] for item in results}

    before = fingerprints(entry(tasks=4, pool_size=0, max_overflow=5, resource={"logical_id": "Api"}))
    after = fingerprints(entry(tasks=9, pool_size=0, max_overflow=7, resource={"logical_id": "Api"}), line=99)
    assert before == after
    assert before["api"] != before["other"]
    assert before["api"]["primaryLocationLineHash"] == before["api"]["connectionBudget/v1"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("[a](http://b)", r"\[a\](http://b)"), ("{0}", "{{0}}"), ("a\\b", r"a\\b")],
)
def test_a_name_is_neither_a_link_nor_a_placeholder(name: str, shown: str) -> None:
    found = result(planned({name: entry(tasks=4, pool_size=0, max_overflow=5)}), NOWHERE, "unbounded-pool")
    assert shown in found["message"]["text"]


def test_what_is_found_of_a_discovered_workload_comes_with_why_it_counts() -> None:
    unbounded = entry(tasks=4, pool_size=0, max_overflow=5)
    found = result(
        planned({"api": {**unbounded, "evidence": "{DB_HOST} of container 'web'"}}), NOWHERE, "unbounded-pool"
    )
    paragraphs = found["message"]["text"].split("\n\n")
    assert paragraphs[1] == "api connects to orders: {{DB_HOST}} of container 'web'."
    assert paragraphs[2].startswith("Fix: ")
    assert found["properties"]["evidence"] == "{DB_HOST} of container 'web'"
    declared = result(planned({"api": unbounded}), NOWHERE, "unbounded-pool")
    assert "evidence" not in declared["properties"]
    assert declared["message"]["text"].count("\n\n") == 1
    assert declared["partialFingerprints"] == found["partialFingerprints"]


def test_a_finding_about_a_database_has_nothing_of_a_workload_of_the_same_name() -> None:
    made = planned({"orders": {**TOO_MANY, "evidence": "DB_HOST"}})
    assert "evidence" not in result(made, NOWHERE, "overcommitted")["properties"]
