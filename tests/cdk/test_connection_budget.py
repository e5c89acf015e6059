"""The construct: the numbers that it chooses, and the containers that it writes them into."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_rds as rds

from constructs_lib import ConnectionBudget
from tests.cdk.shop import IMAGE, POSTGRES, Shop
from tests.cdk.synthesis import Synthesis

pytestmark = pytest.mark.synth

Synth = Callable[..., Synthesis]


class TestTheArticlesNumbers:
    def test_four_tasks_share_what_683_connections_leave(self, shop: Shop, synth: Synth) -> None:
        """683 − 3 − 10 = 670 usable; 670 // 4 = 167; 70 % of it 116, 30 % of it 50; 4 × 166 = 664."""
        shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1)

        synthesis = synth()

        assert not synthesis.failed
        assert synthesis.ids == []
        assert synthesis.variables() == {
            "DB_POOL_SIZE": "116",
            "DB_MAX_OVERFLOW": "50",
            "DB_POOL_TIMEOUT": "30",
            "DB_POOL_RECYCLE": "1800",
            "DB_POOL_PRE_PING": "true",
            "DB_APPLICATION_NAME": "api",
            "RDS_MAX_CONNECTIONS": "683",
            "APP_INSTANCE_COUNT": "4",
            "DB_ADMIN_RESERVE": "13",
        }
        assert "FITS: at most 664 of 670 connections" in synthesis.printed

    def test_celery_takes_its_connections_before_anything_is_divided(self, shop: Shop, synth: Synth) -> None:
        """683 − 15 reserved − 8 × 4 for Celery = 636; 636 // 4 = 159; 111 + 47. The reserve is 683 − 636 = 47.

        The article's snippet divides 683 − 15 − 8 × 4 = 636 by API_INSTANCE_COUNT: 4 gives 159 as well.
        """
        budget = shop.budget(database=shop.instance(), engine_reserve=5, admin_reserve=10)
        budget.add_service("api", service=shop.fargate(), processes_per_task=1)
        budget.add_celery_workers(
            "workers", service=shop.fargate("Workers", containers=["worker"], desired_count=8), concurrency=4
        )

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables("web") == {
            "DB_POOL_SIZE": "111",
            "DB_MAX_OVERFLOW": "47",
            "DB_POOL_TIMEOUT": "30",
            "DB_POOL_RECYCLE": "1800",
            "DB_POOL_PRE_PING": "true",
            "DB_APPLICATION_NAME": "api",
            "RDS_MAX_CONNECTIONS": "683",
            "APP_INSTANCE_COUNT": "4",
            "API_INSTANCE_COUNT": "4",
            "DB_ADMIN_RESERVE": "47",
            "CELERY_WORKERS": "8",
            "CELERY_CONCURRENCY": "4",
        }
        assert synthesis.variables("worker") == {
            "DB_POOL_SIZE": "1",
            "DB_MAX_OVERFLOW": "0",
            "DB_POOL_TIMEOUT": "30",
            "DB_POOL_RECYCLE": "1800",
            "DB_POOL_PRE_PING": "true",
            "DB_APPLICATION_NAME": "workers",
            "CELERY_WORKERS": "8",
            "CELERY_CONCURRENCY": "4",
        }


class TestSharing:
    def test_every_process_has_a_pool_of_its_own(self, shop: Shop, synth: Synth) -> None:
        """4 tasks × 200 % × 2 processes × 2 engines = 32 pools; 670 // 32 = 20; 14 + 6."""
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.fargate(max_healthy_percent=200), processes_per_task=2, engines_per_process=2
        )

        variables = synth().variables()

        assert (variables["DB_POOL_SIZE"], variables["DB_MAX_OVERFLOW"]) == ("14", "6")
        assert variables["APP_INSTANCE_COUNT"] == "32"

    def test_weights_and_splits_and_reservations_decide_who_gets_what(self, shop: Shop, synth: Synth) -> None:
        """670 − 70 = 600 by weight: the API 4 pools × 2, the reports 2 pools × 1; 600 × 8 // 10 = 480, and 120.

        480 // 4 = 120 at 80/20 is 96 + 24; 120 // 2 = 60 at 60/40 is 36 + 24.
        """
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=shop.fargate(), processes_per_task=1, weight=2, split="80/20")
        reports = shop.fargate("Reports", containers=["batch"], desired_count=2)
        budget.add_service("reports", service=reports, processes_per_task=1, split="60/40", pool_timeout=60)
        budget.add_reservation("psql", connections=70)

        synthesis = synth()

        web, batch = synthesis.variables("web"), synthesis.variables("batch")
        assert (web["DB_POOL_SIZE"], web["DB_MAX_OVERFLOW"], web["DB_POOL_TIMEOUT"]) == ("96", "24", "30")
        assert (batch["DB_POOL_SIZE"], batch["DB_MAX_OVERFLOW"], batch["DB_POOL_TIMEOUT"]) == ("36", "24", "60")

    def test_a_fixed_pool_that_fits_is_written_as_it_is(self, shop: Shop, synth: Synth) -> None:
        """4 × (100 + 50) = 600 of 670, which is 89.5 %: no warning."""
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.fargate(), processes_per_task=1, pool_size=100, max_overflow=50
        )

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables()["DB_POOL_SIZE"] == "100"
        assert synthesis.variables()["DB_MAX_OVERFLOW"] == "50"

    @pytest.mark.parametrize(
        ("said", "finding", "severity"),
        [
            ({"pool_size": 150, "max_overflow": 18}, "overcommitted", "error"),  # 4 × 168 = 672 > 670
            ({"pool_size": 150, "max_overflow": 17}, "low-headroom", "warning"),  # 4 × 167 = 668 of 670
            ({"pool_size": 0, "max_overflow": 5}, "unbounded-pool", "error"),
            ({"pool_size": 5, "max_overflow": -1}, "unbounded-pool", "error"),
            ({"processes_per_task": 168}, "no-room", "error"),  # 4 × 168 = 672 pools > 670
            ({"processes_per_task": 40}, "starved-pool", "warning"),  # 670 // 160 = 4
        ],
    )
    def test_a_budget_that_cannot_be_kept_fails_the_synth(
        self, shop: Shop, synth: Synth, said: dict[str, Any], finding: str, severity: str
    ) -> None:
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.fargate(), **{"processes_per_task": 1, **said}
        )

        synthesis = synth()

        assert [(item.id, item.severity) for item in synthesis.findings] == [(finding, severity)]
        assert synthesis.failed == (severity == "error")

    def test_what_nobody_said_is_marked_as_assumed_and_fails_nothing(self, shop: Shop, synth: Synth) -> None:
        shop.budget(database=shop.instance(), admin_reserve=None).add_service("api", service=shop.fargate())

        synthesis = synth()

        assert not synthesis.failed
        assert {item.subject: item.message for item in synthesis.findings if item.id == "assumed"} == {
            "Orders": "assumed for Orders: 10 connections for migrations, psql and monitoring",
            "api": "assumed for api: 1 process per task",
        }


class TestWiring:
    def test_values_are_plain_strings_in_the_template(self, shop: Shop, synth: Synth) -> None:
        """Also where the limit is computed, and Celery's numbers are there."""
        budget = ConnectionBudget(shop, "Budget", database=shop.instance())
        budget.add_service("api", service=shop.fargate(), processes_per_task=1)
        budget.add_celery_workers("workers", service=shop.fargate("Workers", containers=["worker"]), concurrency=4)

        synthesis = synth()

        for container in ("web", "worker"):
            assert all(type(value) is str for value in synthesis.variables(container).values())
        assert "Token[" not in str(synthesis.template())

    def test_a_prefix_of_its_own_replaces_the_variables_of_the_copied_snippets_too(
        self, shop: Shop, synth: Synth
    ) -> None:
        """They have no prefix, so they can belong to one database only: that of `DB_`."""
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.fargate(), processes_per_task=1, env_prefix="ORDERS_"
        )

        assert synth().variables() == {
            "ORDERS_POOL_SIZE": "116",
            "ORDERS_MAX_OVERFLOW": "50",
            "ORDERS_POOL_TIMEOUT": "30",
            "ORDERS_POOL_RECYCLE": "1800",
            "ORDERS_POOL_PRE_PING": "true",
            "ORDERS_APPLICATION_NAME": "api",
        }

    def test_tokens_of_iam_live_shorter_than_half_an_hour(self, shop: Shop, synth: Synth) -> None:
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.fargate(), processes_per_task=1, iam_auth=True
        )

        assert synth().variables()["DB_POOL_RECYCLE"] == "800"

    def test_all_containers_of_a_task_are_assumed_to_use_the_database(self, shop: Shop, synth: Synth) -> None:
        """4 tasks × 2 containers = 8 pools; 670 // 8 = 83; 58 + 24."""
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.fargate(containers=["web", "proxy"]), processes_per_task=1
        )

        synthesis = synth()

        assert synthesis.variables("web") == synthesis.variables("proxy")
        assert synthesis.variables("web")["DB_POOL_SIZE"] == "58"
        assert [item.message for item in synthesis.findings] == ["assumed for api: containers web, proxy"]

    def test_only_named_containers_are_counted_and_written_to(self, shop: Shop, synth: Synth) -> None:
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.fargate(containers=["web", "proxy"]), processes_per_task=1, containers=["web"]
        )

        synthesis = synth()

        assert synthesis.variables("web")["DB_POOL_SIZE"] == "116"
        assert synthesis.variables("proxy") == {}
        assert synthesis.ids == []

    def test_a_container_that_is_added_later_is_written_to_as_well(self, shop: Shop, synth: Synth) -> None:
        service = shop.fargate()
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        service.task_definition.add_container("late", image=IMAGE)

        synthesis = synth()

        assert synthesis.variables("late")["DB_POOL_SIZE"] == "58"
        assert not synthesis.failed

    def test_a_log_router_has_no_pool(self, shop: Shop, synth: Synth) -> None:
        """One that was added by hand, and one that the CDK adds when it writes the template."""
        explicit = shop.task("Explicit", ["web"])
        explicit.add_firelens_log_router(
            "router", image=IMAGE, firelens_config=ecs.FirelensConfig(type=ecs.FirelensLogRouterType.FLUENTBIT)
        )
        implicit = shop.task("Implicit", [])
        implicit.add_container("batch", image=IMAGE, logging=ecs.LogDrivers.firelens(options={}))
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=shop.fargate(task_definition=explicit, desired_count=2), processes_per_task=1)
        budget.add_service(
            "batch", service=shop.fargate("Batch", task_definition=implicit, desired_count=2), processes_per_task=1
        )

        synthesis = synth()

        assert synthesis.variables("web")["DB_POOL_SIZE"] == "116"
        assert synthesis.variables("batch")["DB_POOL_SIZE"] == "116"
        assert synthesis.variables("router") == {}
        assert synthesis.variables("log-router") == {}
        assert synthesis.ids == []


class TestWhatTheUserSet:
    def test_a_value_set_before_the_budget_is_reported_and_kept(self, shop: Shop, synth: Synth) -> None:
        service = shop.fargate()
        _container(service).add_environment("DB_POOL_SIZE", "5")
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)

        synthesis = synth()

        assert synthesis.failed
        assert synthesis.errors == ["environment-conflict"]
        assert "DB_POOL_SIZE is '5' in container 'web' and 116 in the budget" in synthesis.findings[0].message
        assert synthesis.variables()["DB_POOL_SIZE"] == "5"
        assert synthesis.variables()["DB_MAX_OVERFLOW"] == "50"

    def test_a_value_set_after_the_budget_is_reported_and_kept(self, shop: Shop, synth: Synth) -> None:
        """4 × (900 + 50) is also more than 670."""
        service = shop.fargate()
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        _container(service).add_environment("DB_POOL_SIZE", "900")

        synthesis = synth()

        assert synthesis.errors == ["environment-conflict", "overcommitted"]
        assert synthesis.variables()["DB_POOL_SIZE"] == "900"

    def test_a_value_that_is_a_secret_is_a_conflict(self, shop: Shop, synth: Synth) -> None:
        secret = rds.DatabaseSecret(shop, "Secret", username="shop")
        service = shop.fargate()
        _container(service).add_secret("DB_POOL_SIZE", ecs.Secret.from_secrets_manager(secret, "size"))
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)

        synthesis = synth()

        assert synthesis.errors == ["environment-conflict", "unbounded-pool"]
        assert "it is a secret" in synthesis.findings[0].message
        assert "DB_POOL_SIZE" not in synthesis.variables()

    def test_a_value_that_is_a_parameter_is_a_conflict(self, shop: Shop, synth: Synth) -> None:
        size = cdk.CfnParameter(shop, "PoolSize")
        service = shop.fargate()
        _container(service).add_environment("DB_POOL_SIZE", size.value_as_string)
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)

        synthesis = synth()

        assert synthesis.errors == ["environment-conflict", "unbounded-pool"]
        assert synthesis.variables()["DB_POOL_SIZE"] == {"Ref": "PoolSize"}

    def test_an_equal_value_set_by_hand_is_no_conflict(self, shop: Shop, synth: Synth) -> None:
        service = shop.fargate()
        _container(service).add_environment("DB_POOL_SIZE", "116")
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables()["DB_POOL_SIZE"] == "116"

    def test_other_variables_and_the_stacks_own_metadata_stay(self, shop: Shop, synth: Synth) -> None:
        service = shop.fargate()
        _container(service).add_environment("LOG_LEVEL", "info")
        shop.template_options.metadata = {"Team": "shop"}
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)

        synthesis = synth()

        assert synthesis.variables()["LOG_LEVEL"] == "info"
        assert synthesis.template()["Metadata"]["Team"] == "shop"


class TestWhatIsAddedAfterTheBudget:
    """Reading a lazy value too early would freeze it; the budget reads when the synth begins."""

    def test_the_most_tasks_that_scaling_added_later_allows_share_the_database(self, shop: Shop, synth: Synth) -> None:
        """8 tasks: 670 // 8 = 83; 58 + 24."""
        service = shop.fargate()
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        service.auto_scale_task_count(max_capacity=8).scale_on_cpu_utilization("Cpu", target_utilization_percent=60)

        synthesis = synth()

        assert synthesis.variables()["DB_POOL_SIZE"] == "58"
        assert synthesis.variables()["APP_INSTANCE_COUNT"] == "8"

    def test_a_schedule_above_the_maximum_counts(self, shop: Shop, synth: Synth) -> None:
        """12 tasks: 670 // 12 = 55; 38 + 16."""
        service = shop.fargate()
        scaled = service.auto_scale_task_count(max_capacity=8)
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        scaled.scale_on_schedule("Sale", schedule=scaling.Schedule.cron(hour="8"), max_capacity=12)

        synthesis = synth()

        assert synthesis.variables()["DB_POOL_SIZE"] == "38"
        assert not synthesis.failed
        (target,) = _resources(synthesis, "AWS::ApplicationAutoScaling::ScalableTarget")
        assert target["ScheduledActions"][0]["ScalableTargetAction"] == {"MaxCapacity": 12}

    def test_a_parameter_counts_and_is_not_lost(self, shop: Shop, synth: Synth) -> None:
        """303 − 13 = 290; 290 // 4 = 72; 50 + 21."""
        group = rds.ParameterGroup(shop, "Parameters", engine=POSTGRES, parameters={})
        database = shop.instance(parameter_group=group)
        shop.budget(database=database, max_connections=None).add_service(
            "api", service=shop.fargate(), processes_per_task=1
        )
        group.add_parameter("max_connections", "303")
        group.add_parameter("rds.force_ssl", "1")

        synthesis = synth()

        assert synthesis.variables()["DB_POOL_SIZE"] == "50"
        (written,) = _resources(synthesis, "AWS::RDS::DBParameterGroup")
        assert written["Parameters"] == {"max_connections": "303", "rds.force_ssl": "1"}

    def test_a_load_balancer_is_not_lost(self, shop: Shop, synth: Synth) -> None:
        service = shop.fargate()
        _container(service).add_port_mappings(ecs.PortMapping(container_port=80))
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        targets = elbv2.ApplicationTargetGroup(shop, "Targets", vpc=shop.vpc, port=80, targets=[service])
        service.connections.allow_from_any_ipv4(ec2.Port.tcp(80))

        synthesis = synth()

        (written,) = _resources(synthesis, "AWS::ECS::Service")
        assert written["LoadBalancers"][0]["TargetGroupArn"] == shop.resolve(targets.target_group_arn)
        assert synthesis.variables()["DB_POOL_SIZE"] == "116"

    def test_ports_and_mounts_and_volumes_are_not_lost(self, shop: Shop, synth: Synth) -> None:
        service = shop.fargate()
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        service.task_definition.add_volume(name="scratch")
        _container(service).add_port_mappings(ecs.PortMapping(container_port=80))
        _container(service).add_mount_points(
            ecs.MountPoint(container_path="/tmp/x", read_only=False, source_volume="scratch")  # noqa: S108 - in a container
        )

        synthesis = synth()

        (written,) = _resources(synthesis, "AWS::ECS::TaskDefinition")
        assert written["Volumes"] == [{"Name": "scratch"}]
        (container,) = written["ContainerDefinitions"]
        assert container["PortMappings"] == [{"ContainerPort": 80, "Protocol": "tcp"}]
        assert container["MountPoints"][0]["SourceVolume"] == "scratch"


def _container(service: ecs.FargateService) -> ecs.ContainerDefinition:
    container = service.task_definition.default_container
    assert container is not None
    return container


def _resources(synthesis: Synthesis, kind: str) -> list[dict[str, Any]]:
    return [item["Properties"] for item in synthesis.template()["Resources"].values() if item["Type"] == kind]
