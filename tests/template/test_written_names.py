"""Whatever names a database, or what its address is stored in, in a text."""

from typing import Any

import pytest

from constructs_lib.budget.plan import plan
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.discover import discover
from tests.template.app_templates import instance, resource
from tests.template.reachable_shop import ADDRESS, container, discovered, document_of, service, tasks

Json = dict[str, Any]

STORED = resource("AWS::SSM::Parameter", Name="/orders/host", Type="String", Value=ADDRESS)
SECRET = resource("AWS::SecretsManager::Secret", Name="orders/db", SecretString={"Fn::Sub": "${Db.Endpoint.Address}"})
RECORD = resource("AWS::Route53::RecordSet", Name="Orders.internal.example.com.", ResourceRecords=[ADDRESS])
ARN = "arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/orders/host"


def reached(task: Json, **more: Json) -> list[str]:
    """The databases and proxies that the API leads to, of two databases: with one, a variable's name would do."""
    made = {"Db": instance(DBInstanceIdentifier="Orders"), "Other": instance(), "Api": service("ApiTask")}
    workloads = discovered({**made, "ApiTask": tasks(task), **more}).entries["workloads"]
    return [item.get("proxy") or item["database"] for name, item in workloads.items() if name.startswith("Api")]


@pytest.mark.parametrize(
    ("holder", "text"),
    [
        (STORED, "{{resolve:ssm:/orders/host}}"),
        (STORED, "postgres://{{resolve:ssm:/orders/host:3}}:5432/orders"),
        (STORED, "/orders/host"),
        (STORED, "arn:aws:ssm:eu-west-1:123456789012:parameter/orders/host"),
        (STORED, {"Fn::Sub": ARN}),
        (SECRET, "{{resolve:secretsmanager:orders/db:SecretString:host}}"),
        (SECRET, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/db-AbCdEf:host::"),
        (SECRET, {"Fn::Join": ["", ["arn:aws:secretsmanager:", {"Ref": "R"}, ":123456789012:secret:orders/db"]]}),
        (RECORD, "orders.internal.example.com"),
        (RECORD, "postgres://u:p@orders.internal.example.com:5432/x"),
        (RECORD, "orders.abc123.eu-west-1.rds.amazonaws.com"),
    ],
    ids=repr,
)
def test_a_written_name_leads_where_a_reference_would(holder: Json, text: object) -> None:
    assert reached(container(SETTING=text), Holder=holder) == ["Db"]
    assert reached(container(secrets={"SETTING": text}), Holder=holder) == ["Db"]


@pytest.mark.parametrize(
    "text",
    [
        "{{resolve:ssm:/orders/hostname}}",
        "/orders",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/db2-AbCdEf",
        "internal.example.com",
        "orders.cluster-abc123.eu-west-1.rds.amazonaws.com",
        "orders.example.com",
        {"Ref": "/orders/host"},
    ],
    ids=repr,
)
def test_another_name_leads_nowhere(text: object) -> None:
    assert reached(container(SETTING=text), Stored=STORED, Secret=SECRET, Record=RECORD) == []


def test_a_parameter_of_the_template_may_be_the_name_of_a_stored_one() -> None:
    template = {
        "Parameters": {"Host": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/orders/host"}},
        "Resources": {
            "Db": instance(),
            "Other": instance(),
            "Stored": STORED,
            "Api": service("ApiTask"),
            "ApiTask": tasks(container(SETTING={"Ref": "Host"})),
        },
    }
    app = Assembly({"app.json": template})
    assert discover(app).entries["workloads"]["Api"]["database"] == "Db"


@pytest.mark.parametrize(("label", "reader"), [("cluster-abc", False), ("cluster-ro-abc", True), ("abc", False)])
def test_a_cluster_has_an_endpoint_for_its_readers(label: str, reader: bool) -> None:  # noqa: FBT001 - a row
    member = {"Engine": "aurora-postgresql", "DBInstanceClass": "db.r6g.large", "DBClusterIdentifier": {"Ref": "Shop"}}
    names = {"abc": "shop-1"}
    cluster = {
        "Shop": resource("AWS::RDS::DBCluster", DBClusterIdentifier="shop", Engine="aurora-postgresql"),
        "One": resource("AWS::RDS::DBInstance", DBInstanceIdentifier="shop-1", **member),
        "Two": resource("AWS::RDS::DBInstance", **member),
    }
    host = f"{names.get(label, 'shop')}.{label}.eu-west-1.rds.amazonaws.com"
    assert reached(container(SETTING=host), **cluster) == [f"Shop{'-reader' if reader else ''}"]


def test_a_client_of_another_kind_is_named_as_a_text_leads_to_the_database() -> None:
    job = resource(
        "AWS::Batch::JobDefinition", ContainerProperties={"Environment": [{"Name": "A", "Value": "/orders/host"}]}
    )
    found = [
        finding.message.partition(" and is in")[0]
        for finding in plan(document_of({"Db": instance(), "Stored": STORED, "Job": job})).findings
        if finding.id == "unbudgeted-client"
    ]
    assert found == ["Job (AWS::Batch::JobDefinition) can reach Db on port 5432"]


def test_a_proxy_has_a_host_of_its_own() -> None:
    proxy = {
        "Front": resource("AWS::RDS::DBProxy", DBProxyName="front", EngineFamily="POSTGRESQL"),
        "Targets": resource("AWS::RDS::DBProxyTargetGroup", DBProxyName="front", DBInstanceIdentifiers=[{"Ref": "Db"}]),
    }
    api = container(SETTING="front.proxy-abc123.eu-west-1.rds.amazonaws.com")
    assert reached(api, **proxy) == ["Front"]
