"""The Celery workers."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs
from constructs import Construct

from example.task_security_group import TaskSecurityGroup


class Workers(Construct):
    """A service of two Celery workers, each with four prefork children."""

    CONCURRENCY = 4

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
        self.task_definition = ecs.FargateTaskDefinition(self, "Task", cpu=1024, memory_limit_mib=2048)
        self.task_definition.add_container(
            "worker",
            image=image,
            command=[
                "celery",
                "--app",
                "shop.tasks",
                "worker",
                "--pool",
                "prefork",
                "--concurrency",
                str(self.CONCURRENCY),
            ],
            environment=environment,
            secrets=secrets,
            logging=ecs.LogDrivers.aws_logs(stream_prefix="worker", log_retention=logs.RetentionDays.THREE_MONTHS),
            # Celery finishes its running tasks when it is told to stop; Fargate waits two minutes at most.
            stop_timeout=Duration.minutes(2),
        )
        self.service = ecs.FargateService(
            self,
            "Service",
            cluster=cluster,
            task_definition=self.task_definition,
            security_groups=[TaskSecurityGroup(self, "SecurityGroup", vpc=cluster.vpc, description="Shop workers")],
            desired_count=2,
            # A queue can wait: workers are replaced in place, so that a release opens no more connections.
            min_healthy_percent=50,
            max_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
        )
