"""The IAM policy that the README shows."""

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from constructs_lib.lookups.actions import ACTIONS
from constructs_lib.lookups.aws_servers import look_up_cluster, look_up_instance

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_rds import RDSClient

ROOT = Path(__file__).resolve().parents[2]
POLICY = json.loads((ROOT / "docs" / "lookup-policy.json").read_text(encoding="utf-8"))


@pytest.fixture
def calls(rds_client: "RDSClient", cloudwatch_client: "CloudWatchClient", subnets: list[str]) -> set[str]:
    """The calls of look-ups that meet a cluster, an instance and a proxy."""
    for identifier in ("shop", "other"):
        rds_client.create_db_cluster(
            DBClusterIdentifier=identifier,
            Engine="aurora-mysql",
            MasterUsername="owner",
            MasterUserPassword="not-used-here",
        )
        rds_client.create_db_instance(
            DBInstanceIdentifier=f"{identifier}-1",
            DBClusterIdentifier=identifier,
            Engine="aurora-mysql",
            DBInstanceClass="db.r6g.large",
        )
    rds_client.create_db_proxy(
        DBProxyName="shop-proxy",
        EngineFamily="MYSQL",
        Auth=[],
        RoleArn="arn:aws:iam::123456789012:role/proxy",
        VpcSubnetIds=subnets,
    )
    made: set[str] = set()

    def record(model: Any, **_: Any) -> None:
        made.add(f"{'cloudwatch' if model.service_model.service_name == 'cloudwatch' else 'rds'}:{model.name}")

    for client in (rds_client, cloudwatch_client):
        client.meta.events.register("before-call", record)
    now = datetime.now(timezone.utc)
    look_up_cluster("shop", rds_client=rds_client, cloudwatch_client=cloudwatch_client, now=now)
    look_up_instance("other-1", rds_client=rds_client, cloudwatch_client=cloudwatch_client, now=now)
    return made


def test_the_policy_allows_exactly_the_calls_that_are_made(calls: set[str]) -> None:
    (statement,) = POLICY["Statement"]
    assert statement["Effect"] == "Allow"
    assert set(statement["Action"]) == calls == set(ACTIONS)
    assert statement["Action"] == sorted(statement["Action"])


def test_the_readme_shows_the_policy() -> None:
    assert json.dumps(POLICY, indent=2) in (ROOT / "README.md").read_text(encoding="utf-8")
