"""The parts that the apps of these tests are made of: a stack with a network, a cluster, databases and services."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds
from constructs import Construct

from constructs_lib.cdk import ConnectionBudget

POSTGRES = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16_4)
AURORA_POSTGRES = rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_16_4)
IMAGE = ecs.ContainerImage.from_registry("python")


def new_app(folder: Path | str, **context: Any) -> cdk.App:
    """An app that is synthesized into a folder, without the CDK's own slow template validation."""
    return cdk.App(
        outdir=str(folder),
        context=context,
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
        stack_traces=False,
        tree_metadata=False,
    )


class Shop(cdk.Stack):
    """A stack whose network is imported, which keeps its template short."""

    def __init__(self, scope: Construct, construct_id: str = "Shop") -> None:
        super().__init__(scope, construct_id)
        self.vpc = ec2.Vpc.from_vpc_attributes(
            self,
            "Vpc",
            vpc_id="vpc-1",
            availability_zones=["a", "b"],
            private_subnet_ids=["subnet-1", "subnet-2"],
            isolated_subnet_ids=["subnet-3", "subnet-4"],
        )
        self.private = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        self.cluster = ecs.Cluster(self, "Cluster", vpc=self.vpc)

    def instance(self, construct_id: str = "Orders", **props: Any) -> rds.DatabaseInstance:
        """A PostgreSQL 16.4 on a db.r6g.large."""
        return rds.DatabaseInstance(
            self,
            construct_id,
            **{
                "engine": POSTGRES,
                "instance_type": ec2.InstanceType("r6g.large"),
                "vpc": self.vpc,
                "vpc_subnets": self.private,
                **props,
            },
        )

    def aurora(self, construct_id: str = "Orders", **props: Any) -> rds.DatabaseCluster:
        """An Aurora PostgreSQL 16.4 with the given writer."""
        return rds.DatabaseCluster(
            self,
            construct_id,
            **{
                "engine": AURORA_POSTGRES,
                "vpc": self.vpc,
                "vpc_subnets": self.private,
                **props,
            },
        )

    def task(
        self, construct_id: str, containers: Sequence[str], command: list[str] | None = None
    ) -> ecs.FargateTaskDefinition:
        """A task of the given containers, all with the same command."""
        task = ecs.FargateTaskDefinition(self, f"{construct_id}Task")
        for name in containers:
            task.add_container(name, image=IMAGE, command=command)
        return task

    def fargate(
        self, construct_id: str = "Api", *, containers: Sequence[str] = ("web",), **props: Any
    ) -> ecs.FargateService:
        """Four tasks that are replaced in place, so that a deployment adds none."""
        return ecs.FargateService(
            self,
            construct_id,
            **{
                "cluster": self.cluster,
                "task_definition": props.pop("task_definition", None) or self.task(construct_id, containers),
                "desired_count": 4,
                "min_healthy_percent": 50,
                "max_healthy_percent": 100,
                **props,
            },
        )

    def ec2_service(self, construct_id: str = "Api", **props: Any) -> ecs.Ec2Service:
        """The same on EC2."""
        task = ecs.Ec2TaskDefinition(self, f"{construct_id}Task")
        task.add_container("web", image=IMAGE, memory_limit_mib=256)
        cluster = ecs.Cluster.from_cluster_attributes(
            self, f"{construct_id}Cluster", cluster_name="shop", vpc=self.vpc, security_groups=[]
        )
        return ecs.Ec2Service(self, construct_id, **{"cluster": cluster, "task_definition": task, **props})

    def budget(self, construct_id: str = "Budget", **props: Any) -> ConnectionBudget:
        """The article's: 683 connections declared, 3 + 10 of them reserved."""
        return ConnectionBudget(
            self, construct_id, **{"max_connections": 683, "engine_reserve": 3, "admin_reserve": 10, **props}
        )


def scaled_by_hand(scope: Construct, service: ecs.FargateService, most: int) -> None:
    """A scalable target that auto_scale_task_count did not make."""
    scaling.ScalableTarget(
        scope,
        "Target",
        service_namespace=scaling.ServiceNamespace.ECS,
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=f"service/{service.cluster.cluster_name}/{service.service_name}",
        min_capacity=1,
        max_capacity=most,
    )
