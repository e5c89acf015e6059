"""The document, brought up to what the templates say."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.fleet import Deployment
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
