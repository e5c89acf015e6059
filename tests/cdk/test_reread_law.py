"""The two moments of the design: what the plugin recomputes from the templates is what the construct wrote."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from aws_cdk import aws_scheduler as scheduler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from constructs_lib.budget.workloads import PooledWorkload
from constructs_lib.cdk import ConnectionBudget
from constructs_lib.cdk.assembly_folder import AssemblyFolder
from constructs_lib.template.reread import reread
from tests.cdk.shop import Shop, new_app
from tests.cdk.synthesis import Synthesis, synthesize

pytestmark = pytest.mark.synth

STRATEGIES = (ecs.DeploymentStrategy.ROLLING, ecs.DeploymentStrategy.BLUE_GREEN)

services = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["service", "service", "celery", "task", "function"]),
        "tasks": st.integers(0, 12),
        "percent": st.sampled_from([100, 125, 150, 200, 300]),
        "strategy": st.sampled_from(STRATEGIES),
        "scaled": st.none() | st.integers(1, 20),
        "scheduled": st.none() | st.integers(1, 30),
        "containers": st.integers(1, 2),
        "factor": st.integers(1, 6),
        "command": st.none() | st.integers(1, 6),
        "said": st.booleans(),
        "engines": st.integers(1, 2),
        "weight": st.integers(1, 3),
        "split": st.sampled_from([None, "60/40", "80/20", "100/0"]),
        "fixed": st.none() | st.tuples(st.integers(0, 20), st.integers(-1, 20)),
        "proxied": st.booleans(),
        "home": st.integers(0, 1),
    }
)
apps = st.fixed_dictionaries(
    {
        "database": st.sampled_from(["instance", "parameters", "aurora", "declared"]),
        "size": st.sampled_from(["t4g.micro", "t4g.large", "r6g.large", "m6g.4xlarge"]),
        "max_connections": st.integers(50, 3000),
        "proxy": st.none() | st.integers(10, 95),
        "services": st.lists(services, min_size=1, max_size=3),
        "reservation": st.integers(0, 40),
        "staged": st.booleans(),
    }
)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(drawn=apps)
def test_what_the_plugin_recomputes_is_what_the_construct_wrote(drawn: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        app = new_app(folder)
        _build(cdk.Stage(app, "Stage") if drawn["staged"] else app, drawn)

        synthesis = synthesize(app)

        _agrees(synthesis)


def _agrees(synthesis: Synthesis) -> None:
    """Nothing has changed between the moments, every container has the plan's variables, and errors fail the synth."""
    assert not {"environment-conflict"} & set(synthesis.ids)
    assert synthesis.failed == bool(synthesis.errors)
    documents = 0
    for folder in AssemblyFolder.of(sorted(synthesis.folder.rglob("*.template.json"))):
        for home, content in folder.documents():
            documents += 1
            written = Document.read(content)
            read_again = reread(written, home, folder)
            recomputed = plan(read_again)
            assert recomputed.environments() == plan(written).environments()
            for name, workload in read_again.workloads.items():
                if isinstance(workload, PooledWorkload):
                    assert workload.changed == ()
                    assert workload.found is not None
                    for container, found in workload.found.items():
                        assert found == recomputed.environments()[name], container
            assert recomputed.fits == (not synthesis.failed)
            for tally in recomputed.tally.databases.values():
                if not synthesis.failed and tally.capacity.usable is not None:
                    assert tally.total.peak <= tally.capacity.usable
    assert documents == 1


def _build(scope: Any, drawn: Mapping[str, Any]) -> None:
    homes = [Shop(scope, "Shop"), Shop(scope, "Other")]
    shop = homes[0]
    size = ec2.InstanceType(drawn["size"])
    limit: dict[str, Any] = {}
    database: Any
    if drawn["database"] == "aurora":
        database = shop.aurora(writer=rds.ClusterInstance.provisioned("Writer", instance_type=size))
        target = rds.ProxyTarget.from_cluster(database)
    else:
        parameters = {"max_connections": str(drawn["max_connections"])} if drawn["database"] == "parameters" else None
        database = homes[1].instance(instance_type=size, parameters=parameters)
        target = rds.ProxyTarget.from_instance(database)
    if drawn["database"] == "declared":
        limit = {"max_connections": drawn["max_connections"]}
    proxy = None
    if drawn["proxy"] is not None:
        home = homes[0] if drawn["database"] == "aurora" else homes[1]
        proxy = rds.DatabaseProxy(
            home,
            "Proxy",
            proxy_target=target,
            secrets=[rds.DatabaseSecret(home, "Secret", username="shop")],
            vpc=home.vpc,
            max_connections_percent=drawn["proxy"],
        )
    budget = ConnectionBudget(shop, "Budget", database=database, **limit)
    budget.add_reservation("psql", connections=drawn["reservation"])
    for index, service in enumerate(drawn["services"]):
        _add(budget, homes[service["home"]], f"w{index}", service, proxy)


def _add(
    budget: ConnectionBudget, home: Shop, name: str, drawn: Mapping[str, Any], proxy: rds.DatabaseProxy | None
) -> None:
    if drawn["kind"] == "function":
        function = lambda_.Function(
            home,
            name,
            runtime=lambda_.Runtime.PYTHON_3_12,
            handler="index.handler",
            code=lambda_.Code.from_inline("def handler(event, context): pass"),
            reserved_concurrent_executions=drawn["tasks"],
        )
        budget.add_function(name, function=function, proxy=proxy if drawn["proxied"] else None)
        return
    if drawn["kind"] == "task":
        _add_task(budget, home, name, drawn)
        return
    service = home.fargate(
        name,
        task_definition=home.task(name, [f"{name}-{index}" for index in range(drawn["containers"])], _command(drawn)),
        desired_count=drawn["tasks"],
        min_healthy_percent=0,
        max_healthy_percent=drawn["percent"],
        deployment_strategy=drawn["strategy"],
    )
    keywords: dict[str, Any] = {
        "service": service,
        "engines_per_process": drawn["engines"],
        "proxy": proxy if drawn["proxied"] else None,
    }
    if drawn["kind"] == "celery":
        said = drawn["factor"] if drawn["said"] or drawn["command"] is None else None
        budget.add_celery_workers(name, concurrency=said, result_backend=drawn["said"], **keywords)
    else:
        if drawn["fixed"] is not None:
            keywords["pool_size"], keywords["max_overflow"] = drawn["fixed"]
        budget.add_service(
            name,
            processes_per_task=drawn["factor"] if drawn["said"] else None,
            weight=drawn["weight"],
            split=drawn["split"],
            **keywords,
        )
    if drawn["scaled"] is not None:  # after the budget, as many apps do
        scaled = service.auto_scale_task_count(min_capacity=0, max_capacity=drawn["scaled"])
        if drawn["scheduled"] is not None:
            scaled.scale_on_schedule("Sale", schedule=scaling.Schedule.cron(hour="8"), max_capacity=drawn["scheduled"])


def _add_task(budget: ConnectionBudget, home: Shop, name: str, drawn: Mapping[str, Any]) -> None:
    definition = home.task(name, [f"{name}-{index}" for index in range(drawn["containers"])], _command(drawn))
    if drawn["scheduled"] is not None:
        parameters = scheduler.CfnSchedule.EcsParametersProperty(
            task_definition_arn=definition.task_definition_arn, task_count=drawn["scheduled"]
        )
        scheduler.CfnSchedule(
            home,
            f"{name}Schedule",
            schedule_expression="rate(1 hour)",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(arn="cluster", role_arn="role", ecs_parameters=parameters),
        )
    budget.add_task(name, task_definition=definition, overlap=drawn["factor"], tasks=drawn["scaled"])


def _command(drawn: Mapping[str, Any]) -> list[str] | None:
    """What every container of the task runs."""
    count = drawn["command"]
    if drawn["kind"] == "celery":
        return ["celery", "worker", "-B"] if count is None else ["celery", "worker", "-c", f"{count}"]
    return None if count is None else ["sh", "-c", f"migrate && exec gunicorn -w {count} app:app"]


def test_the_document_of_an_app_is_the_input_of_the_command_line(shop: Shop, tmp_path: Path) -> None:
    """What stands in the template plans alike where neither the CDK nor the template's other parts are."""
    shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1)
    synthesis = synthesize(shop.node.root)  # type: ignore[arg-type]  # the root of these tests is an app
    document = json.loads((tmp_path / "cdk.out" / "Shop.template.json").read_text())["Metadata"]["ConnectionBudget"]

    planned = plan(Document.read(document))

    assert planned.environments()["api"] == synthesis.variables()
