"""The addresses by which databases and proxies are known."""

from typing import Any

import pytest

from constructs_lib.budget.plan import plan
from constructs_lib.limits.engine import Engine
from constructs_lib.limits.engines import ENGINES
from tests.template.app_templates import instance, resource
from tests.template.reachable_shop import (
    ADDRESS,
    DATABASE,
    container,
    discovered,
    document_of,
    evidence,
    group_id,
    service,
    tasks,
)

Json = dict[str, Any]
MEMBER = resource("AWS::RDS::DBInstance", DBClusterIdentifier={"Ref": "Db"}, DBInstanceClass="db.r6g.large")
CLUSTER: Json = {
    "Db": resource("AWS::RDS::DBCluster", Engine="aurora-postgresql", EngineVersion="16.4"),
    "One": MEMBER,
    "Two": MEMBER,
    "Front": resource("AWS::RDS::DBProxy", DBProxyName="front", EngineFamily="POSTGRESQL"),
    "Targets": resource(
        "AWS::RDS::DBProxyTargetGroup",
        DBProxyName={"Ref": "Front"},
        DBClusterIdentifiers=[{"Ref": "Db"}],
        ConnectionPoolConfigurationInfo={"MaxConnectionsPercent": 50},
    ),
}


def proxied(role: Any, name: Any = None, **variables: Any) -> Json:
    reads = resource("AWS::RDS::DBProxyEndpoint", DBProxyName=name or {"Ref": "Front"}, TargetRole=role)
    api = {"Api": service("ApiTask"), "ApiTask": tasks(container(**variables))}
    return {**CLUSTER, "Reads": reads, **api}


READS = {"Fn::GetAtt": ["Reads", "Endpoint"]}
WRITES = {"Fn::GetAtt": ["Front", "Endpoint"]}


@pytest.mark.parametrize("name", [None, "front"])
def test_a_read_only_endpoint_of_a_proxy_leads_to_the_readers(name: Any) -> None:
    """Half of the reader's 1678 at the reader, for its clients as well: 839."""
    made = plan(document_of(proxied("READ_ONLY", name, DB_HOST=READS)))
    assert made.document.workloads["Api"].proxy == "Reads"
    assert made.document.proxies["Reads"].database == "Db-reader"
    assert made.tally.databases["Db-reader"].total == (839, 839, 839)
    assert made.tally.proxies["Reads"].accepts == 839


def test_one_that_writes_is_the_proxy_itself() -> None:
    for role in ("READ_WRITE", {"Ref": "Role"}):
        found = discovered(proxied(role, DB_HOST=READS)).entries
        assert found["workloads"]["Api"]["proxy"] == "Front"
        assert list(found["proxies"]) == ["Front"]


def test_a_client_of_both_endpoints_counts_at_both() -> None:
    found = discovered(proxied("READ_ONLY", DB_HOST=WRITES, DB_READ_HOST=READS)).entries["workloads"]
    assert {name: entry["proxy"] for name, entry in found.items()} == {"Api (Db)": "Front", "Api (Db-reader)": "Reads"}


@pytest.mark.parametrize("name", ["orders", "Orders"])
def test_a_target_group_may_write_out_the_identifier_of_its_server(name: str) -> None:
    through = {"Fn::GetAtt": ["Front", "Endpoint"]}
    made = {
        "Db": instance(DBInstanceIdentifier="orders"),
        "Front": resource("AWS::RDS::DBProxy", EngineFamily="POSTGRESQL"),
        "Targets": resource("AWS::RDS::DBProxyTargetGroup", DBProxyName={"Ref": "Front"}, DBInstanceIdentifiers=[name]),
        "Api": service("ApiTask"),
        "ApiTask": tasks(container(DB_HOST=through)),
    }
    assert discovered(made).entries["workloads"]["Api"]["proxy"] == "Front"


HOST = resource("AWS::Route53::RecordSet", Name="Db.internal.", ResourceRecords=[ADDRESS])
IMPORTED = {"AwsvpcConfiguration": {"SecurityGroups": [{"Fn::ImportValue": "other"}]}}


def test_an_address_may_name_the_host_that_a_record_gives_a_server() -> None:
    api = tasks(container(APP_DSN="postgresql://u@db.internal:5432/x"))
    made = {"Db": instance(), "Other": instance(), "Host": HOST, "Api": service("ApiTask"), "ApiTask": api}
    assert evidence(made) == {"Api": "APP_DSN of container 'web'"}


def test_an_address_of_a_database_that_cannot_be_told_leads_to_the_only_one() -> None:
    api = tasks(container(APP_DSN="postgresql://u@somewhere/x"))
    made = {"Db": instance(), "Api": service("ApiTask", NetworkConfiguration=IMPORTED), "ApiTask": api}
    assert evidence(made) == {"Api": "by the scheme of APP_DSN of container 'web'"}


@pytest.mark.parametrize("source", [{"Ref": "Db"}, "orders", "arn:aws:rds:eu-west-1:1:db:orders"])
def test_beside_its_replica_a_database_is_the_only_one_that_a_name_leads_to(source: object) -> None:
    made = {
        "Db": instance(DBInstanceIdentifier="orders"),
        "Copy": resource("AWS::RDS::DBInstance", SourceDBInstanceIdentifier=source, DBInstanceClass="db.t4g.small"),
        "Api": service("ApiTask"),
        "ApiTask": tasks(container(secrets={"DATABASE_URL": "arn:aws:ssm:eu-west-1:1:parameter/url"})),
    }
    (entry,) = discovered(made).entries["workloads"].values()
    assert entry["database"] == "Db"
    assert entry["evidence"] == "by the name of DATABASE_URL of container 'web'"


def test_a_replica_of_what_is_defined_elsewhere_is_a_database_as_any_other() -> None:
    copy = resource("AWS::RDS::DBInstance", SourceDBInstanceIdentifier="theirs", DBInstanceClass="db.t4g.small")
    made = {"Copy": copy, "Api": service("ApiTask"), "ApiTask": tasks(container(DATABASE_URL={"Ref": "Url"}))}
    assert list(evidence(made)) == ["Api"]
    assert list(evidence({**made, "Db": instance()})) == ["Api (Copy)", "Api (Db)"]


def test_the_address_of_one_instance_of_a_cluster_leads_to_that_instance() -> None:
    """A reader's own address is none of the writer's, whatever the class of either; the writer's is."""
    cluster = resource("AWS::RDS::DBCluster", Engine="aurora-postgresql")
    member = {"Engine": "aurora-postgresql", "DBClusterIdentifier": {"Ref": "Cluster"}}
    for name, server in (("W", "Cluster"), ("R", "Cluster-reader")):
        address = {"Fn::GetAtt": [name, "Endpoint.Address"]}
        api = {"Api": service("ApiTask"), "ApiTask": tasks(container(DB_HOST=address))}
        shop = {"Cluster": cluster, "W": instance(**member), "R": instance(**member), **api}
        found = discovered(shop).entries["workloads"]
        assert [item["database"] for item in found.values()] == [server]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: str(engine.title))
def test_a_server_of_every_engine_is_found_with_its_port_and_by_its_schemes(engine: Engine) -> None:
    name, *_ = engine.names
    groups = {"VPCSecurityGroups": [group_id("DbGroup")]}
    for scheme in engine.schemes:
        api = tasks(container(APP_DSN=f"jdbc:{scheme}://u@somewhere/x"))
        db = instance(Engine=f"{name}se" if name.endswith("-") else name, **groups)
        made = {**DATABASE, "Db": db, "Api": service("ApiTask", NetworkConfiguration=IMPORTED), "ApiTask": api}
        assert evidence(made) == {"Api": "by the scheme of APP_DSN of container 'web'"}
        (found,) = document_of(made).databases.values()
        assert found.access is not None
        assert found.access.port == f"port {engine.port}"


def test_a_server_of_an_engine_that_is_not_known_here_is_a_database_as_any_other() -> None:
    """Named custom-db2-se, it has no limit that is known: an error, where leaving it out would be silence."""
    made = {"Db": instance(Engine="custom-db2-se"), "Api": service("ApiTask"), "ApiTask": tasks(container(H=ADDRESS))}
    assert "unknown-limit" in {finding.id for finding in plan(document_of(made)).findings}
