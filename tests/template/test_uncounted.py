"""What uses a budget's database and is not in the budget."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.template.reread import reread_all
from constructs_lib.template.template import Template
from tests.template.app_templates import document, instance, planned, resource, service, tasks

Json = dict[str, Any]

WEB = {"Name": "web", "Environment": [{"Name": "DB_POOL_SIZE", "Value": "10"}]}
SIDE = {"Name": "side", "Environment": [{"Name": "DB_POOL_SIZE", "Value": "500"}]}
RESOURCES: Json = {"Db": instance(DBInstanceIdentifier="orders"), "Api": service(DesiredCount=4), "Tasks": tasks(WEB)}


def named(made: Plan, rule: str) -> list[str]:
    return [f"{item.subject}/{item.resource and item.resource.logical_id}" for item in made.findings if item.id == rule]


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::ECS::Service", {"TaskDefinition": {"Ref": "Tasks"}, "DesiredCount": 40}),
        ("AWS::ECS::Service", {"TaskDefinition": "shop-api:7"}),
        ("AWS::ECS::Service", {"TaskDefinition": {"Fn::Sub": "arn:aws:ecs:${AWS::Region}:1:task-definition/shop-api"}}),
        ("AWS::ECS::TaskSet", {"TaskDefinition": {"Ref": "Tasks"}, "Service": "another"}),
        ("AWS::Events::Rule", {"Targets": [{"EcsParameters": {"TaskDefinitionArn": {"Ref": "Tasks"}}}]}),
        ("AWS::Events::Rule", {"Targets": [{"EcsParameters": {"TaskDefinitionArn": "a:task-definition/shop-api:1"}}]}),
        ("AWS::Scheduler::Schedule", {"Target": {"EcsParameters": {"TaskDefinitionArn": {"Ref": "Tasks"}}}}),
        ("AWS::StepFunctions::StateMachine", {"DefinitionString": {"Fn::Join": ["", ["{", {"Ref": "Tasks"}, "}"]]}}),
        ("AWS::Lambda::Function", {"Environment": {"Variables": {"TASK": {"Ref": "Tasks"}}}}),
    ],
    ids=repr,
)
def test_whatever_else_runs_the_task_definition_is_an_error(kind: str, properties: Json) -> None:
    family = {**tasks(WEB), "Properties": {"ContainerDefinitions": [WEB], "Family": "shop-api"}}
    made = planned(document(), {**RESOURCES, "Tasks": family, "Second": resource(kind, **properties)})
    assert named(made, "uncounted-tasks") == ["api/Second"]
    assert not made.fits


def test_a_service_a_task_set_of_it_and_a_run_of_a_budgeted_task_are_counted() -> None:
    value = document()
    value["workloads"]["second"] = {"database": "db", "resource": {"logical_id": "Second"}}
    value["workloads"]["job"] = {"kind": "task", "database": "db", "resource": {"logical_id": "Tasks"}}
    more = {
        "Second": service(DesiredCount=2),
        "Set": resource("AWS::ECS::TaskSet", TaskDefinition={"Ref": "Tasks"}, Service={"Ref": "Second"}),
        "Rule": resource("AWS::Events::Rule", Targets=[{"EcsParameters": {"TaskDefinitionArn": {"Ref": "Tasks"}}}]),
        "Other": resource("AWS::ECS::Service", TaskDefinition="shop-other:1"),
    }
    assert named(planned(value, {**RESOURCES, **more}), "uncounted-tasks") == []


def test_a_function_that_is_counted_itself_may_start_tasks_that_are_not() -> None:
    value = document()
    value["workloads"]["fn"] = {"kind": "function", "database": "db", "resource": {"logical_id": "Fn"}}
    function = resource("AWS::Lambda::Function", Environment={"Variables": {"TASK": {"Ref": "Tasks"}}})
    assert named(planned(value, {**RESOURCES, "Fn": function}), "uncounted-tasks") == ["api/Fn"]
    value["workloads"]["job"] = {"kind": "task", "database": "db", "resource": {"logical_id": "Tasks"}}
    assert named(planned(value, {**RESOURCES, "Fn": function}), "uncounted-tasks") == []


def test_a_service_in_another_stack_runs_the_task_definition_through_an_import() -> None:
    outputs = {"Tasks": {"Value": {"Ref": "Tasks"}, "Export": {"Name": "app:tasks"}}}
    second = resource("AWS::ECS::Service", TaskDefinition={"Fn::ImportValue": "app:tasks"})
    home = Template({"Resources": RESOURCES, "Outputs": outputs})
    templates = {"app.template.json": home, "other.template.json": Template({"Resources": {"Second": second}})}
    found = reread_all({"app.template.json": Document.read(document())}, templates)["app.template.json"]
    (finding,) = [item for item in plan(found).findings if item.id == "uncounted-tasks"]
    assert finding.resource is not None
    assert (finding.resource.logical_id, finding.resource.template) == ("Second", "other.template.json")


def test_a_workload_of_another_prefix_runs_the_pools_of_the_first_prefix_too() -> None:
    """Both services open both pools, and each is counted for one."""
    value = document()
    value["workloads"]["second"] = {
        "database": "db",
        "resource": {"logical_id": "Second"},
        "env_prefix": "X_",
    }
    made = planned(value, {**RESOURCES, "Second": service(DesiredCount=2)})
    assert sorted(named(made, "uncounted-tasks")) == ["api/Second", "second/Api"]


def test_a_container_that_was_not_named_and_has_a_pool_size_is_an_error() -> None:
    both = {**RESOURCES, "Tasks": tasks(WEB, SIDE, {"Name": "quiet"})}
    made = planned(document(api={"containers": ["web"]}), both)
    (finding,) = [item for item in made.findings if item.id == "uncounted-container"]
    assert finding.message == ("container 'side' of api has DB_POOL_SIZE and is not counted: the budget counts 'web'")
    assert not made.fits


def test_a_container_that_another_workload_counts_is_counted() -> None:
    value = document(api={"containers": ["web"]})
    value["workloads"]["jobs"] = {**value["workloads"]["api"], "containers": ["side"]}
    assert named(planned(value, {**RESOURCES, "Tasks": tasks(WEB, SIDE)}), "uncounted-container") == []
    other = document(api={"containers": ["web"], "env_prefix": "X_"})
    assert named(planned(other, {**RESOURCES, "Tasks": tasks(WEB, SIDE)}), "uncounted-container") == []


def front(**properties: Any) -> Json:
    return {
        "Front": resource("AWS::RDS::DBProxy", DBProxyName="front", EngineFamily="POSTGRESQL"),
        "Group": resource("AWS::RDS::DBProxyTargetGroup", **{"DBProxyName": {"Ref": "Front"}, **properties}),
    }


@pytest.mark.parametrize(
    "properties",
    [
        {"DBInstanceIdentifiers": [{"Ref": "Db"}]},
        {"DBInstanceIdentifiers": ["ORDERS"]},
        {"DBInstanceIdentifiers": [{"Ref": "Db"}], "DBProxyName": "front"},
    ],
    ids=repr,
)
def test_a_proxy_that_the_budget_was_not_told_of_is_an_error_once(properties: Json) -> None:
    made = planned(document(), {**RESOURCES, **front(**properties)})
    assert named(made, "unbudgeted-proxy") == ["db/Front"]
    assert "it may open 100 % of max_connections" in next(
        x.message for x in made.findings if x.id == "unbudgeted-proxy"
    )
    assert not made.fits


def test_a_proxy_of_the_budget_or_of_another_server_is_no_finding() -> None:
    resources = {**RESOURCES, **front(DBInstanceIdentifiers=[{"Ref": "Db"}])}
    told = document(proxies={"front": {"database": "db", "resource": {"logical_id": "Front"}}})
    assert named(planned(told, resources), "unbudgeted-proxy") == []
    elsewhere = {**RESOURCES, "Else": instance(), **front(DBInstanceIdentifiers=[{"Ref": "Else"}, "stock"])}
    assert named(planned(document(), elsewhere), "unbudgeted-proxy") == []


def test_a_proxy_in_front_of_the_cluster_is_one_in_front_of_its_instance() -> None:
    resources = {
        **RESOURCES,
        "Cluster": resource("AWS::RDS::DBCluster", Engine="aurora-postgresql", EngineVersion="16.4"),
        "Db": instance(Engine="aurora-postgresql", DBClusterIdentifier={"Ref": "Cluster"}),
        **front(DBClusterIdentifiers=[{"Ref": "Cluster"}]),
    }
    assert named(planned(document(), resources), "unbudgeted-proxy") == ["db/Front"]


def test_services_that_share_a_task_definition_are_compared_once_with_all_that_runs_it() -> None:
    """Twice as many are twice the work, not four times."""
    looked = [_lookups(count) for count in (10, 20)]
    assert looked[1] <= 2 * looked[0]


def _lookups(services: int) -> int:
    value = document()
    resources = dict(RESOURCES)
    for number in range(services):
        value["workloads"][f"api{number}"] = {"database": "db", "resource": {"logical_id": f"Api{number}"}}
        resources[f"Api{number}"] = service(DesiredCount=1)
    template = _Counting({"Resources": resources})
    assert named(plan(reread_all({"app": Document.read(value)}, {"app": template})["app"]), "uncounted-tasks") == []
    return template.looked


class _Counting(Template):
    """A template that counts how often somebody asks what a resource is."""

    looked = 0

    def kind(self, logical_id: str) -> str | None:
        self.looked += 1
        return super().kind(logical_id)
