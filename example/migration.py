"""The schema migration."""

from collections.abc import Mapping

from aws_cdk import CfnOutput
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs
from constructs import Construct

from example.task_security_group import TaskSecurityGroup


class Migration(Construct):
    """A task that the pipeline starts before each release; its outputs are the arguments of `aws ecs run-task`."""

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
        self.task_definition = ecs.FargateTaskDefinition(self, "Task", cpu=256, memory_limit_mib=512)
        self.task_definition.add_container(
            "migration",
            image=image,
            command=["alembic", "upgrade", "head"],
            environment=environment,
            secrets=secrets,
            logging=ecs.LogDrivers.aws_logs(stream_prefix="migration", log_retention=logs.RetentionDays.THREE_MONTHS),
        )
        self.security_group = TaskSecurityGroup(
            self, "SecurityGroup", vpc=cluster.vpc, description="Shop schema migration"
        )
        subnets = ",".join(subnet.subnet_id for subnet in cluster.vpc.private_subnets)
        network = (
            f"awsvpcConfiguration={{subnets=[{subnets}],securityGroups=[{self.security_group.security_group_id}]}}"
        )
        CfnOutput(self, "Cluster", value=cluster.cluster_name)
        CfnOutput(self, "TaskDefinition", value=self.task_definition.task_definition_arn)
        CfnOutput(self, "NetworkConfiguration", value=network)
