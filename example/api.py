"""The API."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs
from constructs import Construct

from example.task_security_group import TaskSecurityGroup


class Api(Construct):
    """A service of four to eight tasks, each with four processes that answer requests."""

    PORT = 8000
    PROCESSES = 4

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: ecs.ICluster,
        image: ecs.ContainerImage,
        environment: Mapping[str, str],
        secrets: Mapping[str, ecs.Secret],
    ) -> None:
        super().__init__(scope, construct_id)
        self.task_definition = ecs.FargateTaskDefinition(self, "Task", cpu=2048, memory_limit_mib=4096)
        self.task_definition.add_container(
            "api",
            image=image,
            command=[
                "gunicorn",
                "shop.asgi:app",
                "--workers",
                str(self.PROCESSES),
                "--worker-class",
                "uvicorn.workers.UvicornWorker",
                "--bind",
                f"0.0.0.0:{self.PORT}",
            ],
            port_mappings=[ecs.PortMapping(container_port=self.PORT)],
            environment=environment,
            secrets=secrets,
            logging=ecs.LogDrivers.aws_logs(stream_prefix="api", log_retention=logs.RetentionDays.THREE_MONTHS),
        )
        self.service = ecs.FargateService(
            self,
            "Service",
            cluster=cluster,
            task_definition=self.task_definition,
            security_groups=[TaskSecurityGroup(self, "SecurityGroup", vpc=cluster.vpc, description="Shop API")],
            desired_count=4,
            # A release must not cost capacity: all new tasks start before the old ones stop.
            min_healthy_percent=100,
            max_healthy_percent=200,
            health_check_grace_period=Duration.minutes(1),
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
        )
        self.scaling = self.service.auto_scale_task_count(min_capacity=4, max_capacity=8)
        self.scaling.scale_on_cpu_utilization("Cpu", target_utilization_percent=60)
