"""What may be a workload beside what a service runs."""

from typing import Any

import pytest

from constructs_lib.budget.workloads import Service
from tests.template.app_templates import resource
from tests.template.reachable_shop import ADDRESS, DATABASE, SHOP, container, document_of, network, tasks
from tests.template.test_discover import errors, peaks

Json = dict[str, Any]


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
