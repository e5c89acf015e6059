"""`check` on assemblies whose synths left acknowledgements."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from constructs_lib.cli.commands import commands
from tests.cli.template_files import write

Json = dict[str, Any]
DATABASE: Json = {
    "Type": "AWS::RDS::DBInstance",
    "Properties": {"Engine": "postgres", "EngineVersion": "16.4", "DBInstanceClass": "db.r6g.large"},
}
RULE = "overcommitted"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def template(stack: str, **database: Any) -> Json:
    """A budget that 700 reserved connections do not fit: 683 − 3 − 10 = 670."""
    own = {"construct_path": f"{stack}/Budget"}
    orders = {
        "max_connections": 683,
        "reserved": {"engine": 3, "admin": 10},
        "resource": {"logical_id": "Orders"},
        **own,
    }
    return {
        "Resources": {"Orders": DATABASE},
        "Metadata": {
            "ConnectionBudget": {
                "schema": 1,
                "databases": {"Orders": {**orders, **database}},
                "workloads": {"batch": {"kind": "reserved", "database": "Orders", "connections": 700, **own}},
            }
        },
    }


def on_budget(stack: str, **keys: Any) -> Json:
    return suppressed({"constructPath": f"{stack}/Budget"}, **keys)


def on_resource(template: str, logical_id: str = "Orders") -> Json:
    resource = {"templatePath": template, "logicalId": logical_id}
    return suppressed({"constructPath": f"Any/{logical_id}/Resource", "cloudFormationResource": resource})


def suppressed(construct: Json, *, rule: str = RULE, subject: str = "Orders") -> Json:
    return {
        "ruleName": rule,
        "ruleMetadata": {"subject": subject},
        "violatingConstructs": [construct],
        "reason": "load test",
    }


def assembly(root: Path, stacks: Json, *acknowledged: Json, stages: tuple[str, ...] = ()) -> Path:
    """What a synth leaves: templates by stack, the report, and stages with a stack of their own each."""
    content: Json = {"validation-report.json": {"pluginReports": [_plugin(acknowledged)]}} if acknowledged else {}
    for folder, held in {
        "": stacks,
        **{f"assembly-{name}/": {name: template(f"{name}/Shop")} for name in stages},
    }.items():
        artifacts: Json = {
            name: {"type": "aws:cloudformation:stack", "properties": {"templateFile": f"{name}.template.json"}}
            for name in held
        }
        if not folder:
            for name in stages:
                stage = {"directoryName": f"assembly-{name}"}
                artifacts[f"assembly-{name}"] = {"type": "cdk:cloud-assembly", "properties": stage}
        content[f"{folder}manifest.json"] = {"artifacts": artifacts}
        content |= {f"{folder}{name}.template.json": held[name] for name in held}
    return write(root, content)


def _plugin(acknowledged: tuple[Json, ...]) -> Json:
    return {"pluginName": "ConnectionBudget", "suppressedViolations": list(acknowledged)}


def check(*paths: Path | str, form: str = "json") -> Result:
    result = CliRunner().invoke(commands, ["check", *map(str, paths), "--format", form])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def errors(result: Result) -> list[tuple[str, str | None]]:
    """The subject of each error, and the reason it was acknowledged with."""
    found = json.loads(result.stdout)["findings"]
    return [(item["subject"], item.get("acknowledged")) for item in found if item["severity"] == "error"]


@pytest.mark.parametrize("acknowledgement", [on_budget("Shop"), on_resource("Shop.template.json")])
def test_an_error_that_was_acknowledged_on_the_budget_or_the_resource_is_shown_and_fails_nothing(
    here: Path, acknowledgement: Json
) -> None:
    folder = assembly(here / "cdk.out", {"Shop": template("Shop")}, acknowledgement)
    result = check(folder)
    assert errors(result) == [("Orders", "load test")]
    assert json.loads(result.stdout)["fits"] is False
    assert result.exit_code == 0
    text = check(folder, form="text")
    assert text.exit_code == 0
    assert "DOES NOT FIT: 700 connections" in text.stdout
    assert "  acknowledged: overcommitted (Orders): load test" in text.stdout.splitlines()


@pytest.mark.parametrize(
    "other",
    [
        on_budget("Shop", rule="no-room"),
        on_budget("Shop", subject="batch"),
        on_budget("Other"),
        on_budget("Shop/Budget"),
        on_resource("Shop.template.json", "Users"),
        on_resource("Other.template.json"),
        on_resource("assembly-Prod/Shop.template.json"),
        on_resource(""),
    ],
)
def test_another_rule_subject_budget_or_resource_is_not_it(here: Path, other: Json) -> None:
    result = check(assembly(here / "cdk.out", {"Shop": template("Shop")}, other))
    assert (errors(result), result.exit_code) == ([("Orders", None)], 1)


@pytest.mark.parametrize("acknowledgement", [on_budget("Two"), on_resource("Two.template.json")])
def test_of_two_stacks_whose_databases_have_one_name_the_acknowledged_one_is_meant(
    here: Path, acknowledgement: Json
) -> None:
    """The report calls both `Orders`; a check of both together cannot."""
    stacks = {"One": template("One"), "Two": template("Two")}
    result = check(assembly(here / "cdk.out", stacks, acknowledgement))
    assert (errors(result), result.exit_code) == ([("Orders", None), ("Two/Budget/Orders", "load test")], 1)


def test_both_are_where_both_were_acknowledged(here: Path) -> None:
    stacks = {"One": template("One"), "Two": template("Two")}
    assert check(assembly(here / "cdk.out", stacks, on_budget("One"), on_budget("Two"))).exit_code == 0


def test_an_app_has_no_acknowledgement_of_another(here: Path) -> None:
    """Both call their stack, its budget and its database the same."""
    one = assembly(here / "one", {"Shop": template("Shop")}, on_budget("Shop"))
    two = assembly(here / "two", {"Shop": template("Shop")})
    assert errors(check(one, two)) == [("Orders", "load test"), ("Shop/Budget/Orders", None)]
    assert errors(check(two, one)) == [("Orders", None), ("Shop/Budget/Orders", "load test")]
    assert check(one, two).exit_code == 1


@pytest.mark.parametrize("acknowledgement", [on_budget("Prod/Shop"), on_resource("assembly-Prod/Prod.template.json")])
def test_a_stages_acknowledgements_stand_in_the_report_of_its_app(here: Path, acknowledgement: Json) -> None:
    folder = assembly(here / "cdk.out", {}, acknowledgement, stages=("Beta", "Prod"))
    found = dict(errors(check(folder)))
    assert sorted(found.items()) == [("Orders", None), ("Prod/Shop/Budget/Orders", "load test")]
    assert check(folder / "assembly-Prod").exit_code == 0
    assert check(folder / "assembly-Prod" / "Prod.template.json").exit_code == 0
    assert check(folder / "assembly-Beta").exit_code == 1


def test_an_assembly_in_the_folder_of_another_that_is_no_stage_of_it_has_none_of_its_acknowledgements(
    here: Path,
) -> None:
    """An asset, such as the source of a pipeline, may hold what another app's synth has left."""
    folder = assembly(
        here / "cdk.out", {"Shop": template("Shop")}, on_budget("Shop"), on_resource("a/Shop.template.json")
    )
    assert check(assembly(folder / "a", {"Shop": template("Shop")})).exit_code == 1
    assert check(folder).exit_code == 0


def test_a_template_beside_a_report_that_the_manifest_does_not_name_has_no_acknowledgement(here: Path) -> None:
    """It is copied, or a link: the budget and the database of the other app are called the same. What it names has."""
    other = assembly(here / "other", {"Shop": template("Shop")}) / "Shop.template.json"
    folder = assembly(
        here / "cdk.out",
        {"Shop": template("Shop")},
        on_budget("Shop"),
        *(on_resource(f"{name}.template.json") for name in ("Copied", "Linked")),
    )
    (folder / "Copied.template.json").write_bytes(other.read_bytes())
    (folder / "Linked.template.json").symlink_to(other)
    for name in ("Copied", "Linked"):
        path = folder / f"{name}.template.json"
        assert errors(check(path)) == [("Orders", None)]
        both = dict(errors(check(path, folder / "Shop.template.json")))
        assert both == {"Orders": None, "Shop/Budget/Orders": "load test"}
    assert check(folder).exit_code == 0


def test_a_budget_of_another_app_is_not_acknowledged_by_a_resource_that_it_speaks_of(here: Path) -> None:
    """It stands in a template that was copied beside the other one, and says that the database is in there."""
    folder = assembly(here / "cdk.out", {"Shop": template("Shop")}, on_resource("Shop.template.json"))
    copied = template("Other", resource={"logical_id": "Orders", "template": "Shop.template.json"})
    write(folder, {"Copied.template.json": copied})
    found = errors(check(folder / "Copied.template.json", folder / "Shop.template.json"))
    assert [reason for subject, reason in found if subject == "Orders"] == [None]


def test_a_database_in_a_stage_with_a_report_of_its_own_is_none_of_the_apps_report(here: Path) -> None:
    """The stage's report calls its template as the app's report might call another one."""
    there = {"logical_id": "Orders", "template": "assembly-Prod/Prod.template.json"}
    shop = {"Shop": template("Shop", resource=there)}
    folder = assembly(here / "cdk.out", shop, on_resource("Prod.template.json"), stages=("Prod",))
    write(folder / "assembly-Prod", {"validation-report.json": {"pluginReports": []}})
    found = dict(errors(check(folder / "Shop.template.json", folder / "assembly-Prod" / "Prod.template.json")))
    assert found["Orders"] is None


def test_a_template_that_several_nested_stacks_use_has_one_name_in_the_report(here: Path) -> None:
    """Which the manifest of the assets has, and the manifest of the assembly has not."""
    inner = {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "Inner.nested.template.json"}}
    folder = assembly(
        here / "cdk.out",
        {"Shop": {"Resources": {name: {**inner, "Properties": {"TemplateURL": name}} for name in ("One", "Two")}}},
        on_resource("Inner.nested.template.json"),
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["artifacts"]["Assets"] = {"type": "cdk:asset-manifest", "properties": {"file": "Shop.assets.json"}}
    assets = {"files": {"abc": {"source": {"path": "Inner.nested.template.json"}}}}
    nested = {"Inner.nested.template.json": template("Shop/One")}
    write(folder, {"manifest.json": manifest, "Shop.assets.json": assets, **nested})
    result = check(folder)
    assert {reason for _, reason in errors(result)} == {"load test"}
    assert result.exit_code == 0


def test_a_finding_is_acknowledged_on_the_resource_that_it_is_about_before_that_of_its_subject(here: Path) -> None:
    """A function that is let in and counted nowhere: the finding has the database as its subject and is about it."""
    groups = {name: {"Type": "AWS::EC2::SecurityGroup", "Properties": {}} for name in ("DbGroup", "Fn")}
    door = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "SourceSecurityGroupId": {"Ref": "Fn"}}
    groups["DbGroup"] = {**groups["DbGroup"], "Properties": {"SecurityGroupIngress": [door]}}
    function = {"VpcConfig": {"SecurityGroupIds": [{"Ref": "Fn"}]}}
    made = template("Shop")
    made["Resources"] = {
        "Orders": {**DATABASE, "Properties": {**DATABASE["Properties"], "VPCSecurityGroups": [{"Ref": "DbGroup"}]}},
        "Job": {"Type": "AWS::Lambda::Function", "Properties": function},
        **groups,
    }
    for logical_id, expected in (("Job", "load test"), ("Orders", None)):
        acknowledged = on_resource("Shop.template.json", logical_id) | {"ruleName": "unbudgeted-client"}
        found = json.loads(check(assembly(here / logical_id, {"Shop": made}, acknowledged)).stdout)["findings"]
        assert [item.get("acknowledged") for item in found if item["id"] == "unbudgeted-client"] == [expected]


def test_what_was_only_discovered_has_nobody_acknowledged(here: Path) -> None:
    """The template carries no budget: the database is found, and its service, 4 × 200 % × 1000 connections."""
    told = [
        {"Name": "DB_HOST", "Value": {"Fn::GetAtt": ["Users", "Endpoint.Address"]}},
        {"Name": "DB_POOL_SIZE", "Value": "1000"},
        {"Name": "DB_MAX_OVERFLOW", "Value": "0"},
    ]
    task = {"ContainerDefinitions": [{"Name": "api", "Command": ["uvicorn", "app:app"], "Environment": told}]}
    service = {"DesiredCount": 4, "TaskDefinition": {"Ref": "Task"}}
    plain = {
        "Resources": {
            "Users": DATABASE,
            "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": task},
            "Api": {"Type": "AWS::ECS::Service", "Properties": service},
        }
    }
    users = {"templatePath": "Plain.template.json", "logicalId": "Users"}
    resource = {"constructPath": "Plain/Users/Resource", "cloudFormationResource": users}
    acknowledged = [suppressed(item, subject="Users") for item in (resource, {"constructPath": "Plain/Budget"})]
    folder = assembly(here / "cdk.out", {"Plain": plain, "Shop": template("Shop")}, *acknowledged)
    made = json.loads(check(folder).stdout)["findings"]
    assert [item["subject"] for item in made if item["id"] == RULE] == ["Orders", "Users"]
    assert not [item for item in made if "acknowledged" in item]


def test_a_file_beside_the_templates_cannot_say_that_what_was_discovered_is_a_budgets(here: Path) -> None:
    acknowledged = suppressed({"constructPath": "Shop/Budget"}, subject="Users")
    folder = assembly(here / "cdk.out", {"Plain": {"Resources": {"Users": DATABASE}}}, acknowledged)
    said = {"databases": {"Users": {"construct_path": "Shop/Budget", "max_connections": 20}}}
    result = check(write(folder, {"connection-budget.yml": json.dumps(said)}))
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "connection-budget: cdk.out/connection-budget.yml: databases.Users.construct_path: must not be given beside"
    )


def test_a_report_that_cannot_be_read_is_no_report_and_that_is_said(here: Path) -> None:
    folder = assembly(here / "cdk.out", {"Shop": template("Shop")})
    (folder / "validation-report.json").write_text("{")
    result = check(folder)
    assert (errors(result), result.exit_code) == ([("Orders", None)], 1)
    assert result.stderr.count("no acknowledgement counts") == 1
    assert result.stderr.startswith("connection-budget: cdk.out/validation-report.json: line 1 column 2: not JSON")


def test_a_report_is_not_looked_at_where_nothing_is_found_of_a_budget(here: Path) -> None:
    content = template("Shop")
    content["Metadata"]["ConnectionBudget"]["workloads"]["batch"]["connections"] = 500
    folder = assembly(here / "cdk.out", {"Shop": content})
    (folder / "validation-report.json").write_text("{")
    result = check(folder)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_change_is_judged_without_acknowledgements(here: Path) -> None:
    folder = assembly(here / "cdk.out", {"Shop": template("Shop")}, on_budget("Shop"))
    assert CliRunner().invoke(commands, ["diff", str(folder), str(folder)]).exit_code == 1
