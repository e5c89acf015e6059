"""Asking AWS, which moto simulates: instances, clusters, groups, proxies and metrics."""

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from constructs_lib.limits.facts import ProxyFacts, Role, ServerFacts
from constructs_lib.lookups.aws_servers import look_up_cluster, look_up_instance
from constructs_lib.lookups.failure import LookupFailedError

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_rds import RDSClient

NOW = datetime.now(timezone.utc)  # moto dates nothing by our clock
TODAY = NOW.date().isoformat()
FORMULA = "LEAST({DBInstanceClassMemory/9531392},500)"


def put_instance(client: "RDSClient", identifier: str, *, group: str | None = None, **changes: Any) -> None:
    settings: dict[str, Any] = {
        "Engine": "postgres",
        "EngineVersion": "16.4",
        "DBInstanceClass": "db.r6g.large",
        **changes,
    }
    if "DBClusterIdentifier" not in changes:
        settings |= {"MasterUsername": "owner", "MasterUserPassword": "not-used-here"}
    if group is not None:
        settings["DBParameterGroupName"] = group
    client.create_db_instance(DBInstanceIdentifier=identifier, **settings)


def put_group(client: "RDSClient", name: str, value: str, parameter: str = "max_connections") -> None:
    client.create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily="postgres16", Description="x")
    client.modify_db_parameter_group(
        DBParameterGroupName=name,
        Parameters=[
            {"ParameterName": parameter, "ParameterValue": value, "ApplyMethod": "pending-reboot", "Source": "user"}
        ],
    )


def put_cluster(client: "RDSClient", value: str | None = None) -> None:
    """A serverless writer and a provisioned reader."""
    named: dict[str, Any] = {}
    if value is not None:
        client.create_db_cluster_parameter_group(
            DBClusterParameterGroupName="shop", DBParameterGroupFamily="aurora-postgresql16", Description="x"
        )
        client.modify_db_cluster_parameter_group(
            DBClusterParameterGroupName="shop",
            Parameters=[{"ParameterName": "max_connections", "ParameterValue": value, "ApplyMethod": "pending-reboot"}],
        )
        named = {"DBClusterParameterGroupName": "shop"}
    client.create_db_cluster(
        DBClusterIdentifier="shop",
        Engine="aurora-postgresql",
        EngineVersion="16.4",
        MasterUsername="owner",
        MasterUserPassword="not-used-here",
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 16},
        **named,
    )
    for identifier, size in (("shop-1", "db.serverless"), ("shop-2", "db.r6g.xlarge")):
        put_instance(client, identifier, Engine="aurora-postgresql", DBInstanceClass=size, DBClusterIdentifier="shop")


def put_proxy(client: "RDSClient", name: str, subnets: list[str], *, percent: int, **targets: Any) -> None:
    client.create_db_proxy(
        DBProxyName=name,
        EngineFamily="POSTGRESQL",
        Auth=[],
        RoleArn="arn:aws:iam::123456789012:role/proxy",
        VpcSubnetIds=subnets,
        IdleClientTimeout=900,
    )
    client.modify_db_proxy_target_group(
        DBProxyName=name, TargetGroupName="default", ConnectionPoolConfig={"MaxConnectionsPercent": percent}
    )
    client.register_db_proxy_targets(DBProxyName=name, **targets)


def put_connections(client: "CloudWatchClient", identifier: str, **by_age: float) -> None:
    ages = {"now": timedelta(minutes=1), "week": timedelta(days=7), "month": timedelta(days=30)}
    client.put_metric_data(
        Namespace="AWS/RDS",
        MetricData=[
            {
                "MetricName": "DatabaseConnections",
                "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": identifier}],
                "Timestamp": NOW - ages[age],
                "Value": value,
            }
            for age, value in by_age.items()
        ],
    )


class Look:
    """A look-up with the clients of the simulation."""

    def __init__(self, rds_client: "RDSClient", cloudwatch_client: "CloudWatchClient") -> None:
        self.rds = rds_client
        self.cloudwatch = cloudwatch_client

    def instance(self, identifier: str) -> ServerFacts:
        (facts,) = look_up_instance(
            identifier, rds_client=self.rds, cloudwatch_client=self.cloudwatch, now=NOW
        ).values()
        return facts

    def cluster(self, identifier: str) -> dict[str, ServerFacts]:
        return look_up_cluster(identifier, rds_client=self.rds, cloudwatch_client=self.cloudwatch, now=NOW)


@pytest.fixture
def look(rds_client: "RDSClient", cloudwatch_client: "CloudWatchClient") -> Look:
    return Look(rds_client, cloudwatch_client)


def test_an_instance_has_the_number_of_its_group(look: Look) -> None:
    put_group(look.rds, "orders", "200")
    put_instance(look.rds, "orders", group="orders")
    put_connections(look.cloudwatch, "orders", now=77)
    assert look.instance("orders") == ServerFacts(
        looked_up=TODAY,
        engine="postgres",
        engine_version="16.4",
        instance_class="db.r6g.large",
        max_connections=200,
        highest_connections=77,
    )


def test_a_formula_is_handed_on_as_the_text_it_is(look: Look) -> None:
    put_group(look.rds, "orders", FORMULA)
    put_instance(look.rds, "orders", group="orders")
    found = look.instance("orders")
    assert (found.max_connections, found.parameter, found.parameter_is_default) == (None, FORMULA, False)


def test_a_group_without_the_parameter_leaves_the_limit_open(look: Look) -> None:
    put_group(look.rds, "orders", "1", parameter="log_statement")
    put_instance(look.rds, "orders", group="orders")
    found = look.instance("orders")
    assert (found.max_connections, found.parameter) == (None, None)


@pytest.mark.parametrize(
    ("engine", "parameter"),
    [("oracle-se2", "processes"), ("sqlserver-se", "user connections"), ("mysql", "max_connections")],
)
def test_the_parameter_is_that_of_the_engine(look: Look, engine: str, parameter: str) -> None:
    put_group(look.rds, "orders", "200", parameter=parameter)
    put_instance(look.rds, "orders", group="orders", Engine=engine, EngineVersion="19")
    assert look.instance("orders").max_connections == 200


def test_the_members_of_a_cluster_have_roles_and_limits_of_their_own(look: Look) -> None:
    put_cluster(look.rds, "300")
    put_group(look.rds, "own", "250")
    look.rds.modify_db_instance(DBInstanceIdentifier="shop-2", DBParameterGroupName="own")
    put_connections(look.cloudwatch, "shop-1", now=40)
    put_connections(look.cloudwatch, "shop-2", now=9)
    writer, reader = look.cluster("shop").values()
    assert writer == ServerFacts(
        looked_up=TODAY,
        engine="aurora-postgresql",
        engine_version="16.4",
        instance_class="db.serverless",
        role=Role.WRITER,
        cluster="shop",
        min_acu=0.5,
        max_acu=16,
        max_connections=300,
        highest_connections=40,
    )
    assert (reader.role, reader.instance_class, reader.max_connections) == (Role.READER, "db.r6g.xlarge", 250)
    assert (reader.min_acu, reader.max_acu, reader.highest_connections) == (None, None, 9)


def test_one_member_by_itself_is_what_it_is_in_the_whole_cluster(look: Look) -> None:
    put_cluster(look.rds, "300")
    whole = look.cluster("shop")
    assert {identifier: look.instance(identifier) for identifier in ("shop-1", "shop-2")} == whole


def test_a_cluster_on_default_groups_leaves_the_limit_open(look: Look) -> None:
    put_cluster(look.rds)
    assert [facts.max_connections for facts in look.cluster("shop").values()] == [None, None]


def test_the_instances_of_other_clusters_are_not_looked_up(look: Look) -> None:
    put_cluster(look.rds)
    put_instance(look.rds, "orders")
    assert list(look.cluster("shop")) == ["shop-1", "shop-2"]


def test_the_proxies_of_a_server_are_those_on_it_and_on_its_cluster(look: Look, subnets: list[str]) -> None:
    put_cluster(look.rds)
    put_instance(look.rds, "orders")
    put_proxy(look.rds, "shop-a", subnets, percent=60, DBClusterIdentifiers=["shop"])
    put_proxy(look.rds, "shop-b", subnets, percent=30, DBInstanceIdentifiers=["shop-2"])
    put_proxy(look.rds, "orders-proxy", subnets, percent=100, DBInstanceIdentifiers=["orders"])
    a, b, other = (ProxyFacts(max_connections_percent=n, idle_client_timeout=900) for n in (60, 30, 100))
    writer, reader = look.cluster("shop").values()
    assert writer.proxies == {"shop-a": a}
    assert reader.proxies == {"shop-a": a, "shop-b": b}
    assert look.instance("orders").proxies == {"orders-proxy": other}


def test_the_highest_connections_are_those_of_the_last_14_days(look: Look) -> None:
    put_instance(look.rds, "orders")
    put_instance(look.rds, "other")
    put_connections(look.cloudwatch, "orders", now=20, week=77.5, month=500)
    put_connections(look.cloudwatch, "other", now=300)
    assert look.instance("orders").highest_connections == 78


def test_a_server_without_metrics_has_no_highest_connections(look: Look) -> None:
    put_instance(look.rds, "orders")
    assert look.instance("orders").highest_connections is None


def test_the_day_of_a_look_up_is_that_of_utc(look: Look) -> None:
    put_instance(look.rds, "orders")
    late = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    found = look_up_instance("orders", rds_client=look.rds, cloudwatch_client=look.cloudwatch, now=late)
    assert found["orders"].looked_up == "2026-11-23"


def test_what_does_not_exist_is_one_line(look: Look) -> None:
    with pytest.raises(LookupFailedError) as instance:
        look.instance("none")
    with pytest.raises(LookupFailedError) as cluster:
        look.cluster("none")
    place = "was not found in this account and region"
    assert str(instance.value) == f"DB instance 'none' {place} (DBInstanceNotFound)"
    assert str(cluster.value) == f"DB cluster 'none' {place} (DBClusterNotFoundFault)"


def test_a_cluster_without_instances_says_so(look: Look) -> None:
    look.rds.create_db_cluster(
        DBClusterIdentifier="empty",
        Engine="aurora-mysql",
        MasterUsername="owner",
        MasterUserPassword="not-used-here",
    )
    with pytest.raises(LookupFailedError, match="DB cluster 'empty' has no instances"):
        look.cluster("empty")
