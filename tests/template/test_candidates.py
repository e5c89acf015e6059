"""What may be a workload beside what a service runs."""

from typing import Any

import pytest

from constructs_lib.budget.plan import plan
from constructs_lib.budget.workloads import Service
from tests.template.app_templates import resource
from tests.template.reachable_shop import ADDRESS, DATABASE, SHOP, container, document_of, network, service, tasks
from tests.template.test_discover import errors, peaks

Json = dict[str, Any]


@pytest.mark.parametrize("state", ["ENABLED", "DISABLED"])
def test_a_rule_that_runs_a_services_own_task_definition_counts_beside_it(state: str) -> None:
    """The service: 2 tasks × 200 % × (5 + 10) = 60; the rule: 3 tasks × (5 + 10) = 45."""
    target = {"Arn": "cluster", "EcsParameters": {"TaskDefinitionArn": {"Ref": "ApiTask"}, "TaskCount": 3}}
    rule = resource("AWS::Events::Rule", ScheduleExpression="rate(1 hour)", State=state, Targets=[target])
    made = {**SHOP, "Nightly": rule}
    assert peaks(made) == {"Api": 60, "ApiTask": 45}
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


def test_timeouts_and_iam_are_read_from_the_variables() -> None:
    said: Json = {"DB_POOL_TIMEOUT": "90", "DB_POOL_RECYCLE": "3600", "DB_IAM_AUTH": "true", "DB_HOST": ADDRESS}
    document = document_of({**SHOP, "ApiTask": tasks(container(**said))})
    api = document.workloads["Api"]
    assert isinstance(api, Service)
    assert (api.pool_timeout, api.pool_recycle, api.iam_auth) == (90, 3600, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("DB_POOL_TIMEOUT", "forever"), ("DB_POOL_TIMEOUT", "0"), ("REDIS_POOL_TIMEOUT", "90"), ("DB_IAM_AUTH", "false")],
)
def test_what_is_no_setting_of_the_databases_pool_is_left_aside(name: str, value: str) -> None:
    said: Json = {"DB_HOST": ADDRESS, name: value}
    api = document_of({**SHOP, "ApiTask": tasks(container(**said))}).workloads["Api"]
    assert isinstance(api, Service)
    assert (api.pool_timeout, api.pool_recycle, api.iam_auth) == (30, None, False)


def test_a_wait_that_outlasts_whoever_asked_is_a_finding() -> None:
    """Requests of a load balancer wait 60 s; a session waits 90 s for a connection."""
    front = {
        "Balancer": resource("AWS::ElasticLoadBalancingV2::LoadBalancer", Type="application"),
        "Listener": resource(
            "AWS::ElasticLoadBalancingV2::Listener",
            LoadBalancerArn={"Ref": "Balancer"},
            DefaultActions=[{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}],
        ),
        "Group": resource("AWS::ElasticLoadBalancingV2::TargetGroup"),
    }
    api = service("ApiTask", "ApiGroup", LoadBalancers=[{"TargetGroupArn": {"Ref": "Group"}, "ContainerName": "web"}])
    made = {**SHOP, **front, "Api": api, "ApiTask": tasks(container(DB_HOST=ADDRESS, DB_POOL_TIMEOUT="90"))}
    assert "incoherent-timeouts" in [item.id for item in plan(document_of(made)).findings]
