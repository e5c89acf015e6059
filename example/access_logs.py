"""Where the load balancer writes its access logs."""

from aws_cdk import Acknowledgment, Duration, Stack, Validations
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct


class AccessLogs(Construct):
    """A bucket that keeps the access logs of a load balancer for ninety days."""

    def __init__(self, scope: Construct, construct_id: str, *, load_balancer: elbv2.ApplicationLoadBalancer) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(90))],
        )
        # load_balancer.log_access_logs() does the same, but only in a stack that is bound to a region.
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("logdelivery.elasticloadbalancing.amazonaws.com")],
                actions=["s3:PutObject"],
                resources=[self.bucket.arn_for_objects(f"AWSLogs/{Stack.of(self).account}/*")],
            )
        )
        load_balancer.set_attribute("access_logs.s3.enabled", "true")
        load_balancer.set_attribute("access_logs.s3.bucket", self.bucket.bucket_name)
        # The load balancer writes a test file when it is created, so the policy has to be there first.
        load_balancer.node.add_dependency(self.bucket.node.find_child("Policy"))
        Validations.of(self.bucket).acknowledge(
            Acknowledgment(
                id="AwsSolutions::AwsSolutions-S1",
                reason="This bucket holds access logs; logging access to it would only log the logging.",
            )
        )
