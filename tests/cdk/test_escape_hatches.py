"""What is changed behind the budget's back is caught in the finished templates."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds
from constructs import Construct, IConstruct

from constructs_lib.cdk import ConnectionBudget
from tests.cdk.shop import IMAGE, Shop
from tests.cdk.synthesis import Synthesis

pytestmark = pytest.mark.synth

Synth = Callable[..., Synthesis]


class _Api:
    """The article's app, whose resources are then changed behind the budget's back."""

    def __init__(self, shop: Shop, database: rds.DatabaseInstance | None = None, **limit: Any) -> None:
        self.shop = shop
        self.database = database or shop.instance()
        self.service = shop.fargate()
        self.scaled = self.service.auto_scale_task_count(max_capacity=4)
        self.budget = shop.budget(database=self.database, **limit)
        self.budget.add_service("api", service=self.service, processes_per_task=1)

    def resource(self, kind: type) -> Any:
        """The one L1 construct of a kind."""
        (found,) = (item for item in self.shop.node.find_all() if isinstance(item, kind))
        return found


class TestEscapeHatches:
    """Changes that the construct cannot see, because they are made of what it has read already."""

    def test_a_raised_desired_count_is_caught(self, shop: Shop, synth: Synth) -> None:
        """8 × 166 = 1328 > 670, and the pools were sized for 4."""
        _Api(shop).resource(ecs.CfnService).add_property_override("DesiredCount", 8)

        synthesis = synth()

        assert synthesis.failed
        assert synthesis.errors == ["environment-conflict", "overcommitted"]
        overcommitted = next(item for item in synthesis.findings if item.id == "overcommitted")
        assert "api 1328 = 8 tasks × 1 process × (116 + 50)" in overcommitted.message
        assert "make the change of api on the construct" in overcommitted.fix
        assert "so that its pools become 58 + 24" in overcommitted.fix
        conflict = next(item for item in synthesis.findings if item.id == "environment-conflict")
        assert "tasks is 8 in the template and was 4 in the construct" in conflict.message

    def test_a_raised_maximum_percent_is_caught(self, shop: Shop, synth: Synth) -> None:
        """4 × 200 % × 166 = 1328."""
        _Api(shop).resource(ecs.CfnService).add_property_override("DeploymentConfiguration.MaximumPercent", 200)

        synthesis = synth()

        assert synthesis.failed
        assert synthesis.errors == ["environment-conflict", "overcommitted"]

    def test_a_removed_maximum_percent_is_the_default_of_ecs(self, shop: Shop, synth: Synth) -> None:
        """ECS takes 200."""
        _Api(shop).resource(ecs.CfnService).add_property_deletion_override("DeploymentConfiguration.MaximumPercent")

        assert synth().errors == ["environment-conflict", "overcommitted"]

    def test_a_raised_scaling_maximum_is_caught(self, shop: Shop, synth: Synth) -> None:
        _Api(shop).resource(scaling.CfnScalableTarget).add_property_override("MaxCapacity", 8)

        synthesis = synth()

        assert synthesis.failed
        assert synthesis.errors == ["environment-conflict", "overcommitted"]

    def test_a_scheduled_action_that_is_added_is_caught(self, shop: Shop, synth: Synth) -> None:
        _Api(shop).resource(scaling.CfnScalableTarget).add_property_override(
            "ScheduledActions", [{"ScalableTargetAction": {"MaxCapacity": 8}}]
        )

        assert synth().errors == ["environment-conflict", "overcommitted"]

    def test_a_changed_deployment_strategy_is_caught(self, shop: Shop, synth: Synth) -> None:
        """2 × 4 × 166 = 1328."""
        _Api(shop).resource(ecs.CfnService).add_property_override("DeploymentConfiguration.Strategy", "BLUE_GREEN")

        assert synth().errors == ["environment-conflict", "overcommitted"]

    def test_a_changed_controller_is_caught(self, shop: Shop, synth: Synth) -> None:
        _Api(shop).resource(ecs.CfnService).add_property_override("DeploymentController.Type", "EXTERNAL")

        assert synth().errors == ["unknown-tasks"]

    def test_a_daemon_strategy_is_caught(self, shop: Shop, synth: Synth) -> None:
        _Api(shop).resource(ecs.CfnService).add_property_override("SchedulingStrategy", "DAEMON")

        assert synth().errors == ["unknown-tasks"]

    def test_a_desired_count_that_becomes_a_function_is_caught(self, shop: Shop, synth: Synth) -> None:
        _Api(shop).resource(ecs.CfnService).add_property_override("DesiredCount", {"Fn::If": ["Big", 8, 4]})

        synthesis = synth()

        assert synthesis.errors == ["unknown-tasks"]
        assert "Fn::If" in synthesis.findings[0].message

    @pytest.mark.parametrize(
        ("size", "errors"),
        [
            ("117", ["environment-conflict"]),  # 4 × (117 + 50) = 668 fits, and is still not the budget's
            ("900", ["environment-conflict", "overcommitted"]),
            ("0", ["environment-conflict", "unbounded-pool"]),
            ("many", ["environment-conflict", "unbounded-pool"]),
            ({"Ref": "AWS::Region"}, ["environment-conflict", "unbounded-pool"]),
        ],
    )
    def test_a_changed_pool_size_is_caught(self, shop: Shop, synth: Synth, size: object, errors: list[str]) -> None:
        _Api(shop).resource(ecs.CfnTaskDefinition).add_property_override(
            "ContainerDefinitions.0.Environment.0", {"Name": "DB_POOL_SIZE", "Value": size}
        )

        synthesis = synth()

        assert synthesis.failed
        assert synthesis.errors == errors

    def test_an_environment_that_is_removed_is_caught(self, shop: Shop, synth: Synth) -> None:
        _Api(shop).resource(ecs.CfnTaskDefinition).add_property_deletion_override("ContainerDefinitions.0.Environment")

        synthesis = synth()

        assert synthesis.errors == ["environment-conflict", "unbounded-pool"]
        assert "DB_POOL_SIZE is missing in container 'web'" in synthesis.findings[0].message

    def test_a_container_that_is_added_is_caught(self, shop: Shop, synth: Synth) -> None:
        _Api(shop).resource(ecs.CfnTaskDefinition).add_property_override(
            "ContainerDefinitions.1", {"Name": "late", "Image": "python", "Environment": []}
        )

        assert synth().failed

    def test_another_task_definition_is_caught(self, shop: Shop, synth: Synth) -> None:
        _Api(shop).resource(ecs.CfnService).add_property_override("TaskDefinition", "somebody-elses:7")

        assert synth().errors == ["environment-conflict", "unbounded-pool"]

    def test_a_smaller_class_is_caught(self, shop: Shop, synth: Synth) -> None:
        """db.r6g.large is 1678: 290 + 124 for 4 pools, 1656. db.t4g.medium has 4 GiB: 393."""
        api = _Api(shop, max_connections=None, engine_reserve=None)
        api.resource(rds.CfnDBInstance).add_property_override("DBInstanceClass", "db.t4g.medium")

        synthesis = synth()

        assert synthesis.failed
        assert synthesis.errors == ["environment-conflict", "overcommitted"]

    def test_a_larger_class_leaves_the_pools_out_of_date(self, shop: Shop, synth: Synth) -> None:
        api = _Api(shop, max_connections=None, engine_reserve=None)
        api.resource(rds.CfnDBInstance).add_property_override("DBInstanceClass", "db.r6g.xlarge")

        assert synth().errors == ["environment-conflict"]

    def test_an_engine_that_nobody_knows_is_caught(self, shop: Shop, synth: Synth) -> None:
        api = _Api(shop, max_connections=None, engine_reserve=None)
        api.resource(rds.CfnDBInstance).add_property_override("Engine", "cockroach")

        assert synth().errors == ["unknown-limit"]

    def test_a_lowered_parameter_is_caught(self, shop: Shop, synth: Synth) -> None:
        """683 in the group when the pools were sized, 100 in the template."""
        api = _Api(shop, shop.instance(parameters={"max_connections": "683"}), max_connections=None)
        api.resource(rds.CfnDBParameterGroup).add_property_override("Parameters.max_connections", "100")

        synthesis = synth()

        assert synthesis.failed
        assert synthesis.errors == ["environment-conflict", "overcommitted"]

    def test_a_parameter_below_what_the_user_declared_is_caught(self, shop: Shop, synth: Synth) -> None:
        api = _Api(shop, shop.instance(parameters={"max_connections": "683"}))
        api.resource(rds.CfnDBParameterGroup).add_property_override("Parameters.max_connections", "100")

        assert synth().errors == ["environment-conflict", "overcommitted"]

    def test_another_parameter_group_is_caught(self, shop: Shop, synth: Synth) -> None:
        api = _Api(shop, max_connections=None)
        api.resource(rds.CfnDBInstance).add_property_override("DBParameterGroupName", "platform-team")

        assert synth().errors == ["unknown-limit"]

    def test_a_raised_proxy_percentage_is_caught(self, shop: Shop, synth: Synth) -> None:
        """Sized for 50 %: 683 × 50 // 100 = 341. At 100 % the proxy may open 683 of the 670 usable."""
        database = shop.instance()
        proxy = rds.DatabaseProxy(
            shop,
            "Proxy",
            proxy_target=rds.ProxyTarget.from_instance(database),
            secrets=[rds.DatabaseSecret(shop, "Secret", username="shop")],
            vpc=shop.vpc,
            max_connections_percent=50,
        )
        shop.budget(database=database, proxy=proxy).add_service("api", service=shop.fargate(), processes_per_task=1)
        (group,) = (item for item in shop.node.find_all() if isinstance(item, rds.CfnDBProxyTargetGroup))
        group.add_property_override("ConnectionPoolConfigurationInfo.MaxConnectionsPercent", 100)

        assert synth().errors == ["environment-conflict", "proxy-oversubscribed"]

    def test_a_renamed_resource_is_found_again(self, shop: Shop, synth: Synth) -> None:
        api = _Api(shop)
        api.resource(ecs.CfnService).override_logical_id("TheApi")
        api.resource(rds.CfnDBInstance).override_logical_id("TheDatabase")
        api.resource(ecs.CfnTaskDefinition).override_logical_id("TheTask")

        assert synth().ids == []

    def test_a_service_that_is_no_longer_in_the_template_is_caught(self, shop: Shop, synth: Synth) -> None:
        service = _Api(shop).resource(ecs.CfnService)
        service.add_override("Type", "Custom::Service")
        service.add_deletion_override("Properties")

        assert synth().failed

    def test_a_document_that_is_removed_fails_the_synth(self, shop: Shop, synth: Synth) -> None:
        _after_the_wiring(_Api(shop).budget, lambda: _set_metadata(shop, {"Team": "shop"}))

        synthesis = synth()

        assert synthesis.failed
        assert "the budget document of Shop/Budget is missing" in synthesis.error

    def test_a_document_that_is_spoilt_fails_the_synth(self, shop: Shop, synth: Synth) -> None:
        _after_the_wiring(_Api(shop).budget, lambda: _set_metadata(shop, {"ConnectionBudget": {"schema": 2}}))

        synthesis = synth()

        assert synthesis.failed
        assert "schema: must be 1, got 2" in synthesis.error

    def test_one_of_two_documents_that_is_removed_fails_the_synth(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        other = Shop(app, "Other")
        other.budget(database=other.instance())
        _after_the_wiring(_Api(shop).budget, lambda: _set_metadata(shop, {}))

        synthesis = synth()

        assert synthesis.failed
        assert "the budget document of Shop/Budget is missing" in synthesis.error


class TestAspects:
    """Aspects run while the templates are being made, before the budget's own or after it."""

    def test_an_aspect_that_runs_earlier_is_read(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        """The tree is visited in the order of its making. 670 // 8 = 83; 58 + 24."""
        _Api(shop)
        _aspect(app, ecs.CfnService, lambda service: setattr(service, "desired_count", 8), cdk.AspectPriority.DEFAULT)

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables()["DB_POOL_SIZE"] == "58"

    def test_an_aspect_that_runs_later_is_caught(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=shop.fargate(), processes_per_task=1)
        _aspect(app, ecs.CfnService, lambda service: setattr(service, "desired_count", 8), cdk.AspectPriority.DEFAULT)

        assert synth().errors == ["environment-conflict", "overcommitted"]

    def test_a_sidecar_that_an_aspect_adds_earlier_is_counted(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        """8 pools: 670 // 8 = 83; 58 + 24."""
        _Api(shop)
        _aspect(app, ecs.FargateTaskDefinition, _add_sidecar, cdk.AspectPriority.DEFAULT)

        synthesis = synth()

        assert synthesis.errors == []
        assert synthesis.variables("web")["DB_POOL_SIZE"] == "58"
        assert synthesis.variables("sidecar")["DB_POOL_SIZE"] == "58"

    def test_a_sidecar_that_an_aspect_adds_later_is_caught(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        """Its pools are SQLAlchemy's own, and nobody has counted them."""
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=shop.fargate(), processes_per_task=1)
        _aspect(app, ecs.FargateTaskDefinition, _add_sidecar, cdk.AspectPriority.DEFAULT)

        synthesis = synth()

        assert synthesis.failed
        assert "DB_POOL_SIZE is missing in container 'sidecar'" in synthesis.error

    def test_a_sidecar_beside_the_named_containers_is_none_of_the_budgets(
        self, app: cdk.App, shop: Shop, synth: Synth
    ) -> None:
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=shop.fargate(), processes_per_task=1, containers=["web"])
        _aspect(app, ecs.FargateTaskDefinition, _add_sidecar, cdk.AspectPriority.DEFAULT)

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables("sidecar") == {}

    def test_a_schedule_that_an_aspect_adds_later_is_not_lost(self, shop: Shop, synth: Synth) -> None:
        """Reading the schedules must not freeze their list."""
        api = _Api(shop)
        _after_the_wiring(
            api.budget,
            lambda: api.scaled.scale_on_schedule("Sale", schedule=scaling.Schedule.cron(hour="8"), max_capacity=8),
        )

        synthesis = synth()

        assert "ScheduledActions" in str(synthesis.template())
        assert synthesis.errors == ["environment-conflict", "overcommitted"]

    def test_tags_on_everything_are_no_finding(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        _Api(shop)
        cdk.Tags.of(app).add("team", "shop")

        assert synth().ids == []


def _aspect(scope: IConstruct, kind: type, change: Callable[[Any], None], priority: float) -> None:
    @jsii.implements(cdk.IAspect)
    class Change:
        def visit(self, node: IConstruct) -> None:
            if isinstance(node, kind):
                change(node)

    cdk.Aspects.of(scope).add(Change(), priority=priority)


def _add_sidecar(task: ecs.FargateTaskDefinition) -> None:
    if task.node.try_find_child("sidecar") is None:
        task.add_container("sidecar", image=IMAGE)


def _after_the_wiring(budget: ConnectionBudget, change: Callable[[], object]) -> None:
    def once(_: Construct) -> None:
        change()

    _aspect(budget, ConnectionBudget, once, cdk.AspectPriority.READONLY)


def _set_metadata(stack: cdk.Stack, metadata: dict[str, Any]) -> None:
    stack.template_options.metadata = metadata
