"""The clients that a look-up asks."""

from typing import TYPE_CHECKING, NamedTuple

import boto3
from botocore.config import Config

from constructs_lib.lookups.aws_errors import aws_errors
from constructs_lib.lookups.failure import LookupFailedError

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_rds import RDSClient

# Somebody waits at a terminal: five attempts within a few seconds each, not botocore's minutes.
_CONFIG = Config(connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 5})


class Clients(NamedTuple):
    """What reads of RDS and what reads of CloudWatch."""

    rds: "RDSClient"
    cloudwatch: "CloudWatchClient"


def clients(*, region: str | None, profile: str | None) -> Clients:
    """Make the clients, from AWS's own settings where nothing is given."""
    try:
        with aws_errors("the AWS settings"):
            session = boto3.Session(region_name=region, profile_name=profile)
            return Clients(
                rds=session.client("rds", config=_CONFIG), cloudwatch=session.client("cloudwatch", config=_CONFIG)
            )
    except ValueError:  # botocore's own error has no class of its own
        raise LookupFailedError("the AWS settings have an endpoint that is no URL: check AWS_ENDPOINT_URL") from None
