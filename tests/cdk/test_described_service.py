"""What is read of a service: how many tasks there can be, of whichever kind it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ecs_patterns as patterns

from tests.cdk.shop import IMAGE, Shop, new_app, scaled_by_hand
from tests.cdk.synthesis import Synthesis, synthesize

pytestmark = pytest.mark.synth

Synth = Callable[..., Synthesis]


class TestTaskCounts:
    def test_an_ec2_service_counts_as_a_fargate_service(self, shop: Shop, synth: Synth) -> None:
        service = shop.ec2_service(desired_count=4, min_healthy_percent=50, max_healthy_percent=100)

        assert _pools(shop, synth, service) == 4

    def test_a_service_on_hosts_of_ones_own_counts_as_well(self, shop: Shop, synth: Synth) -> None:
        task = ecs.ExternalTaskDefinition(shop, "Task")
        task.add_container("web", image=IMAGE, memory_limit_mib=256)
        service = ecs.ExternalService(
            shop,
            "Api",
            cluster=shop.cluster,
            task_definition=task,
            desired_count=4,
            min_healthy_percent=0,
            max_healthy_percent=100,
        )

        assert _pools(shop, synth, service) == 4

    def test_one_task_runs_where_no_count_is_given(self, shop: Shop, synth: Synth) -> None:
        """ECS starts 1; the CDK's maximumPercent of 200 makes it 2 during a deployment."""
        service = ecs.FargateService(
            shop, "Api", cluster=shop.cluster, task_definition=shop.task("Api", ["web"]), min_healthy_percent=100
        )

        assert _pools(shop, synth, service) == 2

    def test_the_deployments_surge_is_rounded_down(self, shop: Shop, synth: Synth) -> None:
        """floor(5 × 150 / 100) = 7."""
        assert _pools(shop, synth, shop.fargate(desired_count=5, max_healthy_percent=150)) == 7

    def test_the_surge_is_taken_of_the_scaling_maximum(self, shop: Shop, synth: Synth) -> None:
        """floor(6 × 150 / 100) = 9."""
        service = shop.fargate(max_healthy_percent=150)
        service.auto_scale_task_count(max_capacity=6)

        assert _pools(shop, synth, service) == 9

    def test_a_desired_count_above_the_maximum_still_counts(self, shop: Shop, synth: Synth) -> None:
        service = shop.fargate(desired_count=10)
        service.auto_scale_task_count(max_capacity=6)

        assert _pools(shop, synth, service) == 10

    def test_scaling_to_zero_and_back_is_counted_at_its_largest(self, shop: Shop, synth: Synth) -> None:
        service = shop.fargate(desired_count=0)
        scaled = service.auto_scale_task_count(min_capacity=0, max_capacity=3)
        scaled.scale_on_schedule("Off", schedule=scaling.Schedule.cron(hour="20"), max_capacity=0)
        scaled.scale_on_schedule("Sale", schedule=scaling.Schedule.cron(hour="8"), min_capacity=5, max_capacity=5)

        assert _pools(shop, synth, service) == 5

    def test_a_daemon_is_unknown_until_the_user_says_how_many_hosts_there_are(self, shop: Shop, synth: Synth) -> None:
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.ec2_service(daemon=True), processes_per_task=1
        )

        synthesis = synth()

        assert synthesis.errors == ["unknown-tasks"]
        assert "DAEMON" in synthesis.findings[0].message

    def test_a_daemon_with_max_tasks_is_known(self, shop: Shop, synth: Synth) -> None:
        """DAEMON never runs more than 100 %."""
        assert _pools(shop, synth, shop.ec2_service(daemon=True), max_tasks=4) == 4

    def test_a_count_that_is_a_parameter_is_unknown(self, shop: Shop, synth: Synth) -> None:
        count = cdk.CfnParameter(shop, "Count", type="Number")
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.fargate(desired_count=count.value_as_number), processes_per_task=1
        )

        synthesis = synth()

        assert synthesis.failed
        assert synthesis.errors == ["unknown-tasks"]
        assert "DesiredCount is Ref Count" in synthesis.findings[0].message
        assert "max_tasks" in synthesis.findings[0].fix
        assert synthesis.variables() == {}

    def test_max_tasks_bounds_a_count_that_is_a_parameter(self, shop: Shop, synth: Synth) -> None:
        count = cdk.CfnParameter(shop, "Count", type="Number")

        assert _pools(shop, synth, shop.fargate(desired_count=count.value_as_number), max_tasks=4) == 4

    def test_a_scaling_maximum_that_is_a_parameter_is_unknown(self, shop: Shop, synth: Synth) -> None:
        most = cdk.CfnParameter(shop, "Most", type="Number")
        service = shop.fargate()
        service.auto_scale_task_count(max_capacity=most.value_as_number)
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)

        assert synth().errors == ["unknown-tasks"]

    @pytest.mark.parametrize(("said", "pools"), [({"max_tasks": 2}, 4), ({"max_tasks": 6}, 6)])
    def test_max_tasks_can_raise_what_is_read_but_not_lower_it(
        self, shop: Shop, synth: Synth, said: dict[str, Any], pools: int
    ) -> None:
        assert _pools(shop, synth, shop.fargate(), **said) == pools

    @pytest.mark.parametrize(("said", "pools"), [({"maximum_percent": 100}, 8), ({"maximum_percent": 300}, 12)])
    def test_maximum_percent_can_raise_what_is_read_but_not_lower_it(
        self, shop: Shop, synth: Synth, said: dict[str, Any], pools: int
    ) -> None:
        assert _pools(shop, synth, shop.fargate(max_healthy_percent=200), **said) == pools

    def test_a_scalable_target_made_by_hand_is_caught_and_can_be_said(self, shop: Shop, synth: Synth) -> None:
        """The construct sees only what auto_scale_task_count made; the template tells the plugin of the rest."""
        service = shop.fargate()
        scaled_by_hand(shop, service, 8)
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)

        assert synth().errors == ["environment-conflict", "overcommitted"]

    def test_a_scalable_target_made_by_hand_fits_with_max_tasks(self, shop: Shop, synth: Synth) -> None:
        service = shop.fargate()
        scaled_by_hand(shop, service, 8)

        assert _pools(shop, synth, service, max_tasks=8) == 8


class TestDeployments:
    @pytest.mark.parametrize(
        "strategy", [ecs.DeploymentStrategy.BLUE_GREEN, ecs.DeploymentStrategy.LINEAR, ecs.DeploymentStrategy.CANARY]
    )
    def test_both_sets_of_a_traffic_shift_run_at_once(
        self, shop: Shop, synth: Synth, strategy: ecs.DeploymentStrategy
    ) -> None:
        """2 × 4, whatever maximumPercent says."""
        assert _pools(shop, synth, shop.fargate(deployment_strategy=strategy)) == 8

    def test_both_sets_of_codedeploy_run_at_once(self, shop: Shop, synth: Synth) -> None:
        controller = ecs.DeploymentController(type=ecs.DeploymentControllerType.CODE_DEPLOY)

        assert _pools(shop, synth, shop.fargate(deployment_controller=controller)) == 8

    def test_what_an_external_controller_does_is_unknown(self, shop: Shop, synth: Synth) -> None:
        controller = ecs.DeploymentController(type=ecs.DeploymentControllerType.EXTERNAL)
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.fargate(deployment_controller=controller), processes_per_task=1
        )

        synthesis = synth()

        assert synthesis.errors == ["unknown-tasks"]
        assert "EXTERNAL" in synthesis.findings[0].message

    @pytest.mark.parametrize("removed", [False, True])
    def test_the_default_deployment_alarm_hides_nothing(self, tmp_path: Path, *, removed: bool) -> None:
        """With it the CDK's getter of the deployment configuration raises."""
        app = new_app(tmp_path, **{"@aws-cdk/aws-ecs:removeDefaultDeploymentAlarm": removed})
        shop = Shop(app)

        assert _pools(shop, lambda: synthesize(app), shop.fargate(max_healthy_percent=150)) == 6

    def test_alarms_that_are_added_after_the_budget_are_not_lost(self, shop: Shop, synth: Synth) -> None:
        service = shop.fargate()
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        service.enable_deployment_alarms(["Errors"], behavior=ecs.AlarmBehavior.ROLLBACK_ON_ALARM)

        synthesis = synth()

        assert synthesis.ids == []
        assert "'AlarmNames': ['Errors']" in str(synthesis.template())

    def test_what_is_assigned_to_the_l1_construct_is_read(self, shop: Shop, synth: Synth) -> None:
        """5 × 300 % = 15."""
        service = shop.fargate()
        l1 = service.node.find_child("Service")
        assert isinstance(l1, ecs.CfnService)
        l1.desired_count = 5
        l1.deployment_configuration = ecs.CfnService.DeploymentConfigurationProperty(maximum_percent=300)

        assert _pools(shop, synth, service) == 15

    def test_a_deployment_configuration_that_is_lazy_is_read(self, shop: Shop, synth: Synth) -> None:
        """4 × 300 % = 12."""
        service = shop.fargate()
        l1 = service.node.find_child("Service")
        assert isinstance(l1, ecs.CfnService)
        l1.deployment_configuration = cdk.Token.as_any({"maximumPercent": 300})

        assert _pools(shop, synth, service) == 12

    def test_all_recommended_flags_change_nothing(self, tmp_path: Path) -> None:
        """Those of this project's cdk.json."""
        app = new_app(tmp_path, **json.loads((Path(__file__).parents[2] / "cdk.json").read_text())["context"])
        shop = Shop(app)

        assert _pools(shop, lambda: synthesize(app), shop.fargate(max_healthy_percent=150)) == 6


class TestPatterns:
    def test_a_load_balanced_service_is_read_by_its_service(self, shop: Shop, synth: Synth) -> None:
        pattern = patterns.ApplicationLoadBalancedFargateService(
            shop,
            "Api",
            cluster=shop.cluster,
            desired_count=4,
            min_healthy_percent=50,
            max_healthy_percent=100,
            task_image_options=patterns.ApplicationLoadBalancedTaskImageOptions(image=IMAGE),
            assign_public_ip=False,
            open_listener=False,
            task_subnets=cdk.aws_ec2.SubnetSelection(subnets=shop.vpc.private_subnets),
            public_load_balancer=False,
        )

        assert _pools(shop, synth, pattern.service) == 4

    def test_a_queue_processing_service_brings_its_own_autoscaling(self, shop: Shop, synth: Synth) -> None:
        """At most 4 workers × 200 % × 1 connection."""
        pattern = patterns.QueueProcessingFargateService(
            shop,
            "Workers",
            cluster=shop.cluster,
            image=IMAGE,
            min_scaling_capacity=1,
            max_scaling_capacity=4,
            min_healthy_percent=50,
            max_healthy_percent=200,
        )
        budget = shop.budget(database=shop.instance())
        budget.add_celery_workers("workers", service=pattern.service, concurrency=1)
        budget.add_service("api", service=shop.fargate(), processes_per_task=1)

        variables = synth().variables()

        assert variables["DB_ADMIN_RESERVE"] == "21", "3 + 10 + 8"


def _pools(shop: Shop, synth: Synth, service: ecs.BaseService, **said: Any) -> int:
    """The number of pools that a service of one process was divided by, in a budget that fits."""
    shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1, **said)
    synthesis = synth()
    assert synthesis.errors == []
    assert service.task_definition.default_container is not None
    return int(synthesis.variables(service.task_definition.default_container.container_name)["APP_INSTANCE_COUNT"])
