"""The document, brought up to what the templates say."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.limits import Unknown
from constructs_lib.template.reread import reread
from constructs_lib.template.template import Template
from tests.template.app_templates import (
    HOME,
    document,
    instance,
    planned,
    read_again,
    resource,
    scaling,
    service,
    tasks,
)

Json = dict[str, Any]

WEB = {"Name": "web", "Environment": [{"Name": "DB_POOL_SIZE", "Value": "10"}]}
RESOURCES: Json = {
    "Db": instance(),
    "Api": service(DesiredCount=4),
    "Target": scaling(MaxCapacity=8),
    "Tasks": tasks(WEB),
}


def api(value: Json, resources: Json, **others: Json) -> TaskWorkload:
    workload = read_again(value, resources, **others).workloads["api"]
    assert isinstance(workload, TaskWorkload)
    return workload


def test_everything_that_was_not_said_is_read() -> None:
    found = read_again(document(), RESOURCES)
    assert (found.databases["db"].engine, found.databases["db"].instance_class) == ("postgres", "db.r6g.large")
    workload = api(document(), RESOURCES)
    assert (workload.tasks, workload.max_tasks, workload.maximum_percent) == (4, 8, 200)
    assert workload.deployment is Deployment.ROLLING
    assert workload.found == {"web": {"DB_POOL_SIZE": "10"}}


def test_a_task_count_that_was_changed_in_the_template_is_the_one_that_counts() -> None:
    before = {"tasks": 4, "max_tasks": 8, "sources": {"tasks": "read", "max_tasks": "read"}}
    changed = {**RESOURCES, "Target": scaling(MaxCapacity=40)}
    workload = api(document(api=before), changed)
    assert workload.max_tasks == 40
    assert workload.changed == ("max_tasks is 40 in the template and was 8 in the construct",)


def test_a_maximum_percent_that_was_changed_in_the_template_is_the_one_that_counts() -> None:
    before = {"maximum_percent": 200, "sources": {"maximum_percent": "read"}}
    changed = {**RESOURCES, "Api": service(DesiredCount=4, DeploymentConfiguration={"MaximumPercent": 400})}
    assert api(document(api=before), changed).maximum_percent == 400


def test_the_users_word_cannot_lower_what_the_template_has() -> None:
    said = {"tasks": 1, "max_tasks": 2, "maximum_percent": 100}
    workload = api(document(api=said), RESOURCES)
    assert (workload.tasks, workload.max_tasks, workload.maximum_percent) == (4, 8, 200)


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


def test_a_resource_that_is_gone_is_unknown_and_never_as_it_was() -> None:
    gone = {name: item for name, item in RESOURCES.items() if name == "Tasks"}
    read = document(
        api={"tasks": 4, "sources": {"tasks": "read"}},
        database={"instance_class": "db.r6g.large", "sources": {"instance_class": "read"}},
    )
    found = read_again(read, gone)
    workload = found.workloads["api"]
    assert isinstance(workload, TaskWorkload)
    assert workload.tasks == Unknown("the resource Api is not in app.template.json")
    assert found.databases["db"].instance_class == Unknown("the resource Db is not in app.template.json")
    assert not planned(read, gone).fits


def test_a_resource_can_stand_in_another_template() -> None:
    theirs = {"Resources": {"Db": instance(DBInstanceClass="db.r6g.xlarge")}}
    where = {"resource": {"logical_id": "Db", "template": "data.template.json"}}
    found = read_again(document(database=where), RESOURCES, data=theirs)
    assert found.databases["db"].instance_class == "db.r6g.xlarge"


def test_a_document_without_resources_stays_as_it_is() -> None:
    value = {"schema": 1, "databases": {"db": {"max_connections": 683}}, "workloads": {"api": {"database": "db"}}}
    assert read_again(value, RESOURCES).to_json() == {**value, "proxies": {}}


def test_a_proxy_is_read_through_its_target_group() -> None:
    proxies = {"front": {"database": "db", "resource": {"logical_id": "Front"}}}
    more = {
        "Front": resource("AWS::RDS::DBProxy", IdleClientTimeout=600),
        "Group": resource(
            "AWS::RDS::DBProxyTargetGroup",
            DBProxyName={"Ref": "Front"},
            ConnectionPoolConfigurationInfo={"MaxConnectionsPercent": 75},
        ),
        "Other": resource("AWS::RDS::DBProxyTargetGroup", DBProxyName={"Ref": "Else"}),
    }
    found = read_again(document(proxies=proxies), {**RESOURCES, **more}).proxies["front"]
    assert (found.max_connections_percent, found.idle_client_timeout) == (75, 600)
    for declared, counts in ((5, 75), (90, 90)):
        said = {"front": {**proxies["front"], "max_connections_percent": declared}}
        again = read_again(document(proxies=said), {**RESOURCES, **more}).proxies["front"]
        assert again.max_connections_percent == counts, "the template's share cannot be talked down"
    missing = read_again(document(proxies=proxies), RESOURCES).proxies["front"]
    assert missing.max_connections_percent == Unknown("the resource Front is not in app.template.json")


def test_only_the_containers_that_were_named_are_looked_at() -> None:
    both = {**RESOURCES, "Tasks": tasks(WEB, {"Name": "sidecar"})}
    assert api(document(api={"containers": ["web"]}), both).found == {"web": {"DB_POOL_SIZE": "10"}}
    named = api(document(api={"containers": ["web", "gone"]}), both).found
    assert named == {"web": {"DB_POOL_SIZE": "10"}, "gone": {}}


def test_a_container_that_was_added_to_the_template_alone_has_pools_too() -> None:
    both = {**RESOURCES, "Tasks": tasks(WEB, {"Name": "late"})}
    read = {"containers": ["web"], "sources": {"containers": "read"}}
    workload = api(document(api=read), both)
    assert workload.containers == ("web", "late")
    assert workload.fleet.live() == (4, 8, 16)
    assert workload.demand().pools == (8, 16, 32)


def test_a_task_definition_that_was_replaced_is_a_conflict() -> None:
    replaced = {**RESOURCES, "Api": resource("AWS::ECS::Service", DesiredCount=4, TaskDefinition="arn:aws:ecs:…:1")}
    read = {"containers": ["web"], "sources": {"containers": "read"}}
    made = planned(document(api=read, database={"max_connections": 683}), replaced)
    assert [finding.id for finding in made.findings if finding.severity.value == "error"] == [
        "environment-conflict",
        "unbounded-pool",
    ]


@pytest.mark.parametrize("used", [{"Ref": "Td"}, {"Fn::ImportValue": "someone-elses-task"}], ids=repr)
def test_a_task_definition_that_another_app_or_a_person_passes_in_is_a_conflict(used: Json) -> None:
    """The one that the budget was written into still stands in the template, and nothing runs it."""
    parameters = {"Parameters": {"Td": {"Type": "String"}}}
    resources = {**RESOURCES, "Api": resource("AWS::ECS::Service", DesiredCount=4, TaskDefinition=used)}
    read = {"task_definition": {"logical_id": "Tasks"}, "containers": ["web"], "sources": {"containers": "read"}}
    content = {**parameters, "Resources": resources}
    found = reread(Document.read(document(api=read)), HOME, {HOME: Template(content)}).workloads["api"]
    assert isinstance(found, TaskWorkload)
    assert found.found == {"web": {}}


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


def test_the_plan_of_a_template_that_agrees_with_it_fits() -> None:
    """683 − 5 − 10 = 668; 4 → 8 tasks × 200 % = 16 pools: 41 each, 28 + 12."""
    value = document(database={"max_connections": 683})
    environment = planned(value, {**RESOURCES, "Tasks": tasks({"Name": "web"})}).environments()["api"]
    assert (environment["DB_POOL_SIZE"], environment["DB_MAX_OVERFLOW"]) == ("28", "12")
    wired = {"Name": "web", "Environment": [{"Name": key, "Value": item} for key, item in environment.items()]}
    made = planned(value, {**RESOURCES, "Tasks": tasks(wired)})
    assert made.fits
    assert made.to_json()["databases"]["db"]["peak"] == 640


@pytest.mark.parametrize("strange", [{}, {"Api": None, "Db": 5}, {"Api": {"Type": 5}}], ids=repr)
def test_a_template_without_what_it_should_have_is_unknown(strange: Json) -> None:
    assert not planned(document(database={"max_connections": 683}), strange).fits


def test_memory_that_was_given_for_another_class_than_the_templates_is_forgotten() -> None:
    said = {"instance_class": "db.z9.large", "memory_bytes": 2**36, "sources": {"instance_class": "read"}}
    changed = {**RESOURCES, "Db": instance(DBInstanceClass="db.z9.small")}
    assert read_again(document(database=said), changed).databases["db"].memory_bytes is None
    same = {**RESOURCES, "Db": instance(DBInstanceClass="db.z9.large")}
    assert read_again(document(database=said), same).databases["db"].memory_bytes == 2**36
    assert read_again(document(database={"memory_bytes": 2**36}), same).databases["db"].memory_bytes == 2**36
