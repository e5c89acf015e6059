"""`check`: templates in, a verdict out."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
from click.testing import CliRunner, Result

from constructs_lib.cli.commands import commands

Json = dict[str, Any]
TEMPLATES = Path(__file__).parent / "templates"
SCHEMA = Path(__file__).parents[1] / "report" / "schema" / "sarif-2.1.0-rtm.5.json"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the templates of these tests, which the command runs in."""
    shutil.copytree(TEMPLATES, tmp_path / "infra")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(commands, ["check", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def plan_of(*arguments: str) -> Json:
    return dict(json.loads(run(*arguments, "--format", "json").stdout))


@pytest.mark.usefixtures("here")
class TestDiscovery:
    def test_a_template_that_never_heard_of_us_gets_a_verdict_in_one_command(self) -> None:
        """Api 6 × 200 % × 2 × (4 + 2) = 144; Worker 3 × 4 × 1 = 12; 393 − 5 − 10 = 378 usable."""
        result = run("infra/shop.yaml")
        assert result.exit_code == 0
        assert "  FITS: at most 156 of 378 connections (deploying), 222 to spare" in result.stdout.splitlines()
        made = plan_of("infra/shop.yaml")
        assert {name: item["peak"] for name, item in made["workloads"].items()} == {"Api": 144, "Worker": 12}

    def test_a_name_with_the_sign_of_a_copy_is_that_of_a_file_as_any_other(self) -> None:
        shutil.copy("infra/shop.yaml", "shop#2.yaml")
        result = run("shop#2.yaml")
        assert result.exit_code == 0
        assert plan_of("shop#2.yaml")["databases"] == plan_of("infra/shop.yaml")["databases"]

    @pytest.mark.parametrize(
        "paths", [["app"], ["app/data.json", "app/api/api.json"], ["{here}/app/data.json", "app/api/api.json"]]
    )
    def test_templates_that_are_named_one_by_one_are_one_app_as_in_a_folder(self, here: Path, paths: list[str]) -> None:
        """Api 2 × 200 % × 15 = 60, by the address that the other template exports; a parameter is that of either."""
        address = {"Value": {"Fn::GetAtt": ["Db", "Endpoint.Address"]}, "Export": {"Name": "db-address"}}
        database = {"Engine": "postgres", "DBInstanceClass": {"Ref": "Class"}}
        data = {
            "Parameters": {"Class": {"Type": "String"}},
            "Resources": {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": database}},
            "Outputs": {"Address": address},
        }
        told = [{"Name": "DB_HOST", "Value": {"Fn::ImportValue": "db-address"}}]
        task = {"ContainerDefinitions": [{"Name": "api", "Environment": told}]}
        service = {"DesiredCount": 2, "TaskDefinition": {"Ref": "Task"}}
        api = {
            "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": task},
            "Api": {"Type": "AWS::ECS::Service", "Properties": service},
        }
        (here / "app" / "api").mkdir(parents=True)
        (here / "app" / "data.json").write_text(json.dumps(data))
        (here / "app" / "api" / "api.json").write_text(json.dumps({"Resources": api}))
        made = plan_of(*(path.format(here=here) for path in paths), "--parameter", "Class=db.t4g.medium")
        assert {name: item["peak"] for name, item in made["workloads"].items()} == {"Api": 60}

    @pytest.mark.parametrize("form", ["text", "markdown", "json", "sarif"])
    def test_a_report_says_once_what_connects_to_what_and_how_that_is_known(self, form: str) -> None:
        """SARIF has it where something is found of the workload, as of Api: in its words, and as a property."""
        result = run("infra/shop.yaml", "--format", form)
        for said, found in (("DB_HOST of container 'api'", 2), ("DATABASE_SECRET of container 'worker'", 0)):
            assert result.stdout.count(said) == (found if form == "sarif" else 1)
            assert said not in result.stderr
        lines = [line.strip(" -") for line in result.stdout.splitlines()]
        if form in {"text", "markdown"}:
            first = lines.index("Api connects to Database: DB_HOST of container 'api'")
            assert lines[first + 1] == "Worker connects to Database: DATABASE_SECRET of container 'worker'"

    @pytest.mark.parametrize("form", ["text", "markdown", "json", "sarif"])
    def test_every_format_says_which_number_rests_on_which_parameters_default(self, form: str) -> None:
        said = " ".join(run("infra/shop.yaml", "--format", form).stdout.replace("\\", "").split())
        for number, name in (("max_tasks 6", "MaxTasks"), ("instance_class db.t4g.medium", "DBClass")):
            assert f"{number} rests on the default of the parameter {name} (--parameter {name}=… gives another)" in said
        if form in {"text", "markdown"}:
            assert "2 → 6* × 200 % × 2" in said

    def test_what_no_finding_says_of_defaults_is_noted(self, here: Path) -> None:
        """OldWorker would be there with DBClass=db.r6g.large; no number rests on the Name of the API."""
        text = (here / "infra/shop.yaml").read_text(encoding="utf-8")
        named = text.replace("  MaxTasks:", "  Name: {Type: String, Default: shop}\n  MaxTasks:", 1)
        named = named.replace("DesiredCount: 2\n", "DesiredCount: 2\n      ServiceName: !Ref Name\n", 1)
        more = "  OldWorker: {Type: AWS::ECS::Service, Condition: Large}\nOutputs:"
        (here / "infra/shop.yaml").write_text(named.replace("Outputs:", more, 1), encoding="utf-8")
        assert run("infra/shop.yaml").stderr.splitlines() == [
            (
                "connection-budget: infra/shop.yaml: not there by default, and not counted: OldWorker:"
                " --parameter DBClass=… may add to the sum"
            ),
            "connection-budget: infra/shop.yaml: at their defaults are Name: --parameter gives others",
        ]

    def test_whatever_else_can_reach_the_database_is_named_and_the_office_lives_on_the_reserve(self) -> None:
        made = plan_of("infra/shop.yaml")
        (finding,) = [item for item in made["findings"] if item["id"] == "unbudgeted-client"]
        assert finding["message"].startswith("Build (AWS::CodeBuild::Project) can reach Database on port 5432")
        assert "and on port 5432 what no template shows: 10.20.0.0/16" in " ".join(
            run("infra/shop.yaml").stdout.split()
        )

    def test_a_parameter_can_be_given(self) -> None:
        """12 × 200 % × 2 × 6 = 288, and 12."""
        assert plan_of("infra/shop.yaml", "--parameter", "MaxTasks=12")["databases"]["Database"]["peak"] == 300
        result = run("infra/shop.yaml", "--parameter", "MaxTasks=99")
        assert result.exit_code == 1
        assert "rests on the default of the parameter DBClass" in " ".join(result.stdout.split())
        assert "the parameter MaxTasks" not in result.stdout

    def test_functions_behind_a_proxy_on_aurora_serverless(self) -> None:
        """floor(135 × 80 %) = 108; its clients 50 + 2."""
        made = plan_of("infra/functions.yaml")
        assert made["databases"]["Cluster"]["peak"] == 108
        assert made["proxies"]["Proxy"]["peak"] == 52

    def test_a_folder_is_checked_as_a_whole(self) -> None:
        assert list(plan_of("infra")["databases"]) == ["Database", "Cluster"]

    def test_of_two_files_with_the_same_names_each_keeps_its_own(self, here: Path) -> None:
        shutil.copy("infra/shop.yaml", here / "copy.yaml")
        made = plan_of("infra/shop.yaml", "copy.yaml")
        assert list(made["databases"]) == ["infra/shop.yaml/Database", "copy.yaml/Database"]
        assert [item["peak"] for item in made["databases"].values()] == [156, 156]


@pytest.mark.usefixtures("here")
class TestOverlay:
    def test_one_that_lies_deeper_than_what_is_checked_is_said_not_to_be_read(self) -> None:
        self.write("workloads: {Api: {processes: 3}}")
        said = "infra/connection-budget.yml is not read: check infra by itself, or name it with --budget"
        assert said in run(".").stderr
        assert "is not read" not in run("infra").stderr
        assert "is not read" not in run(".", "--budget", "infra/connection-budget.yml").stderr

    def write(self, text: str, name: str = "infra/connection-budget.yml") -> None:
        Path(name).write_text(text, encoding="utf-8")

    def test_the_file_beside_the_template_says_what_it_cannot(self) -> None:
        """683 − 5 − 10 = 668; 144 + 12 + 20 reserved."""
        self.write(
            "databases: {orders: {resource: {logical_id: Database}, max_connections: 683}}\n"
            "workloads:\n"
            "  reports: {kind: reserved, database: orders, connections: 20, resource: {logical_id: Build}}\n"
        )
        result = run("infra/shop.yaml")
        assert "unbudgeted-client" not in result.stdout, "the logical id alone names Build"
        assert "  FITS: at most 176 of 668 connections (deploying), 492 to spare" in result.stdout.splitlines()
        assert "Connection budget of orders" in result.stdout

    def test_what_a_person_changes_keeps_its_evidence_and_what_a_person_adds_has_none(self) -> None:
        self.write(
            "databases: {orders: {resource: {logical_id: Database}}}\n"
            "workloads:\n"
            "  api: {processes: 4, resource: {logical_id: Api}}\n"
            "  reports: {kind: reserved, database: orders, connections: 20}\n"
        )
        said = [line for line in run("infra/shop.yaml").stdout.splitlines() if " connects to " in line]
        assert said == [
            "  api connects to orders: DB_HOST of container 'api'",
            "  Worker connects to orders: DATABASE_SECRET of container 'worker'",
        ]
        made = plan_of("infra/shop.yaml")["workloads"]
        assert {name: item.get("evidence") for name, item in made.items()} == {
            "api": "DB_HOST of container 'api'",
            "Worker": "DATABASE_SECRET of container 'worker'",
            "reports": None,
        }

    def test_a_proxy_of_which_no_template_says_what_it_stands_in_front_of_is_an_assumption_until_somebody_does(
        self, here: Path
    ) -> None:
        """Of 393 connections the proxy may open 100 %: 393 and 156 of 378."""
        path = here / "infra" / "shop.yaml"
        front = "  Front: {Type: AWS::RDS::DBProxy, Properties: {EngineFamily: POSTGRESQL}}\n"
        path.write_text(path.read_text().replace("Resources:\n", f"Resources:\n{front}", 1))
        result = run("infra/shop.yaml")
        assert result.exit_code == 0
        assert "Front is a proxy of another database" in " ".join(result.stdout.split())
        assert "Front" not in result.stderr
        found = plan_of("infra/shop.yaml")["findings"]
        (assumed,) = [item for item in found if (item["id"], item["subject"]) == ("assumed", "Database")]
        self.write(assumed["fix"].partition("Database, give ")[2])
        after = plan_of("infra/shop.yaml")
        assert after["databases"]["Database"]["peak"] == 393 + 156
        assert not [item for item in after["findings"] if "another database" in item["message"]]

    def test_a_reservation_for_a_resource_puts_it_into_the_budget(self) -> None:
        where = "{logical_id: Build, template: shop.yaml}"
        self.write(f"workloads: {{build: {{kind: reserved, database: Database, connections: 1, resource: {where}}}}}")
        assert "unbudgeted-client" not in run("infra/shop.yaml").stdout

    def test_a_name_that_is_nearly_one_is_hinted_at(self) -> None:
        self.write("workloads: {Workers: {kind: reserved, database: Database, connections: 1}}")
        assert (
            "connection-budget: infra/connection-budget.yml: workloads.Workers is nothing that was discovered, and"
            " counts on its own: did you mean 'Worker'?"
        ) in run("infra/shop.yaml").stderr.splitlines()

    def test_a_database_that_is_defined_elsewhere_can_be_named(self, here: Path) -> None:
        (here / "app").mkdir()
        service = {"Type": "AWS::ECS::Service", "Properties": {"DesiredCount": 2}}
        (here / "app" / "app.json").write_text(json.dumps({"Resources": {"Api": service}}))
        assert run("app").exit_code == 2
        self.write(
            "databases: {orders: {engine: postgres, max_connections: 100}}\n"
            "workloads: {api: {database: orders, resource: {logical_id: Api, template: app.json}, processes: 1}}\n",
            "app/connection-budget.yaml",
        )
        assert plan_of("app")["workloads"]["api"]["pools"] == 4

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("workloads: {Api: {proceses: 2}}", "workloads.Api: unknown key 'proceses', did you mean 'processes'?"),
            ("workload: {}", "document: unknown key 'workload', did you mean 'workloads'?"),
            (
                "workloads: {Workr: {concurrency: 4}}",
                "workloads.Workr: nothing of this name was discovered, did you mean 'Worker'? (unknown key",
            ),
            (
                "workloads: {Workr: {tasks: 4}}",
                "workloads.Workr: nothing of this name was discovered, did you mean 'Worker'? (must name a",
            ),
            (
                "workloads: {Api: {kind: function, reserved_concurrency: 5}}",
                "workloads.Api.kind: must be service, celery or reserved, got function: Api is AWS::ECS::Service,",
            ),
            (
                "workloads: {Api: {kind: task, tasks: 1}}",
                "workloads.Api.kind: must be service, celery or reserved, got",
            ),
            (
                "workloads: {Api: {containers: [apy]}}",
                "workloads.Api.containers: 'apy' is not in the task definition, did you mean 'api'?; there are: api",
            ),
            (
                "databases: {a: {resource: {logical_id: Database}}, b: {resource: {logical_id: Database}}}",
                "databases.b.resource: is that of 'a', which is an entry of its own: make one of the two",
            ),
            (
                "databases: {big: {max_connections: 5000}}\nworkloads: {Api: {database: big}}",
                "workloads.Api.database: must be 'Database', whose address it is given (DB_HOST of container 'api'),",
            ),
            ("a: [", "not YAML"),
            ("[]", "document: must be an object, got a list"),
            ("workloads: {Api: null}", "workloads.Api: must be an object, got null"),
            (
                "databases: {database: {max_connections: 50}}",
                "databases.database: nothing of this name was discovered, and nothing here connects to it; did you",
            ),
            ("!!python/object/apply:os.system [x]", ""),
        ],
    )
    def test_one_that_cannot_be_meant_is_refused_with_its_place(self, text: str, reason: str) -> None:
        self.write(text)
        result = run("infra/shop.yaml")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("connection-budget: infra/connection-budget.yml: ")
        assert reason in result.stderr

    def test_a_container_that_has_the_address_cannot_be_left_out(self, here: Path) -> None:
        shop = (here / "infra" / "shop.yaml").read_text()
        api = "        - Name: api\n"
        assert api in shop
        (here / "infra" / "shop.yaml").write_text(shop.replace(api, f"        - {{Name: side, Image: side}}\n{api}"))
        assert run("infra/shop.yaml").exit_code == 0
        self.write("workloads: {Api: {containers: [side]}}")
        result = run("infra/shop.yaml")
        assert (result.exit_code, result.stdout) == (2, "")
        assert (
            "workloads.Api.containers: must have 'api', which connects by DB_HOST of container 'api'" in result.stderr
        )

    def test_a_container_with_a_pool_of_its_own_is_counted_with_that_and_with_no_other(self, here: Path) -> None:
        shop = (here / "infra" / "shop.yaml").read_text()
        api = "        - Name: api\n"
        side = "{Name: side, Image: side, Environment: [{Name: DB_POOL_SIZE, Value: '100'}]}"
        (here / "infra" / "shop.yaml").write_text(shop.replace(api, f"        - {side}\n{api}"))
        assert plan_of("infra/shop.yaml")["fits"] is False
        self.write("workloads: {Api: {containers: [api, side]}}")
        result = run("infra/shop.yaml")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "workloads.Api.containers: must not have 'side', got it here and in 'Api (side)'" in result.stderr

    def test_a_pool_of_one_job_does_not_overrule_a_command_that_asks_for_four(self) -> None:
        """3 × 4 children, as without the file; solo would be 3."""
        self.write("workloads: {Worker: {pool: solo}}")
        made = plan_of("infra/shop.yaml")
        assert made["workloads"]["Worker"]["peak"] == 12
        (finding,) = [item for item in made["findings"] if item["id"] == "command-conflict"]
        assert "pool is solo in the budget, and container 'worker' runs celery" in finding["message"]

    def test_a_web_server_is_not_counted_as_a_worker_because_the_file_says_so(self) -> None:
        """6 × 200 % × 2 gunicorn workers of 4 + 2 connections: 144, of which 12 would have counted."""
        self.write("workloads: {Api: {kind: celery, concurrency: 1}}")
        result = run("infra/shop.yaml")
        said = " ".join(result.stdout.split())
        assert result.exit_code == 1
        assert (
            "how many pools Api opens is unknown, so nothing can be shown to fit: extra_connections: gunicorn in"
            " container 'api' is no Celery worker, and has pools of its own"
        ) in said
        assert "fix: make it a service (kind: service), which counts every process, or divide its containers" in said

    def test_a_web_server_beside_a_worker_is_not_lost_because_the_file_calls_both_workers(self, here: Path) -> None:
        path = here / "infra" / "shop.yaml"
        both = "[sh, -c, gunicorn -w 2 shop:app & celery -A shop worker -c 4]"
        path.write_text(path.read_text().replace('[gunicorn, "shop:app", --workers, "2"]', both))
        assert plan_of("infra/shop.yaml")["fits"]
        self.write("workloads: {Api: {kind: celery, concurrency: 1}}")
        made = plan_of("infra/shop.yaml")
        assert [item["subject"] for item in made["findings"] if item["severity"] == "error"] == ["Api", "Api (celery)"]

    def test_a_number_below_the_templates_does_not_count_and_is_said_not_to(self) -> None:
        self.write("workloads: {Api: {tasks: 1, max_tasks: 1, maximum_percent: 300}}")
        notes = [note for note in run("infra/shop.yaml").stderr.splitlines() if "connection-budget.yml" in note]
        assert notes == [
            f"connection-budget: infra/connection-budget.yml: workloads.Api.{key}: 1 is less than the {counts} of the"
            " template, which counts: change the template, and the budget follows"
            for key, counts in (("tasks", 2), ("max_tasks", 6))
        ]

    def test_a_server_that_the_template_has_written_out_is_no_other_because_the_file_says_so(self, here: Path) -> None:
        """378 usable of a db.t4g.medium, as without the file; 16.4.1 is one of the 16.4 that the template has."""
        path = here / "infra" / "shop.yaml"
        path.write_text(path.read_text().replace("DBInstanceClass: !Ref DBClass", "DBInstanceClass: db.t4g.medium"))
        self.write("databases: {Database: {instance_class: db.r6g.16xlarge, engine: Postgres, engine_version: 16.4.1}}")
        assert plan_of("infra/shop.yaml")["databases"]["Database"]["usable"] == 378
        (note,) = [note for note in run("infra/shop.yaml").stderr.splitlines() if "connection-budget.yml" in note]
        assert note == (
            "connection-budget: infra/connection-budget.yml: databases.Database.instance_class: 'db.r6g.16xlarge' is"
            " not the 'db.t4g.medium' of the template, which counts: change the template, and the budget follows"
        )

    def test_a_server_that_the_template_leaves_to_a_parameter_is_the_one_that_the_file_says(self) -> None:
        """A db.t4g.small has 179 connections, 164 usable; the default of DBClass is a db.t4g.medium."""
        self.write("databases: {Database: {instance_class: db.t4g.small}}")
        assert plan_of("infra/shop.yaml")["databases"]["Database"]["usable"] == 164

    def test_a_file_without_a_word_in_it_changes_nothing(self) -> None:
        without = run("infra/shop.yaml").stdout
        for text in ("", "# nothing to say yet\n"):
            self.write(text)
            assert run("infra/shop.yaml").stdout == without

    def test_the_file_beside_the_templates_may_be_named_and_may_not_be_there_twice(self) -> None:
        self.write('{"workloads": {"Api": {"pool_size": 6, "max_overflow": 1}}}', "other.json")
        assert plan_of("infra/shop.yaml", "--budget", "other.json")["workloads"]["Api"]["peak"] == 168
        self.write("{}")
        self.write("{}", "infra/connection-budget.json")
        assert "connection-budget.json are both there" in run("infra/shop.yaml").stderr

    def test_what_the_budget_chooses_holds_once_the_containers_have_it(self, here: Path) -> None:
        """378 usable − 12 of the workers, among 24 pools: 15 each, 10 + 4; the template has 4 + 2."""
        self.write("workloads: {Api: {pool_size: null, max_overflow: null}}")
        result = run("infra/shop.yaml")
        assert result.exit_code == 1
        said = " ".join(result.stdout.split())
        assert "DB_POOL_SIZE is '4' in container 'api' and 10 in the budget" in said
        assert "fix: write DB_POOL_SIZE=10 and DB_MAX_OVERFLOW=4 into the containers" in said
        path = here / "infra" / "shop.yaml"
        text = path.read_text()
        assert text.count('DB_POOL_SIZE, Value: "4"') == 1
        text = text.replace('DB_POOL_SIZE, Value: "4"', 'DB_POOL_SIZE, Value: "10"')
        text = text.replace('DB_MAX_OVERFLOW, Value: "2"', 'DB_MAX_OVERFLOW, Value: "4"')
        path.write_text(text)
        assert run("infra/shop.yaml").exit_code == 0
        # a pool of another name beside it, which the budget knows nothing of
        size = '- { Name: DB_POOL_SIZE, Value: "10" }'
        assert text.count(size) == 1
        path.write_text(
            text.replace(size, f"{size}\n            {size.replace('DB_', 'ORDERS_DB_').replace('10', '50')}")
        )
        result = run("infra/shop.yaml")
        assert result.exit_code == 1
        assert "ORDERS_DB_POOL_SIZE may be the size of a pool as well" in " ".join(result.stdout.split())


class TestPartlyBudgeted:
    """An app of two databases of which one has a budget."""

    def database(self) -> Json:
        group = {"Family": "postgres16", "Description": "", "Parameters": {"max_connections": "100"}}
        return {
            "Group": {"Type": "AWS::RDS::DBParameterGroup", "Properties": group},
            **{
                name: {
                    "Type": "AWS::RDS::DBInstance",
                    "Properties": {
                        "Engine": "postgres",
                        "EngineVersion": "16.4",
                        "DBInstanceClass": "db.r6g.large",
                        "DBParameterGroupName": {"Ref": "Group"},
                    },
                }
                for name in ("Orders", "Reports")
            },
        }

    def function(self, database: str, concurrency: int) -> Json:
        variables = {"DB_HOST": {"Fn::GetAtt": [database, "Endpoint.Address"]}}
        properties = {"Environment": {"Variables": variables}, "ReservedConcurrentExecutions": concurrency}
        return {"Type": "AWS::Lambda::Function", "Properties": properties}

    def test_the_other_database_is_discovered_beside_the_budget(self, tmp_path: Path) -> None:
        """200 environments of one connection each at a server that accepts 100."""
        budget = {
            "schema": 1,
            "databases": {"orders": {"resource": {"logical_id": "Orders"}}},
            "workloads": {"batch": {"kind": "reserved", "database": "orders", "connections": 7}},
        }
        resources = {**self.database(), "Fill": self.function("Orders", 1), "Report": self.function("Reports", 200)}
        path = tmp_path / "app.json"
        path.write_text(json.dumps({"Resources": resources, "Metadata": {"ConnectionBudget": budget}}))
        result = run(str(path))
        made = plan_of(str(path))
        assert result.exit_code == 1
        assert list(made["databases"]) == ["orders", "Reports"]
        assert {name: item["peak"] for name, item in made["workloads"].items()} == {"batch": 7, "Report": 200}
        assert [item["subject"] for item in made["findings"] if item["severity"] == "error"] == ["Reports"]
        assert "  Report connects to Reports: DB_HOST" in result.stdout.splitlines()
        assert "Fill connects" not in result.stdout
        assert [item["subject"] for item in made["findings"] if item["id"] == "unbudgeted-client"] == ["orders"]
        assert [name for name, item in made["workloads"].items() if "evidence" in item] == ["Report"]

    def test_a_proxy_of_a_budget_is_no_stray_of_the_other_database_and_one_of_no_budget_is(
        self, tmp_path: Path
    ) -> None:
        front = {"Type": "AWS::RDS::DBProxy", "Properties": {"EngineFamily": "POSTGRESQL"}}
        budget = {
            "schema": 1,
            "databases": {"imported": {"max_connections": 500}},
            "proxies": {"front": {"database": "imported", "resource": {"logical_id": "Front"}}},
        }
        path = tmp_path / "app.json"
        resources = {**self.database(), "Front": front, "Other": front}
        path.write_text(json.dumps({"Resources": resources, "Metadata": {"ConnectionBudget": budget}}))
        found = {item["subject"]: item["message"] for item in plan_of(str(path))["findings"] if item["id"] == "assumed"}
        for name in ("Orders", "Reports"):
            assert "Other is a proxy of another database" in found[name]
            assert "Front is a proxy of another database" not in found[name]


@pytest.mark.usefixtures("here")
class TestReports:
    def test_sarif_points_at_the_lines_of_the_templates(self) -> None:
        result = run("infra", "--format", "sarif")
        log = json.loads(result.stdout)
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        jsonschema.validators.validator_for(schema)(schema).validate(log)
        (found,) = [item for item in log["runs"][0]["results"] if item["ruleId"] == "unbudgeted-client"]
        (location,), (related,) = found["locations"], found["relatedLocations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == "infra/shop.yaml"
        assert [self.line_of(location), self.line_of(related)] == ["  Build:", "  Database:"]

    def test_sarif_points_at_the_first_of_those_who_may_have_an_address_that_is_let_in(self) -> None:
        path = Path("infra/shop.yaml")
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("SourceSecurityGroupId: !GetAtt TaskGroup.GroupId", "CidrIp: 0.0.0.0/0"))
        log = json.loads(run("infra", "--format", "sarif").stdout)
        (found,) = [item for item in log["runs"][0]["results"] if item["ruleId"] == "unbudgeted-client"]
        assert "from a range of addresses" in found["message"]["text"]
        shown = [self.line_of(location) for location in (*found["locations"], *found["relatedLocations"])]
        assert shown == ["  Build:", "  Database:"]

    @staticmethod
    def line_of(location: Any) -> str:
        start = location["physicalLocation"]["region"]["startLine"]
        return str(Path("infra/shop.yaml").read_text(encoding="utf-8").split("\n")[start - 1])

    def test_markdown_and_json_are_nothing_but_themselves(self) -> None:
        assert run("infra/shop.yaml", "--format", "markdown").stdout.startswith("## Connection budget: fits\n")
        assert plan_of("infra/shop.yaml")["fits"] is True


@pytest.mark.usefixtures("here")
class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "reason"),
        [
            (["gone.yaml"], "gone.yaml: No such file or directory"),
            (["infra/shop.yaml", "--parameter", "MaxTask=3"], "MaxTask"),
            (["infra/shop.yaml", "--budget", "gone.yml"], "gone.yml: No such file or directory"),
            (["empty"], "empty: no CloudFormation template in this folder"),
            (["plain.json"], "no database is defined in plain.json; one that is defined elsewhere can be named"),
        ],
    )
    def test_what_cannot_be_used_ends_with_2_and_one_line(self, arguments: list[str], reason: str) -> None:
        Path("empty").mkdir()
        Path("plain.json").write_text('{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}')
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert reason in result.stderr
        assert len(result.stderr.splitlines()) == 1

    @pytest.mark.parametrize("arguments", [[], ["infra", "--parameter", "x"], ["infra", "--format", "xml"]])
    def test_a_command_that_is_used_wrongly_ends_with_2(self, arguments: list[str]) -> None:
        assert run(*arguments).exit_code == 2

    def test_a_document_in_the_metadata_that_cannot_be_used_is_refused_with_its_file(self) -> None:
        content = {"Resources": {"A": {"Type": "AWS::SNS::Topic"}}, "Metadata": {"ConnectionBudget": {"schema": 7}}}
        Path("own.json").write_text(json.dumps(content))
        result = run("own.json")
        assert result.exit_code == 2
        assert "own.json: Metadata.ConnectionBudget: schema: must be 1, got 7" in result.stderr


def test_checking_loads_neither_the_cdk_nor_boto3() -> None:
    program = (
        "import sys; from click.testing import CliRunner; from constructs_lib.cli.check import check;"
        f"CliRunner().invoke(check, [{str(TEMPLATES / 'shop.yaml')!r}]);"
        "print(sorted({'aws_cdk', 'jsii', 'boto3'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


class TestUnread:
    """What cannot be read may connect: the database of `shop.yaml` is never said to fit beside it."""

    PARTS: ClassVar[dict[str, str]] = {
        "Transform: Services\n": "the macro 'Services' can change every resource when the stack is deployed",
        "Resources:\n  Fn::ForEach::Queues: []\n": "the resources of 'Fn::ForEach::Queues' are made when",
        "Resources:\n  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: s3/child.yaml}}\n": (
            "the template of the nested stack Child is not here"
        ),
        "Resources:\n  Api2: {Type: AWS::AppRunner::Service, Properties: {Fn::Transform: {Name: Sizes}}}\n": (
            "'Fn::Transform' can change 'Api2' when the stack is deployed"
        ),
    }

    def with_part(self, here: Path, part: str) -> str:
        path = here / "infra" / "shop.yaml"
        text = path.read_text(encoding="utf-8")
        head, _, rest = part.partition("Resources:\n")
        path.write_text(head + text.replace("Resources:\n", f"Resources:\n{rest}", 1), encoding="utf-8")
        return "infra/shop.yaml"

    @pytest.mark.parametrize("part", PARTS)
    def test_a_part_that_cannot_be_read_is_an_error_in_every_format(self, here: Path, part: str) -> None:
        path = self.with_part(here, part)
        result = run(path)
        assert result.exit_code == 1
        assert (
            "CANNOT BE SHOWN TO FIT: as far as the templates can be read, at most 156 of 378 connections"
            in " ".join(result.stdout.split())
        )
        (finding,) = [item for item in plan_of(path)["findings"] if item["id"] == "unread-template"]
        assert self.PARTS[part] in finding["message"]
        results = json.loads(run(path, "--format", "sarif").stdout)["runs"][0]["results"]
        assert [item["level"] for item in results if item["ruleId"] == "unread-template"] == ["error"]
        assert "unread-template" in run(path, "--format", "markdown").stdout

    @pytest.mark.parametrize("part", PARTS)
    def test_a_reservation_says_what_of_it_connects(self, here: Path, part: str) -> None:
        path = self.with_part(here, part)
        (finding,) = [item for item in plan_of(path)["findings"] if item["id"] == "unread-template"]
        name = finding["fix"].rpartition(" ")[2].strip("'")
        entry = {"kind": "reserved", "database": "Database", "connections": 0, "resource": {"logical_id": name}}
        (here / "infra" / "connection-budget.yml").write_text(json.dumps({"workloads": {"rest": entry}}))
        assert run(path).exit_code == 0

    def test_where_no_database_is_found_it_is_said_where_one_may_be(self, here: Path) -> None:
        (here / "app.yaml").write_text(
            "Transform: Databases\nResources: {Api: {Type: AWS::ECS::Service, Properties: {}}}\n"
        )
        result = run("app.yaml")
        assert result.exit_code == 2
        assert "; the macro 'Databases' can change every resource when the stack is deployed: check" in result.stderr

    def test_what_rotates_a_password_is_known(self, here: Path) -> None:
        """The CDK deploys it from the Serverless Application Repository; it lives on the administrative reserve."""
        arn = "arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSPostgreSQLRotationSingleUser"
        located = f"{{Location: {{ApplicationId: '{arn}'}}}}"
        part = f"Resources:\n  Rotation: {{Type: AWS::Serverless::Application, Properties: {located}}}\n"
        assert run(self.with_part(here, part)).exit_code == 0
