"""`connection-budget diff`."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from constructs_lib.cli.commands import commands

Json = dict[str, Any]


def budget(**workloads: Json) -> Json:
    """670 usable connections; every deployment runs no more than the tasks there are."""
    return {
        "schema": 1,
        "databases": {"orders": {"max_connections": 683, "reserved": {"engine": 3, "admin": 10}}},
        "workloads": {
            name: {"database": "orders", "maximum_percent": 100, "max_overflow": 0, **keys}
            for name, keys in workloads.items()
        },
    }


BASE = budget(api={"tasks": 4, "pool_size": 100}, workers={"tasks": 2, "pool_size": 100})
SWAPPED = budget(api={"tasks": 4, "pool_size": 50}, workers={"tasks": 4, "pool_size": 100})
SMALLER = budget(api={"tasks": 4, "pool_size": 50}, workers={"tasks": 2, "pool_size": 100})


def run(folder: Path, base: Json, head: Json, *arguments: str) -> Result:
    for name, content in (("base.json", base), ("head.json", head)):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return CliRunner().invoke(commands, ["diff", str(folder / "base.json"), str(folder / "head.json"), *arguments])


def words(result: Result) -> str:
    """What was printed, whatever the lines."""
    return " ".join(result.stdout.split())


def test_a_change_that_shrinks_fits(tmp_path: Path) -> None:
    """600 before, 400 after."""
    result = run(tmp_path, BASE, SMALLER)
    assert result.exit_code == 0
    assert "changed workload api: pool_size 100 → 50, peak 400 → 200" in result.stdout
    assert "orders: at most 600 of 670" in result.stdout
    assert result.stdout.endswith("FITS\n")


def test_two_budgets_that_fit_with_a_way_between_that_does_not_exit_1(tmp_path: Path) -> None:
    """The API's 400 before and the workers' 400 after, of 670; with the API's 200 after they are 600."""
    result = run(tmp_path, BASE, SWAPPED)
    assert result.exit_code == 1
    assert "while the change deploys, orders can be asked for 800 connections" in result.stdout
    assert "deploy in two steps: first api with pool_size=50, and nothing else; then" in words(result)
    between = budget(api={"tasks": 4, "pool_size": 50}, workers={"tasks": 2, "pool_size": 100})
    assert run(tmp_path, BASE, between).exit_code == 0
    assert run(tmp_path, between, SWAPPED).exit_code == 0


def test_the_first_of_two_steps_names_everything_that_it_changes(tmp_path: Path) -> None:
    """4 × 4 × 25 = 400 of 670 before, and 4 × 1 × 10 = 40 of 187 after: the server must not shrink before the tasks."""
    base = budget(api={"tasks": 4, "processes": 4, "pool_size": 25})
    head = budget(api={"tasks": 4, "processes": 1, "pool_size": 10})
    head["databases"]["orders"]["max_connections"] = 200
    result = run(tmp_path, base, head)
    assert result.exit_code == 1
    assert "fix: deploy in two steps: first api with processes=1 and pool_size=10, and nothing else" in words(result)
    assert max(map(len, result.stdout.splitlines())) <= 100
    step = budget(api={"tasks": 4, "processes": 1, "pool_size": 10})
    assert run(tmp_path, base, step).exit_code == run(tmp_path, step, head).exit_code == 0


def test_a_larger_server_may_be_the_first_of_two_steps(tmp_path: Path) -> None:
    """4 × 40 = 160 of 187 before, 4 × 90 = 360 of 387 after: while it deploys the old server may still be there."""
    base, head = budget(api={"tasks": 4, "pool_size": 40}), budget(api={"tasks": 4, "pool_size": 90})
    base["databases"]["orders"]["max_connections"], head["databases"]["orders"]["max_connections"] = 200, 400
    result = run(tmp_path, base, head)
    assert "first orders as it will be, with 387 usable connections, and nothing else" in words(result)
    assert "in one step it fits with any one of: pool_size=46 and max_overflow=0 for api instead of 90 and 0" in words(
        result
    )
    step = {**base, "databases": head["databases"]}
    assert run(tmp_path, base, step).exit_code == run(tmp_path, step, head).exit_code == 0
    smaller = budget(api={"tasks": 4, "pool_size": 46})
    assert run(tmp_path, base, {**smaller, "databases": head["databases"]}).exit_code == 0


def test_no_steps_are_made_up_where_none_were_found(tmp_path: Path) -> None:
    """What is deployed exceeds the server itself, 4 × 200 = 800 of 670; its successor's 4 × 100 stand beside it."""
    base, head = budget(api={"tasks": 4, "pool_size": 200}), budget(api={"tasks": 4, "pool_size": 100})
    for side, logical_id in ((base, "Api"), (head, "ApiV2")):
        side["workloads"]["api"]["resource"] = {"logical_id": logical_id}
    result = run(tmp_path, base, head)
    assert result.exit_code == 1
    assert "deploy in two steps" not in result.stdout
    assert "fix: what is deployed can exceed the server already" in words(result)


@pytest.mark.parametrize("deployed", [160, 200])
def test_where_the_end_does_not_fit_by_itself_no_steps_are_counted(tmp_path: Path, deployed: int) -> None:
    """4 × 170 = 680 of 670, after 4 × 160 = 640, which fit, and after 4 × 200, which do not."""
    base, head = budget(api={"tasks": 4, "pool_size": deployed}), budget(api={"tasks": 4, "pool_size": 170})
    result = run(tmp_path, base, head)
    assert result.exit_code == 1
    assert "fix: what is to be deployed does not fit by itself, and no number of steps helps: mend that first" in words(
        result
    )
    assert "deploy in" not in words(result)
    head["workloads"]["api"] = {**head["workloads"]["api"], "pool_size": 10, "tasks": {"unknown": "Fn::If"}}
    assert "fix: what is to be deployed cannot be shown to fit by itself" in words(run(tmp_path, base, head))


def test_what_goes_is_the_first_of_two_steps_and_what_comes_the_second(tmp_path: Path) -> None:
    """4 × 100 = 400 of 670 go and as many come; workers stay at 2 × 100 = 200, which with both would be 1000."""
    workers = {"tasks": 2, "pool_size": 100}
    base = budget(old={"tasks": 4, "pool_size": 100}, workers=workers)
    head = budget(new={"tasks": 4, "pool_size": 100}, workers=workers)
    result = run(tmp_path, base, head)
    assert result.exit_code == 1
    assert "fix: deploy in two steps: first old removed, and nothing else; then, once that is stable, the rest" in (
        words(result)
    )
    step = budget(workers=workers)
    assert run(tmp_path, base, step).exit_code == run(tmp_path, step, head).exit_code == 0


def test_what_goes_and_what_shrinks_may_both_be_needed_first(tmp_path: Path) -> None:
    """200 + 400 of 670 become 200 + 350, the new ones beside the API's 400: neither 600 + 200 nor 400 + 350 fit."""
    base = budget(old={"tasks": 2, "pool_size": 100}, api={"tasks": 4, "pool_size": 100})
    head = budget(api={"tasks": 4, "pool_size": 50}, new={"tasks": 5, "pool_size": 70})
    result = run(tmp_path, base, head)
    assert "first old removed, api with pool_size=50, and nothing else" in words(result)
    step = budget(api={"tasks": 4, "pool_size": 50})
    assert run(tmp_path, base, step).exit_code == run(tmp_path, step, head).exit_code == 0


def test_a_proxy_that_goes_with_its_clients_makes_room_first(tmp_path: Path) -> None:
    """floor(683 × 60 %) = 409 of 670 go, and 4 × 100 = 400 come."""
    base, head = budget(api={"tasks": 4, "pool_size": 20}), budget(web={"tasks": 4, "pool_size": 100})
    base["proxies"] = {"front": {"database": "orders", "max_connections_percent": 60}}
    base["workloads"]["api"] = {"proxy": "front", "tasks": 4, "pool_size": 20, "max_overflow": 0}
    result = run(tmp_path, base, head)
    assert result.exit_code == 1
    assert "first front removed, api removed, and nothing else" in words(result)


def test_what_moves_to_another_server_is_not_said_to_be_removed(tmp_path: Path) -> None:
    """4 × 100 = 400 of 670 move to another server, and 400 come in their place."""
    base, head = (budget(api={"tasks": 4, "pool_size": 100}) for _ in range(2))
    for side in (base, head):
        side["databases"]["other"] = side["databases"]["orders"]
    head["workloads"]["api"] = {**head["workloads"]["api"], "database": "other"}
    head["workloads"]["web"] = base["workloads"]["api"]
    result = run(tmp_path, base, head)
    assert result.exit_code == 1
    assert "removed" not in result.stdout


def test_a_budget_that_does_not_fit_and_does_not_change_has_no_finding_about_a_change(tmp_path: Path) -> None:
    large = budget(api={"tasks": 4, "pool_size": 200})
    result = run(tmp_path, large, large)
    assert result.exit_code == 1
    assert "ERROR overcommitted" in result.stdout
    assert "transition-overcommitted" not in result.stdout


def test_json_has_the_changes_and_both_sums(tmp_path: Path) -> None:
    content = json.loads(run(tmp_path, BASE, SWAPPED, "--format", "json").stdout)
    assert list(content) == ["schema", "fits", "changes", "transition", "findings"]
    assert content["fits"] is False
    assert {"kind": "workloads", "name": "workers", "what": "changed"}.items() <= content["changes"][-1].items()
    assert content["changes"][-1]["values"]["tasks"] == {"from": 2, "to": 4}
    (bound,) = content["transition"]["orders"]
    assert (bound["accepts"], bound["peak"], bound["holds"]) == (670, 800, False)
    assert content["findings"][0]["id"] == "transition-overcommitted"


def test_markdown_takes_any_name_as_text(tmp_path: Path) -> None:
    odd = "<b>|x|</b> [a](b)"
    result = run(tmp_path, BASE, budget(**{odd: {"pool_size": 700}}), "--format", "markdown")
    assert result.exit_code == 1
    assert "<b>" not in result.stdout
    assert "added workload &lt;b&gt;\\|x\\|&lt;/b&gt; \\[a\\](b)" in result.stdout
    assert "| pool_size | none | 700 |" in result.stdout
    assert all(line.count("|") - line.count("\\|") in {0, 5} for line in result.stdout.splitlines())


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_nothing_changes_between_a_budget_and_itself(tmp_path: Path, form: str) -> None:
    result = run(tmp_path, BASE, BASE, "--format", form)
    assert result.exit_code == 0
    assert {"text": "  none", "markdown": "No change.", "json": '"changes": []'}[form] in result.stdout


def test_a_rollback_that_would_not_fit_is_a_warning(tmp_path: Path) -> None:
    """From 4 tasks of 80 to 8 of 40 there are 4 × 80 + 8 × 40 = 640; back, 8 × 80 + 8 × 40 = 960."""
    before = budget(api={"tasks": 2, "max_tasks": 4, "pool_size": 80, "maximum_percent": 200})
    after = budget(api={"tasks": 2, "max_tasks": 8, "pool_size": 40, "maximum_percent": 200})
    result = run(tmp_path, before, after)
    assert result.exit_code == 0
    assert "WARNING rollback-overcommitted: if the change is rolled back, orders can be asked for 960" in result.stdout


def test_a_template_with_a_budget_is_taken_for_one(tmp_path: Path) -> None:
    assert run(tmp_path, {"Metadata": {"ConnectionBudget": BASE}, "Resources": {}}, BASE).exit_code == 0


class TestTemplates:
    """A service of 4 tasks without surge, its pool in its container; 683 connections, 5 + 10 of them reserved."""

    def stack(self, *, pool: str = "50", service: str = "Api", metadata: bool = True, tasks: object = 4) -> Json:
        variables: Json = {"DB_POOL_SIZE": pool, "DB_MAX_OVERFLOW": "0"}
        variables |= {"DB_HOST": {"Fn::GetAtt": ["Db", "Endpoint.Address"]}}
        variables |= {"DB_POOL_TIMEOUT": "30", "DB_POOL_RECYCLE": "1800", "DB_POOL_PRE_PING": "true"}
        variables |= {"DB_APPLICATION_NAME": "api", "RDS_MAX_CONNECTIONS": "683", "APP_INSTANCE_COUNT": "4"}
        variables |= {"DB_ADMIN_RESERVE": "483"}
        container = {
            "Name": "app",
            "Image": "x",
            "Environment": [{"Name": k, "Value": v} for k, v in variables.items()],
        }
        document = {
            "schema": 1,
            "databases": {"orders": {"max_connections": 683, "resource": {"logical_id": "Db"}}},
            "workloads": {
                "api": {"database": "orders", "pool_size": 50, "max_overflow": 0, "resource": {"logical_id": service}}
            },
        }
        percents = {"MaximumPercent": 100, "MinimumHealthyPercent": 0}
        resources = {
            "Db": {
                "Type": "AWS::RDS::DBInstance",
                "Properties": {"Engine": "postgres", "EngineVersion": "16.4", "DBInstanceClass": "db.t4g.medium"},
            },
            "Tasks": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [container]}},
            service: {
                "Type": "AWS::ECS::Service",
                "Properties": {
                    "TaskDefinition": {"Ref": "Tasks"},
                    "DesiredCount": tasks,
                    "DeploymentConfiguration": percents,
                },
            },
        }
        return {**({"Metadata": {"ConnectionBudget": document}} if metadata else {}), "Resources": resources}

    def assembly(self, folder: Path, content: Json) -> Path:
        folder.mkdir()
        stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "App.template.json"}}
        (folder / "manifest.json").write_text(json.dumps({"version": "41.0.0", "artifacts": {"App": stack}}))
        (folder / "App.template.json").write_text(json.dumps(content))
        return folder

    def diff(self, base: Path | str, head: Path | str, *arguments: str) -> Result:
        return CliRunner().invoke(commands, ["diff", str(base), str(head), *arguments])

    def test_two_assemblies_are_compared(self, tmp_path: Path) -> None:
        """4 × 50 on either side, the same service of the same file."""
        base = self.assembly(tmp_path / "old", self.stack())
        head = self.assembly(tmp_path / "cdk.out", self.stack())
        result = self.diff(base, head)
        assert result.exit_code == 0, result.output
        assert "orders: at most 200 of 668" in result.stdout

    def test_a_container_that_was_changed_after_the_budget_is_seen_as_it_is(self, tmp_path: Path) -> None:
        """The record says 4 × 50; the old containers have 4 × 160 = 640, the new ones the record's 50."""
        base = self.assembly(tmp_path / "old", self.stack(pool="160"))
        head = self.assembly(tmp_path / "cdk.out", self.stack())
        result = self.diff(base, head)
        assert result.exit_code == 0, result.output
        assert "api 640 (peak before)" in result.stdout
        back = self.diff(head, base)
        assert back.exit_code == 1
        assert "ERROR environment-conflict" in back.stdout

    def test_a_replaced_service_runs_beside_the_one_it_replaces(self, tmp_path: Path) -> None:
        """4 × 90 twice = 720, of 683 − 5 − 10 = 668."""
        base, head = (
            self.assembly(tmp_path / name, self.stack(pool="90", service=service, metadata=False))
            for name, service in (("old", "Api"), ("new", "ApiV2"))
        )
        (tmp_path / "old" / "connection-budget.yml").write_text("databases: {Db: {max_connections: 683}}")
        (tmp_path / "new" / "connection-budget.yml").write_text("databases: {Db: {max_connections: 683}}")
        result = self.diff(base, head)
        assert result.exit_code == 1
        assert "while the change deploys, Db can be asked for 720 connections" in result.stdout

    def test_templates_that_no_budget_was_written_into_are_discovered(self, tmp_path: Path) -> None:
        """A file in YAML against one in JSON under another name: the same service, 4 × 10 → 4 × 20."""
        old, new = tmp_path / "old.yaml", tmp_path / "new.json"
        old.write_text(json.dumps(self.stack(pool="10", metadata=False)))
        new.write_text(json.dumps(self.stack(pool="20", metadata=False)))
        result = self.diff(old, new)
        assert result.exit_code == 0, result.output
        assert "changed workload Api: pool_size 10 → 20, peak 40 → 80" in result.stdout
        assert "Api 80 (peak after)" in result.stdout

    def test_a_desired_count_that_nothing_scales_is_lowered_with_the_task_definition(self, tmp_path: Path) -> None:
        """6 × 50 before and 3 × 100 after, at 100 %: ECS starts new tasks within the new count alone."""
        old, new = tmp_path / "old.json", tmp_path / "new.json"
        old.write_text(json.dumps(self.stack(pool="50", metadata=False, tasks=6)))
        new.write_text(json.dumps(self.stack(pool="100", metadata=False, tasks=3)))
        result = self.diff(old, new)
        assert result.exit_code == 0, result.output
        assert "Api 300 (peak before and after)" in result.stdout

    def test_a_parameter_is_given_to_the_side_that_has_it(self, tmp_path: Path) -> None:
        old, new = tmp_path / "old.json", tmp_path / "new.json"
        old.write_text(json.dumps(self.stack(pool="10", metadata=False)))
        head = {
            **self.stack(pool="10", metadata=False, tasks={"Ref": "Count"}),
            "Parameters": {"Count": {"Type": "Number"}},
        }
        new.write_text(json.dumps(head))
        assert self.diff(old, new).exit_code == 1
        result = self.diff(old, new, "--parameter", "Count=6")
        assert result.exit_code == 0, result.output
        assert "Api 60 (peak after)" in result.stdout
        refused = self.diff(old, new, "--parameter", "Cont=6")
        assert refused.exit_code == 2
        assert "neither side has the parameter 'Cont'; there are: Count" in refused.stderr

    def test_a_parameter_may_have_had_another_value_when_the_base_was_deployed(self, tmp_path: Path) -> None:
        """6 × 10 before and 40 × 10 after; the same file is both sides."""
        path = tmp_path / "shop.json"
        parameters = {"Count": {"Type": "Number"}}
        path.write_text(json.dumps({**self.stack(tasks={"Ref": "Count"}, metadata=False), "Parameters": parameters}))
        result = self.diff(path, path, "--parameter", "Count=40", "--base-parameter", "Count=6")
        assert "tasks 6 → 40" in " ".join(result.stdout.split())
        assert "tasks" not in self.diff(path, path, "--parameter", "Count=6").stdout.partition("While")[0]
        refused = self.diff(path, path, "--base-parameter", "Cont=6")
        assert refused.exit_code == 2
        assert "BASE does not have the parameter 'Cont'; there are: Count" in refused.stderr
        assert "--base-parameter" in self.diff(path, path, "--base-parameter", "Count").stderr

    @pytest.mark.parametrize(
        ("base", "reason"),
        [
            ("gone", "gone: No such file or directory"),
            ("gone.yaml", "gone.yaml: No such file or directory"),
            ("empty", "empty: no CloudFormation template in this folder"),
            ("topic.json", "topic.json, so there is no budget to compare"),
        ],
    )
    def test_what_cannot_be_used_ends_with_2_and_one_line(self, tmp_path: Path, base: str, reason: str) -> None:
        (tmp_path / "empty").mkdir()
        (tmp_path / "topic.json").write_text('{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}')
        (tmp_path / "head.json").write_text(json.dumps(BASE))
        result = self.diff(tmp_path / base, tmp_path / "head.json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert reason in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_a_document_that_cannot_be_used_exits_2_and_names_the_file(tmp_path: Path) -> None:
    result = run(tmp_path, BASE, {**BASE, "schema": 2})
    assert result.exit_code == 2
    assert "head.json: schema: must be 1, got 2" in result.stderr


@pytest.mark.parametrize(
    ("kind", "key", "peak"), [("AWS::ECS::Service", "ServiceName", 200), ("AWS::Lambda::Function", "FunctionName", 40)]
)
def test_a_name_that_changes_makes_a_second_resource_beside_the_first(
    tmp_path: Path, kind: str, key: str, peak: int
) -> None:
    """10 tasks × (5 + 5) = 100 of the old service beside 100 of the new one; 20 environments × 1 of either function."""
    size = {"DB_HOST": {"Fn::GetAtt": ["Db", "Endpoint.Address"]}, "DB_POOL_SIZE": "5", "DB_MAX_OVERFLOW": "5"}
    container = {"Name": "web", "Environment": [{"Name": name, "Value": value} for name, value in size.items()]}
    database = {"Engine": "postgres", "EngineVersion": "16.4", "DBInstanceClass": "db.r6g.large"}
    properties: Json = (
        {"TaskDefinition": {"Ref": "Task"}, "DesiredCount": 10, "DeploymentConfiguration": {"MaximumPercent": 100}}
        if key == "ServiceName"
        else {"ReservedConcurrentExecutions": 20, "Environment": {"Variables": {"DB_HOST": size["DB_HOST"]}}}
    )

    def named(name: str) -> Json:
        return {
            "Resources": {
                "Db": {"Type": "AWS::RDS::DBInstance", "Properties": database},
                "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [container]}},
                "Client": {"Type": kind, "Properties": {**properties, key: name}},
            }
        }

    if key == "FunctionName":
        container["Environment"] = []
    same = json.loads(run(tmp_path, named("a"), named("a"), "--format", "json").stdout)
    other = json.loads(run(tmp_path, named("a"), named("b"), "--format", "json").stdout)
    assert (same["transition"]["Db"][0]["peak"], other["transition"]["Db"][0]["peak"]) == (peak // 2, peak)
    assert {"from": "a", "to": "b"} in [change["values"].get(key) for change in other["changes"]]


def test_a_proxy_whose_name_changes_has_its_share_beside_the_one_that_it_replaces(tmp_path: Path) -> None:
    """85 % of a db.t4g.small's 179 are 152: twice 304, of 179 − 5 − 10 = 164."""

    def named(name: object, **properties: Any) -> Json:
        database = {"Engine": "postgres", "EngineVersion": "16.4", "DBInstanceClass": "db.t4g.small"}
        percent = {"ConnectionPoolConfigurationInfo": {"MaxConnectionsPercent": 85}}
        front = {"DBProxyName": name, "EngineFamily": "POSTGRESQL", "VpcSubnetIds": ["a"], **properties}
        group = {"DBProxyName": {"Ref": "Front"}, "DBInstanceIdentifiers": [{"Ref": "Db"}], **percent}
        return {
            "Resources": {
                "Db": {"Type": "AWS::RDS::DBInstance", "Properties": database},
                "Front": {"Type": "AWS::RDS::DBProxy", "Properties": front},
                "Group": {"Type": "AWS::RDS::DBProxyTargetGroup", "Properties": group},
            }
        }

    def peak(base: Json, head: Json) -> int:
        content = json.loads(run(tmp_path, base, head, "--format", "json").stdout)
        found: int = content["transition"]["Db"][0]["peak"]
        return found

    assert peak(named("a"), named("a", IdleClientTimeout=60, RequireTLS=True)) == 152
    assert peak(named("a"), named("b")) == 304
    assert peak(named("a"), named("a", VpcSubnetIds=["b"])) == 304
    subnets = run(tmp_path, named("a"), named("a", VpcSubnetIds=["b"])).stdout
    assert "replaced proxy Front: VpcSubnetIds … → another\n" in subnets
    referred = run(tmp_path, named({"Ref": "NameA"}), named({"Ref": "NameB"})).stdout
    assert "replaced proxy Front: DBProxyName NameA → NameB\n" in referred
    assert "VpcSubnetIds" not in run(tmp_path, {"Resources": {"Db": named("a")["Resources"]["Db"]}}, named("a")).stdout
    assert "replaced proxy Front: DBProxyName a → b\n" in run(tmp_path, named("a"), named("b")).stdout


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_another_reason_for_a_workload_to_count_is_no_change_of_the_budget(tmp_path: Path, form: str) -> None:
    before, after = (budget(api={"tasks": 4, "pool_size": 100, "evidence": words}) for words in ("DB_HOST", "DB_URL"))
    result = run(tmp_path, before, after, "--format", form)
    assert result.exit_code == 0
    assert {"text": "  none", "markdown": "No change.", "json": '"changes": []'}[form] in result.stdout
    assert "DB_HOST" not in result.stdout
