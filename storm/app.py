"""The app whose deployment is rehearsed: an API and Celery workers on a PostgreSQL small enough to fill by hand.

    python -m storm.app FOLDER

It is the shape of the example of this repository; the database is scaled down through its parameter group, so that a
machine of two cores can open all of its connections.
"""

import sys

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds

from constructs_lib.cdk import ConnectionBudget

MAX_CONNECTIONS = 120
ENGINE = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16_13)
IMAGE = ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/python:3.13-slim")


class Storm(cdk.Stack):
    """Two or three API tasks of two processes, replaced by as many new ones first; two workers, replaced in place."""

    def __init__(self, scope: cdk.App) -> None:
        super().__init__(scope, "Storm")
        self.vpc = ec2.Vpc.from_vpc_attributes(
            self, "Vpc", vpc_id="vpc-1", availability_zones=["a", "b"], private_subnet_ids=["subnet-1", "subnet-2"]
        )
        database = rds.DatabaseInstance(
            self,
            "Orders",
            engine=ENGINE,
            instance_type=ec2.InstanceType("t4g.small"),
            vpc=self.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            parameter_group=rds.ParameterGroup(
                self, "Parameters", engine=ENGINE, parameters={"max_connections": str(MAX_CONNECTIONS)}
            ),
        )
        self.cluster = ecs.Cluster(self, "Cluster", vpc=self.vpc)
        api = self.service("Api", maximum_percent=200)
        api.auto_scale_task_count(min_capacity=2, max_capacity=3)
        workers = self.service("Workers", maximum_percent=100)

        budget = ConnectionBudget(self, "Budget", database=database)
        budget.add_service("api", service=api, processes_per_task=2)
        budget.add_celery_workers("workers", service=workers, concurrency=2)
        budget.add_reservation("migration", connections=1)

    def service(self, construct_id: str, *, maximum_percent: int) -> ecs.FargateService:
        """A service of two tasks of one container."""
        task = ecs.FargateTaskDefinition(self, f"{construct_id}Task")
        task.add_container("app", image=IMAGE)
        return ecs.FargateService(
            self,
            construct_id,
            cluster=self.cluster,
            task_definition=task,
            desired_count=2,
            min_healthy_percent=50,
            max_healthy_percent=maximum_percent,
        )


if __name__ == "__main__":
    app = cdk.App(outdir=sys.argv[1], analytics_reporting=False)
    Storm(app)
    app.synth()
