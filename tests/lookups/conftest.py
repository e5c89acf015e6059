"""A simulated AWS."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_rds import RDSClient

REGION = "eu-west-1"


@pytest.fixture(scope="session")
def aws_session() -> boto3.Session:
    """One session for all tests: what costs time is to load the API's models, and a session keeps them."""
    return boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION)  # noqa: S106


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def rds_client(aws: None, aws_session: boto3.Session) -> "RDSClient":  # noqa: ARG001 - the simulation has to run first
    return aws_session.client("rds")


@pytest.fixture
def cloudwatch_client(aws: None, aws_session: boto3.Session) -> "CloudWatchClient":  # noqa: ARG001 - as above
    return aws_session.client("cloudwatch")


@pytest.fixture
def subnets(aws: None, aws_session: boto3.Session) -> list[str]:  # noqa: ARG001 - as above
    """The subnets that a proxy needs."""
    return [subnet["SubnetId"] for subnet in aws_session.client("ec2").describe_subnets()["Subnets"]]
