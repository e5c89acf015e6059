"""Instances, clusters and parameter groups."""

from typing import Any

import pytest

from constructs_lib.limits import Unknown
from constructs_lib.template.databases import Facts, database_facts
from constructs_lib.template.template import Template
from tests.template.app_templates import document, instance, planned, resource, service, tasks

Json = dict[str, Any]


def facts(database: Json, elsewhere: Json | None = None, **resources: Json) -> Facts:
    template = Template({"Resources": {"Db": database, **resources}})
    return database_facts(template, database["Properties"], elsewhere)


def group(**parameters: Any) -> Json:
    return resource("AWS::RDS::DBParameterGroup", Family="postgres16", Parameters=parameters)


GROUP = {"Ref": "Group"}


def test_class_engine_and_version_are_read() -> None:
    found = facts(instance())
    assert (found["engine"], found["engine_version"]) == ("postgres", "16.4")
    assert found["instance_class"] == "db.r6g.large"
    assert found["parameter_max_connections"] is None


def test_aurora_serverless_of_the_first_kind_has_no_class() -> None:
    cluster = resource("AWS::RDS::DBCluster", Engine="aurora-mysql", EngineMode="serverless")
    assert facts(cluster)["instance_class"] == Unknown(
        "it is Aurora Serverless v1 (EngineMode serverless), which has no class"
    )


@pytest.mark.parametrize("value", ["500", "LEAST({DBInstanceClassMemory/9531392},5000)"])
def test_the_parameter_group_is_followed(value: str) -> None:
    found = facts(instance(DBParameterGroupName=GROUP), Group=group(max_connections=value))
    assert str(found["parameter_max_connections"]) == value


def test_a_parameter_may_be_written_as_a_number() -> None:
    found = facts(instance(DBParameterGroupName=GROUP), Group=group(max_connections=500))
    assert found["parameter_max_connections"] in {500, "500"}


def test_a_group_that_leaves_max_connections_alone_leaves_the_default() -> None:
    assert facts(instance(DBParameterGroupName=GROUP), Group=group())["parameter_max_connections"] is None
    default = instance(DBParameterGroupName="default.postgres16")
    assert facts(default)["parameter_max_connections"] is None


def test_a_group_that_is_not_here_is_unknown_and_never_the_default() -> None:
    for name in ("custom", {"Ref": "Parameter"}, {"Fn::If": ["A", "b", "c"]}):
        found = facts(instance(DBParameterGroupName=name))["parameter_max_connections"]
        assert isinstance(found, Unknown)
        assert "which is not defined in this app" in found.reason


def test_a_group_of_another_template_is_read_where_it_is_imported() -> None:
    elsewhere = {"Parameters": {"max_connections": "500"}}
    found = facts(instance(DBParameterGroupName={"Fn::ImportValue": "group"}), elsewhere)
    assert str(found["parameter_max_connections"]) == "500"


@pytest.mark.parametrize(
    "parameters",
    [{"max_connections": {"Ref": "Most"}}, {"Fn::If": ["A", {"max_connections": "10"}, {"Ref": "AWS::NoValue"}]}],
)
def test_a_computed_parameter_is_unknown(parameters: Json) -> None:
    made = resource("AWS::RDS::DBParameterGroup", Parameters=parameters)
    assert isinstance(facts(instance(DBParameterGroupName=GROUP), Group=made)["parameter_max_connections"], Unknown)


def cluster(**properties: Any) -> Json:
    return resource("AWS::RDS::DBCluster", **{"Engine": "aurora-postgresql", "EngineVersion": "16.4", **properties})


def member(**properties: Any) -> Json:
    given = {"DBInstanceClass": "db.serverless", "DBClusterIdentifier": {"Ref": "Cluster"}}
    return resource("AWS::RDS::DBInstance", **{**given, **properties})


def test_a_member_takes_from_its_cluster_what_it_does_not_say() -> None:
    scaling = {"MinCapacity": 0.5, "MaxCapacity": 16}
    found = facts(member(), Cluster=cluster(ServerlessV2ScalingConfiguration=scaling))
    assert (found["engine"], found["engine_version"]) == ("aurora-postgresql", "16.4")
    assert (found["min_acu"], found["max_acu"]) == ("0.5", "16")


def test_a_members_own_parameter_group_is_above_its_clusters() -> None:
    of_cluster = resource("AWS::RDS::DBClusterParameterGroup", Parameters={"max_connections": "1000"})
    both = {"Cluster": cluster(DBClusterParameterGroupName={"Ref": "Theirs"}), "Theirs": of_cluster}
    assert str(facts(member(), **both)["parameter_max_connections"]) == "1000"
    own = facts(member(DBParameterGroupName=GROUP), Group=group(max_connections="500"), **both)
    assert str(own["parameter_max_connections"]) == "500"


@pytest.mark.parametrize(
    "scaling",
    [{"Fn::If": ["A", {"MaxCapacity": 8}, {"MaxCapacity": 16}]}, {"MinCapacity": 1, "MaxCapacity": {"Ref": "Most"}}],
)
def test_a_computed_capacity_is_unknown(scaling: Json) -> None:
    found = facts(member(), Cluster=cluster(ServerlessV2ScalingConfiguration=scaling))
    assert isinstance(found["max_acu"], Unknown)


@pytest.mark.parametrize("capacity", [10**400, 1e300, -1, True, [], "sixteen", float("nan")])
def test_a_strange_capacity_does_no_harm(capacity: object) -> None:
    scaling = {"MinCapacity": capacity, "MaxCapacity": capacity}
    assert facts(member(), Cluster=cluster(ServerlessV2ScalingConfiguration=scaling))["max_acu"] != 16


@pytest.mark.parametrize("value", [0, "0", -5], ids=["zero", "zero as a text", "less than zero"])
def test_a_number_that_no_server_accepts_is_no_default_however_it_is_written(value: object) -> None:
    shop = {"Db": instance(DBParameterGroupName=GROUP), "Group": group(max_connections=value)}
    made = planned(document(), {**shop, "Api": service(DesiredCount=1), "Tasks": tasks({"Name": "web"})})
    assert "unknown-limit" in {finding.id for finding in made.findings}
