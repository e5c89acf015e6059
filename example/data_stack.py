"""What outlives a release: the network, the database and its proxy."""

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from constructs import Construct

from example.database import Database
from example.network import Network


class DataStack(Stack):
    """The network and the database, with an RDS Proxy in front of the database if wanted."""

    def __init__(self, scope: Construct, construct_id: str, *, with_proxy: bool) -> None:
        super().__init__(scope, construct_id)
        self.network = Network(self, "Network")
        self.database = Database(self, "Database", vpc=self.network.vpc)
        self.proxy: rds.DatabaseProxy | None = None
        if with_proxy:
            self.proxy = rds.DatabaseProxy(
                self,
                "Proxy",
                proxy_target=rds.ProxyTarget.from_instance(self.database.instance),
                secrets=[self.database.credentials],
                client_password_auth_type=rds.ClientPasswordAuthType.POSTGRES_SCRAM_SHA_256,
                require_tls=True,
                # The rest is for the workers and the migrations, which connect to the database directly.
                max_connections_percent=70,
                vpc=self.network.vpc,
                vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            )
