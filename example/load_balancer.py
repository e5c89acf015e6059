"""The public entrance."""

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from example.access_logs import AccessLogs


class LoadBalancer(Construct):
    """A load balancer that takes HTTPS from everyone and hands the requests to its targets."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        certificate: elbv2.IListenerCertificate,
        target_port: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self.targets = elbv2.ApplicationTargetGroup(
            self,
            "Targets",
            vpc=vpc,
            port=target_port,
            protocol=elbv2.ApplicationProtocol.HTTP,
            target_type=elbv2.TargetType.IP,
            health_check=elbv2.HealthCheck(path="/health", interval=Duration.seconds(15)),
            deregistration_delay=Duration.seconds(30),
        )
        self.load_balancer = elbv2.ApplicationLoadBalancer(
            self, "Shop", vpc=vpc, internet_facing=True, drop_invalid_header_fields=True
        )
        self.load_balancer.add_redirect()
        self.load_balancer.add_listener(
            "Https",
            port=443,
            certificates=[certificate],
            default_target_groups=[self.targets],
        )
        AccessLogs(self, "AccessLogs", load_balancer=self.load_balancer)
        Validations.of(self.load_balancer).acknowledge(
            Acknowledgment(
                id="AwsSolutions::AwsSolutions-EC23",
                reason="The shop is public: HTTPS is open to everyone, and HTTP only redirects to it.",
            )
        )
