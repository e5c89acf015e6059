"""What may be a workload beside what a service runs."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.overlay import overlaid
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.workloads import Service
from constructs_lib.template.discover import discover
from constructs_lib.template.discovery import undeclared
from constructs_lib.template.reread import reread
from tests.template.app_templates import resource
from tests.template.reachable_shop import ADDRESS, DATABASE, SHOP, assembly, container, document_of, network, tasks
from tests.template.test_discover import errors, peaks

Json = dict[str, Any]


def planned(resources: Json, workloads: Json) -> Plan:
    """The plan where a connection-budget.yml says something of workloads."""
    made = assembly(resources)
    entries, _ = overlaid(discover(made).entries, {"workloads": workloads})
    return plan(undeclared(reread(Document.read(entries), "", made)))


def peak(found: Plan, name: str) -> object:
    connections = found.tally.allotments[name].connections
    return None if connections is None else connections.peak


@pytest.mark.parametrize(("state", "beside"), [("ENABLED", {"ApiTask": 45}), ("DISABLED", {})])
def test_a_rule_that_runs_a_services_own_task_definition_counts_beside_it(state: str, beside: dict[str, int]) -> None:
    """The service: 2 tasks × 200 % × (5 + 10) = 60; the rule, unless it is off: 3 tasks × (5 + 10) = 45."""
    target = {"Arn": "cluster", "EcsParameters": {"TaskDefinitionArn": {"Ref": "ApiTask"}, "TaskCount": 3}}
    rule = resource("AWS::Events::Rule", ScheduleExpression="rate(1 hour)", State=state, Targets=[target])
    made = {**SHOP, "Nightly": rule}
    assert peaks(made) == {"Api": 60, **beside}
    assert errors(made) == {}


def test_a_rule_whose_security_groups_let_it_in_is_counted_as_the_service_is() -> None:
    """The service: 2 tasks × 200 % × (5 + 10) = 60; the rule: 1 task × (5 + 10) = 15."""
    ecs = {"TaskDefinitionArn": {"Ref": "ApiTask"}, "NetworkConfiguration": network("ApiGroup")}
    rule = resource("AWS::Events::Rule", ScheduleExpression="rate(1 hour)", Targets=[{"EcsParameters": ecs}])
    made = {**SHOP, "ApiTask": tasks(container()), "Nightly": rule}
    assert peaks(made) == {"Api": 60, "ApiTask": 15}
    assert errors(made) == {}


def test_a_service_under_an_external_controller_runs_what_its_task_sets_run() -> None:
    """2 tasks × 2 sets × 3 processes × (5 + 10) = 180."""
    web = container(command=["gunicorn", "-w", "3", "app"], DB_HOST=ADDRESS)
    api = resource("AWS::ECS::Service", DesiredCount=2, DeploymentController={"Type": "EXTERNAL"})
    task_set = resource("AWS::ECS::TaskSet", Service={"Ref": "Api"}, TaskDefinition={"Ref": "ApiTask"})
    made = {**DATABASE, "Api": api, "Set": task_set, "ApiTask": tasks(web)}
    found = document_of(made).workloads
    assert list(found) == ["Api"]
    assert isinstance(found["Api"], Service)
    assert found["Api"].processes == 3
    assert errors(made)["Api"].startswith("unknown-tasks")


def test_a_task_set_with_a_definition_of_its_own_runs_beside_the_one_of_its_service() -> None:
    """Each may be what all tasks run: 2 tasks × 2 sets × (5 + 10) = 60, and 2 × 2 × 3 processes × (5 + 10) = 180."""
    big = {**container(command=["gunicorn", "-w", "3", "app"], DB_HOST=ADDRESS), "Name": "big"}
    external = {"DeploymentController": {"Type": "EXTERNAL"}}
    made = {
        **SHOP,
        "Api": {**SHOP["Api"], "Properties": {**SHOP["Api"]["Properties"], **external}},
        "BigTask": tasks(big),
        "Set": resource("AWS::ECS::TaskSet", Service={"Ref": "Api"}, TaskDefinition={"Ref": "BigTask"}),
    }
    names = ["Api (big)", "Api (web)"]
    assert sorted(document_of(made).workloads) == names
    found = planned(made, {name: {"task_sets": 2} for name in names})
    assert [peak(found, name) for name in names] == [180, 60]


FUNCTION = {"Handler": "main.handler", "Runtime": "python3.13", "Code": {"ZipFile": ""}}


@pytest.mark.parametrize("service", [SHOP["Api"], None], ids=["a service's", "its own"])
@pytest.mark.parametrize(
    "told",
    [
        {"TASK": {"Ref": "ApiTask"}},
        {"TASK_DEFINITION": "api-family"},
        {
            "TASK_DEFINITION_ARN": {
                "Fn::Sub": "arn:aws:ecs:${AWS::Region}:${AWS::AccountId}:task-definition/api-family:3"
            }
        },
        {"TASK": {"Ref": "ApiTask"}, "DB_HOST": ADDRESS},
    ],
    ids=["reference", "family", "arn", "function that connects"],
)
def test_a_function_that_is_told_a_task_definition_may_run_it_in_any_number(told: Json, service: Json | None) -> None:
    """What a function starts is unknown until an `overlap` says how many at once: 4 × (5 + 10) = 60."""
    made = {**SHOP, "Api": service} if service else {key: item for key, item in SHOP.items() if key != "Api"}
    made["ApiTask"] = tasks(container(DB_HOST=ADDRESS))
    made["ApiTask"]["Properties"]["Family"] = "api-family"
    function = {**FUNCTION, "Environment": {"Variables": told}, "ReservedConcurrentExecutions": 1}
    made["Fn"] = resource("AWS::Lambda::Function", **function)
    assert "Fn (AWS::Lambda::Function) is told of it, and may start runs on no schedule" in errors(made)["ApiTask"]
    found = planned(made, {"ApiTask": {"overlap": 4}})
    assert [item.id for item in found.findings if item.severity.value == "error"] == []
    assert peak(found, "ApiTask") == 60


def test_a_function_that_is_told_no_task_definition_starts_none() -> None:
    variables = {"CLUSTER": "shop", "TASK_DEFINITION": "another-family", "SERVICE": {"Ref": "Api"}}
    function = resource("AWS::Lambda::Function", **FUNCTION, Environment={"Variables": variables})
    made = {**SHOP, "ApiTask": tasks(container(DB_HOST=ADDRESS)), "Fn": function}
    assert errors(made) == {}
    assert list(document_of(made).workloads) == ["Api"]
