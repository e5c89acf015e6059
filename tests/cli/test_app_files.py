"""Finding the templates of an app."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.cli import app_files
from constructs_lib.cli.app_files import read_assemblies
from constructs_lib.limits import Unknown
from constructs_lib.template.databases import database_facts
from tests.cli.template_files import SERVICE, Json, refusal, write

FIXTURES = Path(__file__).parent.parent / "template" / "fixtures"
STACK = "AWS::CloudFormation::Stack"


def test_a_template_is_resolved_as_it_is_looked_at() -> None:
    """Testing, so one task; the largest maximum waits for PeakTasks; the group of the size table gives 150."""
    (app,) = read_assemblies(FIXTURES / "shop.yaml")
    shop = app["shop.yaml"]
    services = dict(shop.of_type("AWS::ECS::Service"))
    assert list(services) == ["Api"]
    assert services["Api"]["DesiredCount"] == 1
    assert services["Api"]["ServiceName"] == "shop-test-api"
    facts = database_facts(shop, shop.properties("Database") or {}, None)
    assert (facts["engine_version"], facts["instance_class"]) == ("16.10", "db.t4g.small")
    assert str(facts["parameter_max_connections"]) == "150"
    assert shop.assumed_parameters == {"Stage", "Subnets"}


def test_what_is_given_for_a_parameter_decides() -> None:
    given = {"Stage": "production", "ApiTasks": "6", "PeakTasks": "100"}
    (app,) = read_assemblies(FIXTURES / "shop.yaml", parameters=given)
    api = app["shop.yaml"].properties("Api") or {}
    assert (api["DesiredCount"], api["DeploymentConfiguration"]["MaximumPercent"]) == ("6", 100)
    assert app["shop.yaml"].assumed_parameters == {"Subnets"}


def test_a_secret_never_leaves_its_parameter() -> None:
    (app,) = read_assemblies(FIXTURES / "shop.yaml", parameters={"DatabasePassword": "hush"})
    assert "hush" not in str(app["shop.yaml"].properties("Database"))
    assert "not-for-any-report" not in str(app["shop.yaml"].properties("Database"))


def test_a_value_that_a_parameter_may_not_have_is_refused() -> None:
    reason = refusal(FIXTURES / "shop.yaml", parameters={"Stage": "prod"})
    assert reason == "the parameter Stage must be one of 'test', 'production', got 'prod'"
    read_assemblies(FIXTURES / "shop.yaml", parameters={"Stage": "production"})


@pytest.mark.parametrize("value", ["abc", "", "1e3x", "²", "1,2"])
def test_a_parameter_that_is_a_number_is_given_one(tmp_path: Path, value: str) -> None:
    write(tmp_path, {"main.json": {**SERVICE, "Parameters": {"Tasks": {"Type": "Number"}}}})
    assert refusal(tmp_path, parameters={"Tasks": value}) == f"the parameter Tasks must be a number, got {value!a}"
    for number in ("4", "-1", " 2.5 "):
        read_assemblies(tmp_path, parameters={"Tasks": number})
    write(tmp_path, {"main.json": {**SERVICE, "Parameters": {"Tasks": {"Type": ["Number"]}}}})
    read_assemblies(tmp_path, parameters={"Tasks": value})


def test_a_nested_stack_is_found_by_the_address_that_a_parameter_is_given(tmp_path: Path) -> None:
    nested = {"Type": STACK, "Properties": {"TemplateURL": {"Ref": "Where"}}}
    parent = {"Parameters": {"Where": {"Type": "String"}}, "Resources": {"Inner": nested}}
    write(tmp_path, {"main.json": parent, "inner.json": SERVICE})
    (app,) = read_assemblies(tmp_path, parameters={"Where": "https://s3.amazonaws.com/bucket/inner.json"})
    assert app.unlinked == []
    (app,) = read_assemblies(tmp_path)
    assert [logical_id for _, logical_id in app.unlinked] == ["Inner"]


def test_a_parameter_that_no_template_has_is_refused() -> None:
    reason = refusal(FIXTURES / "hook.yaml", parameters={"ShopStak": "x"})
    assert reason == "no template has the parameter 'ShopStak'; there are: ShopStack"


def test_a_folder_of_more_files_than_are_looked_at_is_refused_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_files, "MOST_FILES", 2)
    write(tmp_path, {"a.json": SERVICE, "inner/b.yaml": "no: template", "inner/c.txt": "neither counted"})
    (app,) = read_assemblies(tmp_path)
    assert list(app) == ["a.json"]
    write(tmp_path, {"inner/d.json": SERVICE})
    assert refusal(tmp_path) == ": more than 2 JSON and YAML files: name a smaller folder"


def test_the_templates_of_a_folder_are_one_app(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            **{name: (FIXTURES / name).read_text(encoding="utf-8") for name in ("shop.yaml", "hook.yaml")},
            "package.json": {"name": "AWS::nothing"},
            "values.yaml": "image: {{ AWS::helm }}",
            "node_modules/x/template.json": SERVICE,
            ".hidden/template.json": SERVICE,
            "notes.md": "AWS::ECS::Service",
            "deep/er/service.template": SERVICE,
        },
    )
    (app,) = read_assemblies(folder)
    assert sorted(app) == ["deep/er/service.template", "hook.yaml", "shop.yaml"]
    rule = app["shop.yaml"].properties("FromHook") or {}
    target = app.target(app["shop.yaml"], rule["SourceSecurityGroupId"])
    assert not isinstance(target, Unknown)
    assert (target.template.name, target.logical_id) == ("hook.yaml", "HookGroup")


def test_nested_templates_that_packages_bring_along_are_read_with_what_names_them(tmp_path: Path) -> None:
    """They lie where nobody looks for templates, one names the next, and none leads out of the folder."""

    def nesting(*urls: str) -> Json:
        return {
            "Resources": {f"N{at}": {"Type": STACK, "Properties": {"TemplateURL": url}} for at, url in enumerate(urls)}
        }

    package = "node_modules/@shop/alerting"
    outer = nesting(f"./{package}/module.yml", "../outside.json", "https://s3/x.json", "gone.json", "a\0.json")
    folder = tmp_path / "app"
    write(
        folder,
        {
            "app.json": outer,
            f"{package}/module.yml": json.dumps(nesting("inner.json")),
            f"{package}/inner.json": SERVICE,
        },
    )
    write(tmp_path, {"outside.json": SERVICE})
    for path in (folder, folder / "app.json"):
        (app,) = read_assemblies(path)
        assert sorted(app) == ["app.json", f"{package}/inner.json", f"{package}/module.yml"]
        assert app["app.json"].children["N0"] is app[f"{package}/module.yml"]
        assert {logical_id for _, logical_id in app.unlinked} == {"N1", "N2", "N3", "N4"}


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    write(tmp_path, {"app.json": SERVICE})
    assert [list(app) for app in read_assemblies(tmp_path)] == [["app.json"]]


def test_nested_stacks_are_read_with_what_they_are_given() -> None:
    (app,) = read_assemblies(FIXTURES / "nested")
    counts = {
        at.template.name: (at.template.properties("Service") or {})["DesiredCount"]
        for at in app.of_type("AWS::ECS::Service")
    }
    assert counts == {"service.yaml": "4", "service.yaml#Workers": "6"}


def stack(file: str, environment: str = "aws://unknown-account/unknown-region", **properties: Any) -> Json:
    return {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {"templateFile": file, **properties},
    }


def test_a_cloud_assembly_is_read_by_its_manifest_with_its_nested_stacks_and_stages(tmp_path: Path) -> None:
    nesting = {"Type": STACK, "Properties": {"TemplateURL": {"Fn::Sub": "https://s3.${AWS::Region}/assets/abc.json"}}}
    child = {"Resources": {"Api": {"Type": "AWS::ECS::Service", "Properties": {"Where": {"Ref": "AWS::Region"}}}}}
    assets = {
        "files": {"abc": {"source": {"path": "AppNested.nested.template.json"}}, "def": {"source": {"path": "x.zip"}}}
    }
    write(
        tmp_path,
        {
            "manifest.json": {
                "version": "48.0.0",
                "artifacts": {
                    "App": stack("App.template.json", "aws://123456789012/eu-west-1"),
                    "App.assets": {"type": "cdk:asset-manifest", "properties": {"file": "App.assets.json"}},
                    "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
                    "Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}},
                },
            },
            "App.template.json": {"Resources": {"Nested": nesting}},
            "App.assets.json": assets,
            "AppNested.nested.template.json": child,
            "OldNested.nested.template.json": SERVICE,
            "assembly-Prod/manifest.json": {"artifacts": {"ProdApp": stack("ProdApp.template.json")}},
            "assembly-Prod/ProdApp.template.json": SERVICE,
        },
    )
    app, stage = read_assemblies(tmp_path)
    assert sorted(app) == ["App.template.json", "AppNested.nested.template.json"]
    assert app["App.template.json"].children["Nested"] is app["AppNested.nested.template.json"]
    assert (app["AppNested.nested.template.json"].properties("Api") or {})["Where"] == "eu-west-1"
    assert (stage.name, list(stage)) == ("assembly-Prod", ["ProdApp.template.json"])
    assert [item.name for item in read_assemblies(tmp_path / "manifest.json")] == [app.name, stage.name]


@pytest.mark.parametrize("name", ["../secret.json", "/etc/hosts", "a\0b", "a\ud800"])
def test_a_manifest_reaches_no_file_outside_of_its_folder(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"manifest.json": {"artifacts": {"A": stack(name)}}})
    assert refusal(tmp_path) == f"/manifest.json: {name!a} is outside of the assembly"


@pytest.mark.parametrize("names", [["."], ["inner", "./inner"], ["inner"]])
def test_a_stage_that_leads_back_or_stands_twice_is_refused_and_not_followed_for_ever(
    tmp_path: Path, names: list[str]
) -> None:
    def stages(*folders: str) -> Json:
        found = {
            f"{at}": {"type": "cdk:cloud-assembly", "properties": {"directoryName": folder}}
            for at, folder in enumerate(folders)
        }
        return {"artifacts": {"A": stack("A.template.json"), **found}}

    inner = stages(".") if len(names) == 1 else stages()
    files = {"A.template.json": SERVICE, "inner/A.template.json": SERVICE, "inner/manifest.json": inner}
    write(tmp_path, {**files, "manifest.json": stages(*names)})
    assert refusal(tmp_path).endswith("/manifest.json: two stages have this folder, or it is a stage of itself")


def test_a_link_to_itself_is_refused_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, {"manifest.json": {"artifacts": {"A": stack("A.template.json")}}})
    (tmp_path / "A.template.json").symlink_to("A.template.json")
    assert refusal(tmp_path).startswith("/A.template.json: ")


@pytest.mark.parametrize("manifest", [[], {"artifacts": []}, {"artifacts": {"A": 5, "B": {"type": {}}}}, {"a": 1}])
def test_a_manifest_without_stacks_is_no_app(tmp_path: Path, manifest: object) -> None:
    write(tmp_path, {"manifest.json": json.dumps(manifest)})
    assert refusal(tmp_path) == ": no CloudFormation template in this folder"
