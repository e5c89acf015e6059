"""Scheduled tasks and Lambda functions: what is read of them, and what they are given."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ecs_patterns as patterns
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from aws_cdk import aws_scheduler as scheduler

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from constructs_lib.cdk import MisuseError
from tests.cdk.shop import IMAGE, Shop
from tests.cdk.synthesis import Synthesis

pytestmark = pytest.mark.synth

Synth = Callable[..., Synthesis]


def _function(shop: Shop, construct_id: str = "Thumbs", **props: Any) -> lambda_.Function:
    return lambda_.Function(
        shop,
        construct_id,
        **{
            "runtime": lambda_.Runtime.PYTHON_3_12,
            "handler": "index.handler",
            "code": lambda_.Code.from_inline("def handler(event, context): pass"),
            **props,
        },
    )


def _function_variables(synthesis: Synthesis) -> dict[str, str]:
    resources = synthesis.template()["Resources"].values()
    (found,) = [item["Properties"] for item in resources if item["Type"] == "AWS::Lambda::Function"]
    return dict(found["Environment"]["Variables"])


def test_a_scheduled_task_and_a_function_share_what_the_service_leaves(shop: Shop, synth: Synth) -> None:
    """4 pools of the API, (2 + 1) tasks × 2 runs × 3 workers = 18 of the report, 10 of the function: 670 // 32 = 20.

    14 + 6, and 32 × 20 = 640.
    """
    scheduled = patterns.ScheduledFargateTask(
        shop,
        "Nightly",
        cluster=shop.cluster,
        desired_task_count=2,
        schedule=scaling.Schedule.rate(cdk.Duration.minutes(5)),
        scheduled_fargate_task_image_options=patterns.ScheduledFargateTaskImageOptions(
            image=IMAGE, command=["gunicorn", "-w", "3", "report:app"]
        ),
    )
    parameters = scheduler.CfnSchedule.EcsParametersProperty(
        task_definition_arn=scheduled.task_definition.task_definition_arn, task_count=1
    )
    target = scheduler.CfnSchedule.TargetProperty(arn="cluster", role_arn="role", ecs_parameters=parameters)
    scheduler.CfnSchedule(
        shop,
        "Again",
        schedule_expression="rate(1 hour)",
        flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
        target=target,
    )
    function = _function(shop, reserved_concurrent_executions=10, environment={"Stage": "prod", "db_url": "x"})
    budget = shop.budget(database=shop.instance())
    budget.add_service("api", service=shop.fargate(), processes_per_task=1)
    budget.add_task("nightly", task_definition=scheduled.task_definition, overlap=2)
    budget.add_function("thumbs", function=function)
    function.add_environment("LATE", "1")

    synthesis = synth()

    assert synthesis.ids == []
    assert "at most 640 of 670 connections" in synthesis.printed
    nightly = synthesis.variables("ScheduledContainer")
    assert (nightly["DB_POOL_SIZE"], nightly["APP_INSTANCE_COUNT"]) == ("14", "32")
    variables = _function_variables(synthesis)
    assert (variables["DB_POOL_SIZE"], variables["DB_MAX_OVERFLOW"]) == ("14", "6")
    assert {"Stage", "db_url", "LATE"} <= variables.keys()
    assert synthesis.document["workloads"]["nightly"]["tasks"] == 3
    assert synthesis.document["workloads"]["thumbs"]["reserved_concurrency"] == 10


def test_a_function_without_reserved_concurrency_fails_the_synth(shop: Shop, synth: Synth) -> None:
    shop.budget(database=shop.instance()).add_function("thumbs", function=_function(shop), reserved_concurrency=5)

    synthesis = synth()

    assert synthesis.errors == ["unknown-tasks"]
    assert "no reserved concurrency is set" in synthesis.findings[0].message


def test_a_variable_of_a_function_that_was_set_by_hand_is_left_and_reported(shop: Shop, synth: Synth) -> None:
    function = _function(shop, reserved_concurrent_executions=10, environment={"DB_POOL_SIZE": "3"})
    shop.budget(database=shop.instance()).add_function("thumbs", function=function)

    synthesis = synth()

    assert "environment-conflict" in synthesis.errors
    assert _function_variables(synthesis)["DB_POOL_SIZE"] == "3"


def test_what_is_neither_a_task_nor_a_function_is_refused(shop: Shop) -> None:
    budget = shop.budget(database=shop.instance())
    with pytest.raises(MisuseError, match=r"task_definition must be an ecs\.FargateTaskDefinition or"):
        budget.add_task("nightly", task_definition=shop.fargate())  # type: ignore[arg-type]
    with pytest.raises(MisuseError, match=r"function must be a lambda_\.Function defined in this app, got str"):
        budget.add_function("thumbs", function="thumbs")  # type: ignore[arg-type]
    function = _function(shop, reserved_concurrent_executions=1)
    budget.add_function("thumbs", function=function)
    with pytest.raises(MisuseError, match=r"DB_\* of function Shop/Thumbs is already in the connection budget"):
        budget.add_function("again", function=function)


def test_commands_say_how_many_workers_and_contradictions_are_reported(shop: Shop, synth: Synth) -> None:
    """4 tasks × 3 gunicorn workers = 12 pools beside 4 × 6 children and their 24 results: (670 − 48) // 12 = 51."""
    api = ecs.FargateTaskDefinition(shop, "ApiTask")
    api.add_container("web", image=IMAGE, command=["sh", "-c", "migrate && exec gunicorn --workers 3 app:app"])
    worker = ecs.FargateTaskDefinition(shop, "WorkerTask")
    worker.add_container("worker", image=IMAGE, command=["celery", "-A", "shop", "worker", "-c", "6"])
    budget = shop.budget(database=shop.instance())
    budget.add_service("api", service=shop.fargate(task_definition=api), processes_per_task=2)
    workers = shop.fargate("Workers", task_definition=worker)
    budget.add_celery_workers("workers", service=workers, result_backend=True)

    synthesis = synth()

    assert synthesis.ids == ["command-conflict"]
    assert "processes is 2 in the budget, and container 'web' runs gunicorn --workers 3" in (
        synthesis.findings[0].message
    )
    web = synthesis.variables("web")
    assert (web["APP_INSTANCE_COUNT"], web["DB_POOL_SIZE"]) == ("12", "35")
    assert synthesis.document["workloads"]["workers"]["concurrency"] == 6


def test_a_web_server_is_not_believed_to_be_celery_workers(shop: Shop, synth: Synth) -> None:
    """4 tasks × 30 processes, of which a concurrency of 1 would have counted 4."""
    both = ["sh", "-c", "gunicorn -w 30 app:app & celery -A shop worker -c 1"]
    web = shop.fargate("Api", task_definition=shop.task("Api", ["web"], ["gunicorn", "-w", "30", "app:app"]))
    mixed = shop.fargate("Mixed", task_definition=shop.task("Mixed", ["both"], both))
    budget = shop.budget(database=shop.instance())
    budget.add_celery_workers("api", service=web, concurrency=1, pool="solo")
    budget.add_celery_workers("mixed", service=mixed, extra_connections=1)

    synthesis = synth()

    assert [(item.id, item.subject) for item in synthesis.findings] == [
        ("unknown-tasks", "api"),
        ("unknown-tasks", "mixed"),
    ]
    finding = synthesis.findings[0]
    assert finding.message.endswith(
        "extra_connections: gunicorn in container 'web' is no Celery worker, and has pools of its own"
    )
    assert finding.fix.startswith("make it a service (add_service), which counts every process")
    assert not plan(Document.read(synthesis.document)).fits, "nor is it where the template's other parts are not"


def test_a_worker_whose_command_is_later_a_web_servers_is_caught(shop: Shop, synth: Synth) -> None:
    service = shop.fargate("Workers", task_definition=shop.task("Workers", ["web"], ["celery", "worker", "-c", "1"]))
    shop.budget(database=shop.instance()).add_celery_workers("workers", service=service)
    changed = service.task_definition.node.default_child
    assert isinstance(changed, ecs.CfnTaskDefinition)
    changed.add_property_override("ContainerDefinitions.0.Command", ["gunicorn", "-w", "30", "app:app"])

    assert "unknown-tasks" in synth().errors


def daemon(shop: Shop, update_policy: cdk.aws_autoscaling.UpdatePolicy | None = None) -> ecs.Ec2Service:
    """A daemon of a cluster with one Auto Scaling group of 3 instances at the most."""
    vpc = ec2.Vpc(shop, "Net", max_azs=1, nat_gateways=0)
    group = cdk.aws_autoscaling.AutoScalingGroup(
        shop,
        "Hosts",
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
        instance_type=ec2.InstanceType("m6g.large"),
        machine_image=ecs.EcsOptimizedImage.amazon_linux2023(),
        max_capacity=3,
        update_policy=update_policy,
    )
    cluster = ecs.Cluster(shop, "Ec2Cluster", vpc=vpc)
    cluster.add_asg_capacity_provider(ecs.AsgCapacityProvider(shop, "Provider", auto_scaling_group=group))
    task = ecs.Ec2TaskDefinition(shop, "AgentTask")
    task.add_container("agent", image=IMAGE, memory_limit_mib=256)
    service = ecs.Ec2Service(shop, "Agent", cluster=cluster, task_definition=task, daemon=True)
    shop.budget(database=shop.instance()).add_service("agent", service=service, processes_per_task=1)
    return service


def pool_of_agent(synth: Synth) -> tuple[str, str]:
    synthesis = synth()
    assert [item.message for item in synthesis.findings if item.severity == "error"] == []
    variables = synthesis.variables("agent")
    return variables["DB_POOL_SIZE"], variables["DB_MAX_OVERFLOW"]


def test_a_daemon_is_bounded_by_the_auto_scaling_group_of_its_cluster(shop: Shop, synth: Synth) -> None:
    """3 instances at the most: 670 // 3 = 223, 156 + 66."""
    daemon(shop)
    assert pool_of_agent(synth) == ("156", "66")


def test_a_daemon_runs_twice_while_an_update_replaces_its_group(shop: Shop, synth: Synth) -> None:
    """2 × 3 instances: 670 // 6 = 111, 77 + 33."""
    daemon(shop, cdk.aws_autoscaling.UpdatePolicy.replacing_update())
    assert pool_of_agent(synth) == ("77", "33")


def test_a_daemon_runs_on_the_fleet_that_joins_its_cluster(shop: Shop, synth: Synth) -> None:
    """3 instances, and 2 of the fleet, twice while it is replaced: 670 // 7 = 95, 66 + 28."""
    cluster = daemon(shop).cluster
    script = ec2.UserData.for_linux()
    script.add_commands(f"echo ECS_CLUSTER={cluster.cluster_name} >> /etc/ecs/ecs.config")
    template = ec2.LaunchTemplate(shop, "Launch", user_data=script)
    launch = ec2.CfnEC2Fleet.FleetLaunchTemplateSpecificationRequestProperty(
        launch_template_id=template.launch_template_id, version=template.latest_version_number
    )
    ec2.CfnEC2Fleet(
        shop,
        "Fleet",
        target_capacity_specification=ec2.CfnEC2Fleet.TargetCapacitySpecificationRequestProperty(
            total_target_capacity=2
        ),
        launch_template_configs=[
            ec2.CfnEC2Fleet.FleetLaunchTemplateConfigRequestProperty(launch_template_specification=launch)
        ],
    )
    assert pool_of_agent(synth) == ("66", "28")


def test_a_proxys_read_only_endpoint_has_a_budget_over_the_readers(shop: Shop, synth: Synth) -> None:
    """Each of 2 readers gives floor(683 × 50 %) = 341, 682 for 4 pools: 170 each, 119 + 51 = 170; 4 × 170 = 680.

    The writer's endpoint has 341 for the same 4 tasks: 85, 59 + 25.
    """
    size = ec2.InstanceType("r6g.large")
    database = shop.aurora(
        writer=rds.ClusterInstance.provisioned("Writer", instance_type=size),
        readers=[rds.ClusterInstance.provisioned(f"Reader{n}", instance_type=size) for n in (1, 2)],
    )
    proxy = rds.DatabaseProxy(
        shop,
        "Proxy",
        proxy_target=rds.ProxyTarget.from_cluster(database),
        secrets=[rds.DatabaseSecret(shop, "ProxySecret", username="shop")],
        vpc=shop.vpc,
        max_connections_percent=50,
    )
    rds.DatabaseProxyEndpoint(
        shop, "Reads", db_proxy=proxy, vpc=shop.vpc, target_role=rds.ProxyEndpointTargetRole.READ_ONLY
    )
    service = shop.fargate()
    budget = shop.budget(database=database, proxy=proxy)
    budget.add_service("api", service=service, processes_per_task=1)
    budget.add_service(
        "api-reads", service=service, processes_per_task=1, proxy=proxy, endpoint="reader", env_prefix="READ_DB_"
    )

    synthesis = synth()

    assert synthesis.errors == []
    variables = synthesis.variables()
    assert (variables["DB_POOL_SIZE"], variables["DB_MAX_OVERFLOW"]) == ("59", "25")
    assert (variables["READ_DB_POOL_SIZE"], variables["READ_DB_MAX_OVERFLOW"]) == ("119", "51")


def test_an_instance_has_no_readers_behind_its_proxy_either(shop: Shop) -> None:
    database = shop.instance()
    proxy = rds.DatabaseProxy(
        shop,
        "Proxy",
        proxy_target=rds.ProxyTarget.from_instance(database),
        secrets=[rds.DatabaseSecret(shop, "ProxySecret", username="shop")],
        vpc=shop.vpc,
    )
    budget = shop.budget(database=database)
    with pytest.raises(MisuseError, match="endpoint must be left out or 'writer' where the database is an instance"):
        budget.add_service("api", service=shop.fargate(), processes_per_task=1, proxy=proxy, endpoint="reader")
