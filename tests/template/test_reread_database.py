"""Databases, brought up to what the templates say."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown
from constructs_lib.template.reread import reread
from constructs_lib.template.template import Template
from tests.template.app_templates import HOME, document, instance, read_again, resource

Json = dict[str, Any]

RESOURCES: Json = {"Db": instance()}


def test_a_declared_limit_stands() -> None:
    found = read_again(document(database={"max_connections": 683}), RESOURCES)
    assert found.databases["db"].max_connections == 683


def test_a_server_that_is_written_out_is_no_other_whatever_was_declared() -> None:
    """A minor version that RDS chooses, and what the template leaves open, may be said."""
    said = {"instance_class": "db.r6g.16xlarge", "engine": "mysql", "engine_version": "15.2"}
    found = read_again(document(database=said), RESOURCES).databases["db"]
    assert (found.instance_class, found.engine, found.engine_version) == ("db.r6g.large", "postgres", "16.4")
    assert {found.given[key] for key in said} == {Source.READ}
    opened = {**RESOURCES, "Db": instance(DBInstanceClass={"Ref": "Class"}, EngineVersion="15")}
    found = read_again(document(database={**said, "engine": "Postgres"}), opened).databases["db"]
    assert (found.instance_class, found.engine, found.engine_version) == ("db.r6g.16xlarge", "Postgres", "15.2")
    assert {found.given[key] for key in said} == {Source.DECLARED}


@pytest.mark.parametrize("name", [{"Ref": "Name"}, {"Fn::ImportValue": "someone-elses-group"}], ids=repr)
def test_a_parameter_group_that_another_app_or_a_person_passes_in_is_unknown(name: Json) -> None:
    group = resource("AWS::RDS::DBParameterGroup", Parameters={"max_connections": "1500"})
    content = {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {**RESOURCES, "Group": group, "Db": instance(DBParameterGroupName=name)},
    }
    declared = document(database={"parameter_group": {"logical_id": "Group"}})
    found = reread(Document.read(declared), HOME, {HOME: Template(content)}).databases["db"]
    assert isinstance(found.parameter_max_connections, Unknown)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["same template", "another template"])
def test_a_parameter_group_may_be_named_in_whatever_case(elsewhere: bool) -> None:  # noqa: FBT001 - a row
    group = resource("AWS::RDS::DBParameterGroup", DBParameterGroupName="Orders", Parameters={"max_connections": "50"})
    other = resource("AWS::RDS::DBParameterGroup", DBParameterGroupName="x", Parameters={"max_connections": "5000"})
    resources = {**RESOURCES, "Db": instance(DBParameterGroupName="orders"), "Other": other}
    if elsewhere:
        found = read_again(document(), resources, data={"Resources": {"Group": group}})
    else:
        found = read_again(document(), {**resources, "Group": group})
    assert found.databases["db"].parameter_max_connections == "50"


def test_a_clusters_parameter_group_may_be_named() -> None:
    group = resource(
        "AWS::RDS::DBClusterParameterGroup", DBClusterParameterGroupName="Orders", Parameters={"max_connections": "50"}
    )
    servers = cluster(Db="db.r6g.large")
    servers["Cluster"]["Properties"]["DBClusterParameterGroupName"] = "orders"
    found = read_again(document(), {**RESOURCES, **servers, "Group": group})
    assert found.databases["db"].parameter_max_connections == "50"


def test_a_replica_may_name_its_source() -> None:
    """As the source has a group of its own, so has the replica."""
    group = resource("AWS::RDS::DBParameterGroup", Parameters={"max_connections": "50"})
    source = instance(DBInstanceIdentifier="orders", EngineVersion="15.4", DBParameterGroupName={"Ref": "Group"})
    replica = resource("AWS::RDS::DBInstance", SourceDBInstanceIdentifier="orders", DBInstanceClass="db.r6g.large")
    found = read_again(document(), {**RESOURCES, "Db": replica, "Source": source, "Group": group}).databases["db"]
    assert (found.engine, found.engine_version, found.parameter_max_connections) == ("postgres", "15.4", "50")


@pytest.mark.parametrize(
    ("own", "expected"),
    [({}, "50"), ({"Group": resource("AWS::RDS::DBParameterGroup", Parameters={"max_connections": "70"})}, "70")],
)
def test_a_replicas_group_is_looked_for_where_it_is_written(own: Json, expected: str) -> None:
    """The source's group stands beside the source; a group of the replica's own beside the replica."""
    group = resource("AWS::RDS::DBParameterGroup", Parameters={"max_connections": "50"})
    source = instance(DBInstanceIdentifier="orders", DBParameterGroupName={"Ref": "Group"})
    replica = resource("AWS::RDS::DBInstance", SourceDBInstanceIdentifier="orders", DBInstanceClass="db.r6g.large")
    if own:
        replica["Properties"]["DBParameterGroupName"] = {"Ref": "Group"}
    data: Json = {"Resources": {"Source": source, "Group": group}}
    found = read_again(document(), {**RESOURCES, "Db": replica, **own}, data=data)
    assert found.databases["db"].parameter_max_connections == expected


def cluster(**instances: str) -> Json:
    """A cluster with instances of the given classes, the last of them in another way: by an L1 construct's Ref."""
    own = {"Engine": "aurora-postgresql", "EngineVersion": "16.4"}
    members = {
        name: instance(**own, DBInstanceClass=size, DBClusterIdentifier={"Ref": "Cluster"})
        for name, size in instances.items()
    }
    return {"Cluster": resource("AWS::RDS::DBCluster", **own), **members}


WITH_READER: Json = {
    "schema": 1,
    "databases": {
        "db": {"resource": {"logical_id": "Writer"}, "failover": {"logical_id": "One"}},
        "db-reader": {"resource": {"logical_id": "One"}},
    },
}


def test_the_smallest_of_all_readers_counts_whichever_the_budget_had_read() -> None:
    resources = cluster(Writer="db.r6g.large", One="db.r6g.large", Two="db.t4g.medium")
    found = read_again(WITH_READER, resources).databases
    assert found["db"].instance_class == "db.r6g.large"
    assert found["db"].failover_class == "db.t4g.medium"
    assert found["db-reader"].instance_class == "db.t4g.medium"
    assert found["db-reader"].resource == Resource(logical_id="Two")


def test_a_reader_that_was_added_to_the_template_alone_may_be_promoted() -> None:
    """Also one that stands in another stack, and one whose class is unknown: that is the lowest of all."""
    alone = {"schema": 1, "databases": {"db": {"resource": {"logical_id": "Writer"}}}}
    small = cluster(Writer="db.r6g.large", Added="db.t4g.medium")
    assert read_again(alone, small).databases["db"].failover_class == "db.t4g.medium"
    assert read_again(alone, cluster(Writer="db.r6g.large")).databases["db"].failover_class is None
    outputs = {"Id": {"Value": {"Ref": "Cluster"}, "Export": {"Name": "app:cluster"}}}
    home = {"Resources": cluster(Writer="db.r6g.large"), "Outputs": outputs}
    added = instance(DBInstanceClass={"Ref": "Size"}, DBClusterIdentifier={"Fn::ImportValue": "app:cluster"})
    templates = {HOME: Template(home), "other.template.json": Template({"Resources": {"Added": added}})}
    assert isinstance(reread(Document.read(alone), HOME, templates).databases["db"].failover_class, Unknown)


def test_memory_that_was_given_for_another_class_than_the_templates_is_forgotten() -> None:
    said = {"instance_class": "db.z9.large", "memory_bytes": 2**36, "sources": {"instance_class": "read"}}
    changed = {**RESOURCES, "Db": instance(DBInstanceClass="db.z9.small")}
    assert read_again(document(database=said), changed).databases["db"].memory_bytes is None
    same = {**RESOURCES, "Db": instance(DBInstanceClass="db.z9.large")}
    assert read_again(document(database=said), same).databases["db"].memory_bytes == 2**36
    assert read_again(document(database={"memory_bytes": 2**36}), same).databases["db"].memory_bytes == 2**36


def test_of_another_reader_that_counts_now_the_defaults_are_its_own() -> None:
    """The budget had read One, whose class is written out; Two is smaller, by the default of a parameter."""
    resources = cluster(Writer="db.r6g.large", One="db.r6g.large", Two="db.t4g.medium")
    resources["Two"]["Properties"]["DBInstanceClass"] = {"Ref": "Size"}
    content = {"Parameters": {"Size": {"Type": "String", "Default": "db.t4g.medium"}}, "Resources": resources}
    found = reread(Document.read(WITH_READER), HOME, {HOME: Template(content, defaults=True)}).databases["db-reader"]
    assert (found.resource, found.instance_class) == (Resource(logical_id="Two"), "db.t4g.medium")
    assert found.defaults["instance_class"] == ("Size",)
