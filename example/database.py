"""The database that all workloads share."""

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from constructs import Construct


class Database(Construct):
    """PostgreSQL with its parameters and its generated credentials, reachable from inside the VPC only."""

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        self.name = "orders"
        engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16_13)
        # max_connections is left to the engine's default, which grows with the memory of the instance class.
        self.parameter_group = rds.ParameterGroup(
            self,
            "Parameters",
            engine=engine,
            description="Orders: TLS only, and no transaction may hold its connection idle",
            parameters={"rds.force_ssl": "1", "idle_in_transaction_session_timeout": "60000"},
        )
        self.credentials = rds.DatabaseSecret(self, "Credentials", username="shop")
        self.instance = rds.DatabaseInstance(
            self,
            "Orders",
            engine=engine,
            instance_type=ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.LARGE),
            parameter_group=self.parameter_group,
            database_name=self.name,
            credentials=rds.Credentials.from_secret(self.credentials),
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            publicly_accessible=False,
            multi_az=True,
            allocated_storage=100,
            max_allocated_storage=500,
            storage_type=rds.StorageType.GP3,
            storage_encrypted=True,
            backup_retention=Duration.days(14),
            deletion_protection=True,
            # The minor version is pinned above, and an automatic upgrade would make the next deployment a downgrade.
            auto_minor_version_upgrade=False,
            cloudwatch_logs_exports=["postgresql", "upgrade"],
        )
        Validations.of(self.credentials).acknowledge(
            Acknowledgment(
                id="AwsSolutions::AwsSolutions-SMG4",
                reason="Tasks read the password when they start: after a rotation on a timer, their pools could not "
                "reopen a single connection. Change it together with a release.",
            )
        )
        Validations.of(self.instance).acknowledge(
            Acknowledgment(
                id="AwsSolutions::AwsSolutions-RDS11",
                reason="Isolated subnets and security groups keep strangers out; another port number would not.",
            )
        )
