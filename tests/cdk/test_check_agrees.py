"""`check` on an assembly, and the plugin that validated it: one verdict."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from click.testing import CliRunner
from constructs import IConstruct

from constructs_lib.cdk import ConnectionBudget
from constructs_lib.cdk.misuse import MisuseError
from constructs_lib.cli.commands import commands
from tests.cdk.shop import IMAGE, Shop, new_app
from tests.cdk.synthesis import Synthesis, synthesize

pytestmark = pytest.mark.synth

Synth = Callable[..., Synthesis]
PORT = ec2.Port.tcp(5432)


def check_folder(folder: Path) -> tuple[int, list[tuple[str, ...]]]:
    result = CliRunner().invoke(commands, ["check", str(folder), "--format", "json"])
    keys = ("id", "severity", "subject", "message", "fix")
    return result.exit_code, sorted(
        tuple(str(item[key]) for key in keys) for item in json.loads(result.stdout)["findings"]
    )


def reported(synthesis: Synthesis) -> tuple[int, list[tuple[str, ...]]]:
    found = [(item.id, item.severity, item.subject, item.message, item.fix) for item in synthesis.findings]
    return int(synthesis.failed), sorted(found)


def test_errors_warnings_and_assumptions_of_several_stacks_are_the_same(app: cdk.App, shop: Shop, synth: Synth) -> None:
    """A fixed pool that does not fit, a proxy, a second stack, and three clients that nobody budgeted."""
    database = shop.instance(port=5432)
    proxy = rds.DatabaseProxy(
        shop,
        "Front",
        proxy_target=rds.ProxyTarget.from_instance(database),
        secrets=[database.secret] if database.secret else [],
        vpc=shop.vpc,
    )
    api, admin = shop.fargate(), Shop(app, "Admin").fargate("Admin")
    budget = shop.budget(database=database, admin_reserve=None)
    budget.add_service("api", service=api, pool_size=200, max_overflow=0)
    budget.add_service("admin", service=admin, proxy=proxy, processes_per_task=2)
    for service in (api, admin):
        service.connections.allow_to(database, PORT)
    report = lambda_.Function(
        shop,
        "Report",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): pass"),
        vpc=shop.vpc,
        vpc_subnets=shop.private,
    )
    report.connections.allow_to(database, PORT)
    forgotten = shop.fargate("Forgotten")
    forgotten.connections.allow_to(proxy, PORT)
    database.connections.allow_from(ec2.Peer.ipv4("10.9.0.0/16"), PORT)

    synthesis = synth()

    status, findings = reported(synthesis)
    assert (status, findings) == check_folder(synthesis.folder)
    assert status == 1
    assert [finding[0] for finding in findings].count("unbudgeted-client") == 2
    messages = " ".join(finding[3] for finding in findings)
    assert re.search(r"Report\w+ \(AWS::Lambda::Function\) can reach Orders on port 5432 and is in no budget", messages)
    assert re.search(r"Forgotten\w+ \(AWS::ECS::Service\) can reach Orders on port 5432 and is in no budget", messages)
    assert "→ proxy" in messages
    assert "10.9.0.0/16" in messages


def test_a_finding_about_a_client_is_that_of_the_client(shop: Shop, synth: Synth) -> None:
    """So it can be acknowledged there."""
    database, forgotten = shop.instance(), shop.fargate("Forgotten")
    forgotten.connections.allow_to_default_port(database)
    shop.budget(database=database).add_service("api", service=shop.fargate(), processes_per_task=1)
    cdk.Validations.of(forgotten).acknowledge(
        cdk.Acknowledgment(id="ConnectionBudget::unbudgeted-client", reason="reads once a night")
    )

    synthesis = synth()

    assert synthesis.findings == []
    assert [(item.id, item.constructs) for item in synthesis.suppressed] == [
        ("unbudgeted-client", ("Shop/Forgotten/Service",))
    ]


def test_what_was_acknowledged_is_so_to_both(app: cdk.App, synth: Synth) -> None:
    """On the app, a stage, a budget, a database, and on services of another stack and of a nested one.

    All databases and all services are called the same; 4 × 200 = 800 > 670.
    """
    too_many: dict[str, Any] = {"pool_size": 200, "max_overflow": 0}
    unbounded: dict[str, Any] = {"pool_size": 0, "max_overflow": 5}
    stage, apart = cdk.Stage(app, "Prod"), Shop(app, "Apart")

    def shop(name: str, service: ecs.FargateService | None = None, **pool: Any) -> tuple[ConnectionBudget, cdk.Stack]:
        stack = Shop(stage if name == "Staged" else app, name)
        budget = stack.budget(database=stack.instance())
        budget.add_service("api", service=service or stack.fargate(), processes_per_task=1, **pool)
        return budget, stack

    nested = cdk.NestedStack(apart, "Nested")
    inner = ecs.FargateService(
        nested,
        "Api",
        cluster=apart.cluster,
        task_definition=ecs.FargateTaskDefinition(nested, "Task"),
        desired_count=4,
        min_healthy_percent=50,
        max_healthy_percent=100,
    )
    inner.task_definition.add_container("web", image=IMAGE)
    conflicting = apart.fargate("Conflicting")
    assert conflicting.task_definition.default_container is not None
    conflicting.task_definition.default_container.add_environment("DB_POOL_TIMEOUT", "5")
    service = apart.fargate()
    shop("Told", conflicting)
    shop("Plain", service, **unbounded)
    shop("Deep", inner, **unbounded)
    shop("Staged", **too_many)
    one, _ = shop("One", **too_many)
    _, two = shop("Two", **too_many)
    places: dict[str, list[IConstruct]] = {"environment-conflict": [app], "unbounded-pool": [service, inner]}
    places["overcommitted"] = [stage, one, two.node.find_child("Orders")]
    for rule, scopes in places.items():
        for number, scope in enumerate(scopes):
            reason = f"{number}\x1b[31m {rule}"
            cdk.Validations.of(scope).acknowledge(cdk.Acknowledgment(id=f"ConnectionBudget::{rule}", reason=reason))

    synthesis = synth()

    assert not synthesis.failed
    assert "\x1b[31m" not in synthesis.printed
    result = CliRunner().invoke(commands, ["check", str(synthesis.folder), "--format", "json"])
    assert result.exit_code == 0
    made = json.loads(result.stdout)
    assert made["fits"] is False
    shown = sorted((item["id"], item["acknowledged"]) for item in made["findings"])
    assert shown == sorted(
        (item.id, str(item.reason).replace("\x1b", "\N{REPLACEMENT CHARACTER}")) for item in synthesis.suppressed
    )
    assert [rule for rule, _ in shown] == ["environment-conflict", *["overcommitted"] * 3, *["unbounded-pool"] * 2]
    printed = CliRunner().invoke(commands, ["check", str(synthesis.folder)]).stdout
    said = re.findall(r"^  acknowledged: (\S+) ", printed, re.MULTILINE)
    assert sorted(said) == [rule for rule, _ in shown]


def test_a_reservation_for_a_client_puts_it_into_the_budget(shop: Shop, synth: Synth) -> None:
    database, forgotten = shop.instance(), shop.fargate("Forgotten")
    forgotten.connections.allow_to_default_port(database)
    budget = shop.budget(database=database)
    budget.add_service("api", service=shop.fargate(), processes_per_task=1)
    budget.add_reservation("forgotten", connections=8, client=forgotten)

    synthesis = synth()

    assert synthesis.findings == []
    assert check_folder(synthesis.folder) == (0, [])


def test_a_reservation_is_for_a_resource(shop: Shop) -> None:
    budget = shop.budget(database=shop.instance())
    with pytest.raises(MisuseError, match="client must be a construct with one resource that this app defines, got Sh"):
        budget.add_reservation("all", connections=8, client=shop)
    with pytest.raises(MisuseError, match="that this app defines, got 'metabase' "):
        budget.add_reservation("all", connections=8, client="metabase")  # type: ignore[arg-type] # as a slip


def test_the_readers_of_a_budgeted_cluster_are_not_discovered_beside_the_budget(shop: Shop, synth: Synth) -> None:
    cluster = rds.DatabaseCluster(
        shop,
        "Aurora",
        engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_16_4),
        writer=rds.ClusterInstance.provisioned("writer"),
        readers=[rds.ClusterInstance.provisioned("reader")],
        vpc=shop.vpc,
    )
    budget = shop.budget(database=cluster, admin_reserve=None)
    task = ecs.FargateTaskDefinition(shop, "Task")
    host = {"DB_HOST": cluster.cluster_read_endpoint.hostname}
    task.add_container("web", image=IMAGE, command=["uvicorn", "app:app"], environment=host)
    service = shop.fargate(task_definition=task)
    service.connections.allow_to(cluster, PORT)
    budget.add_service("reports", service=service, endpoint="reader")

    synthesis = synth()

    assert reported(synthesis) == check_folder(synthesis.folder)


def test_a_stage_is_checked_with_its_app(app: cdk.App, synth: Synth) -> None:
    for name in ("Beta", "Prod"):
        stack = Shop(cdk.Stage(app, name))
        database, service = stack.instance(), stack.fargate()
        service.connections.allow_to_default_port(database)
        budget = stack.budget(database=database, admin_reserve=None)
        budget.add_service("api", service=service, processes_per_task=1)

    synthesis = synth()

    status, findings = check_folder(synthesis.folder)
    assert (status, len(findings)) == (0, 2)
    assert [finding[:2] for finding in findings] == [finding[:2] for finding in reported(synthesis)[1]]


@pytest.mark.parametrize("staged", ["Prod", None])
def test_a_budget_of_a_stage_that_fails_says_how_the_synth_does(app: cdk.App, synth: Synth, staged: str | None) -> None:
    """The CDK CLI selects no stack of a stage by itself, and so reports nothing that was found of one."""
    stack = Shop(app if staged is None else cdk.Stage(app, staged))
    service = stack.fargate()
    stack.budget(database=stack.instance()).add_service("api", service=service, pool_size=5000, max_overflow=0)

    synthesis = synth()

    assert check_folder(synthesis.folder)[0] == 1
    assert ("where it selects the stacks of the stage: cdk synth '**'" in synthesis.printed) == (staged is not None)


def test_without_a_budget_the_same_app_is_discovered(tmp_path: Path) -> None:
    """Api 4 × 100 % × 2 workers × (6 + 0) = 48; 1678 − 5 − 10 of a db.r6g.large with 16.4."""
    app = new_app(tmp_path / "cdk.out", **{"aws:cdk:enable-path-metadata": True})
    shop = Shop(app)
    database = shop.instance()
    task = ecs.FargateTaskDefinition(shop, "Task")
    task.add_container(
        "web",
        image=IMAGE,
        command=["uvicorn", "app:app", "--workers", "2"],
        environment={
            "DB_HOST": database.db_instance_endpoint_address,
            "DB_POOL_SIZE": "6",
            "DB_MAX_OVERFLOW": "0",
        },
    )
    service = shop.fargate(task_definition=task)
    service.connections.allow_to_default_port(database)

    folder = synthesize(app).folder
    result = CliRunner().invoke(commands, ["check", str(folder), "--format", "json"])

    made = json.loads(result.stdout)
    assert made["workloads"]["Api"]["peak"] == 48
    assert made["databases"]["Orders"]["usable"] == 1663
    assert [item["id"] for item in made["findings"]] == ["assumed"]
    assert result.exit_code == 0
