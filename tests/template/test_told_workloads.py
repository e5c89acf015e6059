"""A budget does not count what it does not name, and says of what is told the database's address that it is there."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.reread import reread
from tests.template.app_templates import document, instance, planned, resource, service, tasks
from tests.template.reachable_shop import ADDRESS, container

Json = dict[str, Any]
SECRET = {"Fn::GetAtt": ["Db", "MasterUserSecret.SecretArn"]}
CLUSTER_SECRET = {"Fn::GetAtt": ["Cluster", "MasterUserSecret.SecretArn"]}
WRITES = {"Fn::GetAtt": ["Cluster", "Endpoint.Address"]}
READS = {"Fn::GetAtt": ["Cluster", "ReadEndpoint.Address"]}


def named(made: Plan) -> list[tuple[str, str]]:
    """What can reach a database and is in no budget of it, by the database and the words for the way."""
    found = [finding for finding in made.findings if finding.id == "unbudgeted-client"]
    return [(finding.subject, finding.message.rpartition(": ")[2]) for finding in found]


def strangers(value: Json, resources: Json) -> list[tuple[str, str]]:
    return named(planned(value, resources))


def shop(**others: Json) -> Json:
    """One service that is in the budget, in security groups that are defined elsewhere."""
    return {"Db": instance(), "Api": service(DesiredCount=1), "Tasks": tasks(container(DB_HOST=ADDRESS)), **others}


def test_what_the_budget_counts_is_no_stranger() -> None:
    assert strangers(document(), shop()) == []


@pytest.mark.parametrize("told", [{"DB_HOST": ADDRESS}, {"secrets": {"DB_PASSWORD": SECRET}}])
def test_a_service_that_is_told_the_address_or_the_secret_is_named_whatever_its_security_groups(told: Json) -> None:
    others = {"Other": service(TaskDefinition={"Ref": "OtherTasks"}), "OtherTasks": tasks(container(**told))}
    (variable,) = told.get("secrets", told)
    assert strangers(document(), shop(**others)) == [("db", f"Other → {variable} of container 'web' → Db")]


def test_a_task_that_nothing_runs_yet_and_a_function_are_named() -> None:
    function = resource("AWS::Lambda::Function", Environment={"Variables": {"URL": ADDRESS}})
    others = {"Job": tasks(container(DB_HOST=ADDRESS)), "Fill": function}
    assert strangers(document(), shop(**others)) == [
        ("db", "Job → DB_HOST of container 'web' → Db"),
        ("db", "Fill → URL → Db"),
    ]


def test_what_stands_in_another_stack_is_named() -> None:
    imported = {"Fn::ImportValue": "host"}
    stack = {"Outputs": {"Host": {"Value": ADDRESS, "Export": {"Name": "host"}}}}
    other = {"Resources": {"Other": service(), "Tasks": tasks(container(DB_HOST=imported))}}
    app = Assembly({"app.json": {"Resources": shop(), **stack}, "other.json": other})
    assert named(plan(reread(Document.read(document()), "app.json", app))) == [
        ("db", "Other → DB_HOST of container 'web' → Db")
    ]


def cluster(**variables: Any) -> tuple[Json, Json]:
    """A budget of the readers for one service, beside one of the writer; and what the service is told."""
    resources = {
        "Cluster": resource("AWS::RDS::DBCluster", Engine="aurora-postgresql", ManageMasterUserPassword=True),
        **{name: instance(Engine="aurora-postgresql", DBClusterIdentifier={"Ref": "Cluster"}) for name in ("W", "R")},
        "Api": service(DesiredCount=1),
        "Tasks": tasks(container(secrets={"DB_SECRET": CLUSTER_SECRET}, **variables)),
    }
    writer = {"resource": {"logical_id": "W"}, "failover": {"logical_id": "R"}, "readers": 1}
    value = document(api={"database": "readers"}, database=writer)
    return {**value, "databases": {**value["databases"], "readers": {"resource": {"logical_id": "R"}}}}, resources


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, []),
        ({"DB_HOST": READS}, []),
        ({"DB_HOST": WRITES}, [("db", "Api → DB_HOST of container 'web' → Cluster")]),
        ({"DB_HOST": READS, "WRITER_HOST": WRITES}, [("db", "Api → WRITER_HOST of container 'web' → Cluster")]),
    ],
)
def test_an_address_says_which_server_of_a_cluster_is_meant_and_a_secret_does_not(
    variables: Json, found: list[tuple[str, str]]
) -> None:
    assert strangers(*cluster(**variables)) == found
