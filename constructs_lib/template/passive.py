"""Types of resources that pass on what they are told, and open no connections nor start anything by it."""

from constructs_lib.template.template import STACK
from constructs_lib.template.written_names import PARAMETER

_BEGINNINGS = (
    "AWS::ApplicationAutoScaling::",
    "AWS::Backup::",
    "AWS::CDK::",
    "AWS::CertificateManager::",
    "AWS::CloudWatch::",
    "AWS::EC2::EIP",
    "AWS::EC2::FlowLog",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NatGateway",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::Route",  # and route tables
    "AWS::EC2::SecurityGroup",  # and the types of its rules
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",  # and its endpoints, whose policies name what may be asked for through them
    "AWS::ECR::",
    "AWS::ElasticLoadBalancingV2::",
    "AWS::IAM::",
    "AWS::KMS::",
    "AWS::Logs::",
    "AWS::RDS::",
    "AWS::Route53::",
    "AWS::S3::",
    "AWS::SNS::",
    "AWS::SQS::",
    "AWS::SecretsManager::",
    "AWS::ServiceDiscovery::",
)
"""How the types begin that pass an address on, watch a server or guard a secret, and open no connections."""
_TYPES = {STACK, PARAMETER}
"""Types that do so beside others of the same beginning: stack sets, and commands that Systems Manager runs."""


def passive(kind: str) -> bool:
    """Whether a resource of a type does nothing with an address or a name that it is told."""
    return kind in _TYPES or kind.startswith(_BEGINNINGS)
