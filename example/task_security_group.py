"""What a task may connect to."""

from aws_cdk import aws_ec2 as ec2
from constructs import Construct


class TaskSecurityGroup(ec2.SecurityGroup):
    """A security group that lets tasks call AWS and the internet over HTTPS, and nothing else until it is allowed."""

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, description: str) -> None:
        super().__init__(scope, construct_id, vpc=vpc, description=description, allow_all_outbound=False)
        self.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "AWS and the internet")
