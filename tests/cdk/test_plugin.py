"""The plugin: reads the finished templates, prints, and fails the synth."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, IConstruct

from constructs_lib.budget.rules import RULES
from constructs_lib.cdk.plugin import Plugin
from tests.cdk.shop import IMAGE, Shop
from tests.cdk.synthesis import Synthesis, synthesize

pytestmark = pytest.mark.synth

Synth = Callable[..., Synthesis]
TOO_MANY: dict[str, Any] = {"pool_size": 200, "max_overflow": 0}
"""4 × 200 = 800 > 670."""
UNBOUNDED: dict[str, Any] = {"pool_size": 0, "max_overflow": 5}


class TestAcknowledgements:
    @pytest.mark.parametrize("where", ["budget", "service", "stack", "app"])
    def test_a_finding_about_a_workload_passes_when_it_is_acknowledged(
        self, app: cdk.App, shop: Shop, synth: Synth, where: str
    ) -> None:
        service = shop.fargate()
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=service, processes_per_task=1, **UNBOUNDED)
        _acknowledge({"budget": budget, "service": service, "stack": shop, "app": app}[where], "unbounded-pool")

        synthesis = synth()

        assert not synthesis.failed
        assert synthesis.findings == []
        assert [(item.id, item.severity, item.reason) for item in synthesis.suppressed] == [
            ("unbounded-pool", "error", "until the migration")
        ]

    @pytest.mark.parametrize("where", ["budget", "database", "stack", "app"])
    def test_a_finding_about_a_database_passes_when_it_is_acknowledged(
        self, app: cdk.App, shop: Shop, synth: Synth, where: str
    ) -> None:
        database = shop.instance()
        budget = shop.budget(database=database)
        budget.add_service("api", service=shop.fargate(), processes_per_task=1, **TOO_MANY)
        _acknowledge({"budget": budget, "database": database, "stack": shop, "app": app}[where], "overcommitted")

        synthesis = synth()

        assert not synthesis.failed
        assert [(item.id, item.reason) for item in synthesis.suppressed] == [("overcommitted", "until the migration")]
        assert "DOES NOT FIT" in synthesis.printed, "an acknowledged budget is printed as it is"
        assert "  acknowledged: overcommitted (Orders): until the migration" in synthesis.printed

    def test_a_finding_can_be_acknowledged_in_the_stack_of_the_budget_or_of_the_service(
        self, app: cdk.App, shop: Shop, synth: Synth
    ) -> None:
        services = {name: Shop(app, name).fargate() for name in ("One", "Two")}
        for name, service in services.items():
            budget = shop.budget(f"{name}Budget", database=shop.instance(name))
            budget.add_service(name, service=service, processes_per_task=1, **UNBOUNDED)
            _acknowledge(budget if name == "One" else cdk.Stack.of(service), "unbounded-pool")

        synthesis = synth()

        assert not synthesis.failed
        assert len(synthesis.suppressed) == 2

    def test_another_rule_or_another_service_is_not_covered(self, shop: Shop, synth: Synth) -> None:
        budget = shop.budget(database=shop.instance())
        api, admin = shop.fargate(), shop.fargate("Admin")
        budget.add_service("api", service=api, processes_per_task=1, **UNBOUNDED)
        budget.add_service("admin", service=admin, processes_per_task=1, **UNBOUNDED)
        _acknowledge(api, "unbounded-pool")
        _acknowledge(admin, "overcommitted")

        synthesis = synth()

        assert synthesis.failed
        assert [(item.id, item.subject) for item in synthesis.findings] == [("unbounded-pool", "admin")]

    def test_a_conflict_is_acknowledged_and_the_users_value_stays(self, shop: Shop, synth: Synth) -> None:
        service = shop.fargate()
        container = service.task_definition.default_container
        assert container is not None
        container.add_environment("DB_POOL_TIMEOUT", "5")
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=service, processes_per_task=1)
        _acknowledge(budget, "environment-conflict")

        synthesis = synth()

        assert not synthesis.failed
        assert synthesis.variables()["DB_POOL_TIMEOUT"] == "5"
        assert "but it is not kept: environment-conflict (api)" in " ".join(synthesis.printed.split())
        assert "  acknowledged: environment-conflict (api): until the migration" in synthesis.printed

    def test_a_finding_is_that_of_the_construct_that_it_is_about(self, shop: Shop, synth: Synth) -> None:
        """A workload may bear the name of the database."""
        database = shop.instance("api")
        shop.budget(database=database).add_service("api", service=shop.fargate("Svc"), processes_per_task=1, **TOO_MANY)
        _acknowledge(database, "overcommitted")

        synthesis = synth()

        assert not synthesis.failed
        assert [item.constructs for item in synthesis.suppressed] == [("Shop/api/Resource",)]


class TestRegistration:
    def test_many_budgets_register_one_plugin(self, app: cdk.App, synth: Synth) -> None:
        """`findings` refuses a report in which the plugin stands twice."""
        for name in ("One", "Two"):
            stack = Shop(cdk.Stage(app, name) if name == "Two" else app, name)
            for kind in ("Orders", "Users"):
                stack.budget(f"{kind}Budget", database=stack.instance(kind), admin_reserve=None)

        synthesis = synth()

        assert [item.id for item in synthesis.findings] == ["assumed"] * 4

    def test_an_app_without_a_budget_has_no_plugin(self, shop: Shop, synth: Synth) -> None:
        shop.fargate()

        synthesis = synth()

        assert synthesis.printed == ""
        assert "Metadata" not in synthesis.template()

    def test_the_plugin_names_its_rules_and_itself(self) -> None:
        plugin = Plugin()

        assert plugin.name == "ConnectionBudget"
        assert plugin.rule_ids == [rule.id for rule in RULES]
        assert plugin.version[0].isdigit()

    def test_a_stack_with_a_vpc_is_validated(self, shop: Shop, synth: Synth) -> None:
        """A plugin with plain attributes instead of properties dies on it."""
        ec2.Vpc(shop, "RealVpc", max_azs=2, nat_gateways=1)
        shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1)

        assert synth().ids == []

    def test_a_report_says_what_why_and_how(self, shop: Shop, synth: Synth) -> None:
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.fargate(), processes_per_task=1, **TOO_MANY
        )

        synthesis = synth()

        (finding,) = synthesis.findings
        assert finding.subject == "Orders"
        assert finding.message == (
            "Orders can be asked for 800 connections (steady) and accepts 670 = 683 max_connections (declared)"
            " − 3 reserved by the engine − 10 administrative reserve: api 800 = 4 tasks × 1 process × (200 + 0)"
        )
        assert "pool_size=167 and max_overflow=0 for api" in finding.fix, "670 // 4 = 167"
        assert "at most 3 tasks of api instead of 4" in finding.fix, "3 × 200 = 600"
        assert "Acknowledge with 'ConnectionBudget::overcommitted'" in synthesis.error

    def test_the_assembly_is_only_read(self, tmp_path: Path) -> None:
        app = cdk.App(
            outdir=str(tmp_path),
            builtin_cloud_formation_validation=False,
            confirm_validation_plugins_do_not_mutate=True,
        )
        shop = Shop(app)
        shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1)

        assert not synthesize(app).failed


class TestOutput:
    def test_the_budget_is_on_stderr_once_and_stdout_is_empty(
        self, app: cdk.App, shop: Shop, capfd: pytest.CaptureFixture[str]
    ) -> None:
        shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1)

        app.synth()

        out, err = capfd.readouterr()
        assert out == ""
        assert err.count("Connection budget of Orders (Shop/Budget): postgres 16.4 on db.r6g.large") == 1
        assert err.count("FITS: at most 664 of 670 connections") == 1
        assert max(len(line) for line in err.splitlines()) <= 100
        assert "\x1b[" not in err, "no colour where nobody looks"

    def test_building_an_app_prints_nothing(self, shop: Shop, capfd: pytest.CaptureFixture[str]) -> None:
        shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1)

        assert capfd.readouterr() == ("", "")


class TestPythonAppPy:
    """The app run as `cdk.json` runs it, by people without the CLI."""

    def test_an_error_finding_ends_the_process_with_an_error(self, tmp_path: Path) -> None:
        result = _run(tmp_path, "")

        assert result.returncode != 0
        assert "DOES NOT FIT: 800 connections (steady), 670 usable, 130 too many" in result.stderr
        assert "Acknowledge with 'ConnectionBudget::overcommitted'" in result.stderr
        assert result.stdout == ""

    def test_an_acknowledged_one_does_not(self, tmp_path: Path) -> None:
        result = _run(
            tmp_path,
            "cdk.Validations.of(shop).acknowledge("
            "cdk.Acknowledgment(id='ConnectionBudget::overcommitted', reason='load test'))",
        )

        assert result.returncode == 0
        assert "DOES NOT FIT: 800 connections" in result.stderr
        assert "load test" in (tmp_path / "cdk.out" / "validation-report.json").read_text()


APP = """
import aws_cdk as cdk
from tests.cdk.shop import Shop, new_app

app = new_app("cdk.out")
shop = Shop(app)
shop.budget(database=shop.instance()).add_service(
    "api", service=shop.fargate(), processes_per_task=1, pool_size=200, max_overflow=0
)
{acknowledgement}
app.synth()
"""


def _run(folder: Path, acknowledgement: str) -> subprocess.CompletedProcess[str]:
    (folder / "app.py").write_text(APP.format(acknowledgement=acknowledgement))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "app.py"], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def _acknowledge(scope: IConstruct, rule: str) -> None:
    cdk.Validations.of(scope).acknowledge(
        cdk.Acknowledgment(id=f"ConnectionBudget::{rule}", reason="until the migration")
    )


def test_whatever_is_not_counted_fails_the_synth(shop: Shop, synth: Synth) -> None:
    """A second service of the task definition, a sidecar with a pool, and a proxy in front of the database."""
    database = shop.instance()
    task = shop.task("Api", ["web"])
    task.add_container("side", image=IMAGE, environment={"DB_POOL_SIZE": "500"})
    shop.budget(database=database).add_service(
        "api", service=shop.fargate(task_definition=task), processes_per_task=1, containers=["web"]
    )
    shop.fargate("Second", task_definition=task)
    assert database.secret is not None
    database.add_proxy("Front", secrets=[database.secret], vpc=shop.vpc)

    synthesis = synth()

    assert synthesis.failed
    assert synthesis.errors == ["unbudgeted-proxy", "uncounted-container", "uncounted-tasks"]
    (second,) = [item for item in synthesis.findings if item.id == "uncounted-tasks"]
    assert second.constructs == ("Shop/Second/Service",)


@jsii.implements(cdk.IAspect)
class Forger:
    """Says more of the server than the budget was told, after the budget has written its document."""

    def visit(self, node: IConstruct) -> None:
        options = cdk.Stack.of(node).template_options
        metadata = json.loads(json.dumps(dict(options.metadata or {})))
        metadata["ConnectionBudget"]["databases"]["Orders"]["max_connections"] = 5000
        options.metadata = metadata


def test_a_document_that_an_aspect_changed_later_is_no_budget(shop: Shop, synth: Synth) -> None:
    """The pool is fixed, so that nothing else would show it: 4 × 200 = 800 > 670, and 5000 are more."""
    shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1, **TOO_MANY)
    cdk.Aspects.of(Construct(shop, "Visited last")).add(Forger())

    synthesis = synth()

    assert synthesis.failed
    assert "Shop.template.json is not as the budget wrote it" in synthesis.printed + synthesis.error
