"""Functions that open no connection."""

from typing import Any

from tests.template.app_templates import resource
from tests.template.reachable_shop import discovered

CLUSTER = resource("AWS::RDS::DBCluster", Engine="aurora-postgresql", EnableHttpEndpoint=True)
SECRET: dict[str, Any] = {
    "Secret": resource("AWS::SecretsManager::Secret"),
    "Tie": resource("AWS::SecretsManager::SecretTargetAttachment", SecretId={"Ref": "Secret"}, TargetId={"Ref": "Db"}),
}
ARN = {"Fn::GetAtt": ["Db", "DBClusterArn"]}


def workloads(cluster: Any = CLUSTER, vpc: Any = None, **variables: Any) -> list[str]:
    given = {"Environment": {"Variables": variables}, **({"VpcConfig": vpc} if vpc else {})}
    made = {"Db": cluster, **SECRET, "Report": resource("AWS::Lambda::Function", **given)}
    return list(discovered(made).entries["workloads"])


def test_a_function_with_the_arn_of_a_cluster_uses_the_data_api() -> None:
    assert workloads(CLUSTER_ARN=ARN) == []
    assert workloads(DB_CLUSTER_ARN=ARN, DB_SECRET_ARN={"Ref": "Secret"}) == []


def test_one_that_has_an_address_or_stands_in_a_vpc_or_has_no_such_endpoint_connects() -> None:
    secret = {"Ref": "Secret"}
    address = {"Fn::GetAtt": ["Db", "Endpoint.Address"]}
    assert workloads(CLUSTER_ARN=ARN, DB_HOST=address) == ["Report"]
    assert workloads(CLUSTER_ARN=ARN, DB_SECRET=secret, vpc={"SubnetIds": ["s"]}) == ["Report"]
    without = resource("AWS::RDS::DBCluster", Engine="aurora-postgresql")
    assert workloads(CLUSTER_ARN=ARN, DB_SECRET=secret, cluster=without) == ["Report"]


def test_the_arn_alone_is_no_address() -> None:
    without = resource("AWS::RDS::DBCluster", Engine="aurora-postgresql")
    assert workloads(CLUSTER_ARN=ARN, cluster=without) == []
