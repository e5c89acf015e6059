"""Which scalable target acts on which service, where names are computed."""

import json
from typing import Any

import pytest

from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.limits import Unknown
from constructs_lib.template.app import App
from constructs_lib.template.scalers import last_piece
from constructs_lib.template.template import Template
from tests.template.app_templates import document, instance, read_again, resource, scaling, service, tasks

Json = dict[str, Any]
BY_PARAMETER: Json = {"Fn::Join": ["/", ["service", {"Ref": "Cluster"}, {"Ref": "Name"}]]}


def app(*services: Json, **target: Any) -> tuple[Template, App]:
    """Services `Api0`, `Api1` … and one scalable target, in a template with a parameter."""
    resources = {f"Api{number}": item for number, item in enumerate(services)} | {"Target": scaling(**target)}
    template = Template({"Parameters": {"Name": {"Type": "String"}}, "Resources": resources})
    return template, App({"app.template.json": template})


@pytest.mark.parametrize(
    ("resource_id", "last"),
    [
        ("service/main/api", "api"),
        ({"Fn::Join": ["/", ["service", "main", {"Ref": "Name"}]]}, {"Ref": "Name"}),
        ({"Fn::Join": ["", ["service/", {"Ref": "Cluster"}, "/", {"Ref": "Name"}]]}, {"Ref": "Name"}),
        ({"Fn::Join": ["", ["service/", {"Ref": "Cluster"}, "/api"]]}, "api"),
        ({"Fn::Sub": "service/${Cluster}/${Name}"}, {"Fn::Sub": "${Name}"}),
        ({"Fn::Sub": "service/${Cluster}/api"}, "api"),
        ({"Ref": "Whole"}, {"Ref": "Whole"}),
        ("{{resolve:ssm:/shop/service}}", {"Fn::Sub": "{{resolve:ssm:/shop/service}}"}),
    ],
    ids=repr,
)
def test_the_last_piece_of_a_resource_id_is_the_service(resource_id: object, last: object) -> None:
    assert last_piece(resource_id) == last


def test_half_a_name_is_no_last_piece() -> None:
    half = {"Fn::Join": ["", ["service/main/", {"Ref": "Stage"}, "-api"]]}
    assert last_piece(half) == half


@pytest.mark.parametrize("resource_id", [BY_PARAMETER, {"Fn::Sub": "service/${Cluster}/${Name}"}], ids=repr)
def test_a_service_that_is_called_by_the_same_parameter_is_the_one_that_is_scaled(resource_id: Json) -> None:
    template, found = app(service(ServiceName={"Ref": "Name"}), service(ServiceName="other"), ResourceId=resource_id)
    assert [item["MaxCapacity"] for item in found.scaling.of(template, "Api0")] == [8]
    assert (found.scaling.of(template, "Api1"), found.scaling.doubt(template, "Api1")) == ((), None)


def test_a_target_of_no_service_makes_the_maximum_of_those_unknown_that_it_may_mean() -> None:
    """A service with a name of its own, written out, is not meant; nor is one that another target scales."""
    template, found = app(service(), service(ServiceName={"Ref": "Else"}), service(ServiceName="api"), ResourceId="x")
    assert found.scaling.doubt(template, "Api0") is None
    template, found = app(service(), service(ServiceName={"Ref": "Else"}), ResourceId=BY_PARAMETER)
    assert found.scaling.doubt(template, "Api0") == Unknown(
        "the scalable target Target may be that of Api0: it names its service by Ref Name: the parameter Name has no"
        " default"
    )
    assert isinstance(found.scaling.doubt(template, "Api1"), Unknown)
    by_name = {"ResourceId": "service/main/shop-Api0-AB12"}
    template, found = app(service(), service(), **by_name)
    assert isinstance(found.scaling.doubt(template, "Api0"), Unknown)
    assert found.scaling.doubt(template, "Api1") is None


@pytest.mark.parametrize(
    "target",
    [
        {"ResourceId": BY_PARAMETER, "ServiceNamespace": "dynamodb"},
        {"ResourceId": {"Fn::Sub": "table/${Name}"}},
        {"ResourceId": {"Fn::Join": ["/", ["service", "main", {"Fn::ImportValue": "another-apps-service"}]]}},
    ],
    ids=repr,
)
def test_a_target_of_something_else_makes_nothing_unknown(target: Json) -> None:
    template, found = app(service(), **target)
    assert found.scaling.doubt(template, "Api0") is None


def test_an_unknown_maximum_is_the_users_to_give() -> None:
    resources = {"Db": instance(), "Api": service(DesiredCount=4), "Tasks": tasks({"Name": "web"})}
    resources["Target"] = resource("AWS::ApplicationAutoScaling::ScalableTarget", ResourceId={"Ref": "Id"})
    read, said = (read_again(document(api=api), resources).workloads["api"] for api in ({}, {"max_tasks": 9}))
    assert isinstance(read, TaskWorkload)
    assert isinstance(said, TaskWorkload)
    assert isinstance(read.max_tasks, Unknown)
    assert said.max_tasks == 9


def maximum(*, said: Json | None = None, **more: Json) -> object:
    """The most tasks of a service of 2, beside another resource."""
    resources = {"Db": instance(), "Api": service(DesiredCount=2, ServiceName="api"), "Tasks": tasks({"Name": "web"})}
    resources["Other"] = service(DesiredCount=2, ServiceName="other")
    read = read_again(document(api=said or {}), {**resources, **more}).workloads["api"]
    assert isinstance(read, TaskWorkload)
    return read.max_tasks


def plan_of(*instructions: Any) -> Json:
    return resource("AWS::AutoScalingPlans::ScalingPlan", ApplicationSource={}, ScalingInstructions=list(instructions))


SCALED = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 1}
BY_NAME = {"Fn::Sub": "service/${Cluster}/${Api.Name}"}


def test_a_scaling_plan_scales_the_services_of_its_instructions() -> None:
    """The largest of the target's 8 and the plan's 50."""
    other = {**SCALED, "ResourceId": "service/shop/other", "MaxCapacity": 90}
    group = {"ServiceNamespace": "autoscaling", "ResourceId": "autoScalingGroup/g", "MaxCapacity": 70}
    plan = plan_of(other, group, {**SCALED, "ResourceId": BY_NAME, "MaxCapacity": 50})
    assert maximum(Plan=plan, Target=scaling()) == 50
    assert maximum(Plan=plan_of({**SCALED, "ResourceId": "service/shop/api", "MaxCapacity": 50})) == 50
    assert maximum(Plan=plan_of(other, group)) == 2


@pytest.mark.parametrize(
    "plan",
    [
        plan_of({**SCALED, "ResourceId": BY_NAME, "MaxCapacity": {"Ref": "Most"}}),
        plan_of({"Fn::If": ["A", {}, {}]}),
        resource("AWS::AutoScalingPlans::ScalingPlan", ScalingInstructions={"Ref": "Instructions"}),
    ],
)
def test_a_scaling_plan_that_cannot_be_read_makes_the_maximum_unknown(plan: Json) -> None:
    resources = {"Api": service(), "Plan": plan}
    template = Template({"Resources": resources})
    found = App({"app.template.json": template}).scaling
    facts = [item.get("MaxCapacity") for item in found.of(template, "Api")]
    assert facts == [{"Ref": "Most"}] or isinstance(found.doubt(template, "Api"), Unknown)


def update(told: object, **more: Any) -> Json:
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:ecs:updateService", "RoleArn": "role", "Input": told}
    return resource("AWS::Scheduler::Schedule", ScheduleExpression="rate(1 day)", Target=target, **more)


def machine(**parameters: Any) -> Json:
    """A state machine with one state that calls UpdateService."""
    state = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:ecs:updateService", "Parameters": parameters}
    return resource("AWS::StepFunctions::StateMachine", Definition={"StartAt": "A", "States": {"A": state}})


def definition(machine: Json) -> Json:
    """The same as a text."""
    said = json.dumps(machine["Properties"]["Definition"])
    return resource("AWS::StepFunctions::StateMachine", DefinitionString=said)


NAMED = '{"Service": "api", "Cluster": "shop", "DesiredCount": 50}'


@pytest.mark.parametrize(
    "caller",
    [
        update(NAMED),
        update({"Fn::Sub": '{"Service":"${Api}","Cluster":"${Cluster}","DesiredCount":50}'}),
        update({"Fn::Join": ["", ['{"DesiredCount":50,"Service":"', {"Fn::GetAtt": ["Api", "Name"]}, '"}']]}),
        update('{"Service": "arn:aws:ecs:eu-west-1:1:service/shop/api", "DesiredCount": "50"}'),
        machine(Service={"Ref": "Api"}, DesiredCount=50),
        machine(Service="api", DesiredCount=50),
        definition(machine(Service="api", DesiredCount=50)),
    ],
)
def test_a_call_of_update_service_sets_the_number_of_tasks(caller: Json) -> None:
    """50 of the call; the schedule of another service sets none of this one's."""
    assert maximum(Caller=caller) == 50
    assert maximum(Caller=caller, Target=scaling(MaxCapacity=90)) == 90
    assert maximum(Caller=caller, Target=scaling(MaxCapacity=8)) == 50


def register(told: object) -> Json:
    arn = "arn:aws:scheduler:::aws-sdk:applicationautoscaling:registerScalableTarget"
    target = {"Arn": arn, "RoleArn": "role", "Input": told}
    return resource("AWS::Scheduler::Schedule", ScheduleExpression="rate(1 day)", Target=target)


def test_a_schedule_may_raise_the_maximum_by_registering_the_target_anew() -> None:
    """20 of the call, beside 8 of the template; a call for another service says nothing of this one."""
    call = {"ServiceNamespace": "ecs", "ResourceId": "service/shop/api", "MaxCapacity": 20}
    assert maximum(Caller=register(json.dumps(call)), Target=scaling(MaxCapacity=8)) == 20
    assert maximum(Caller=register(json.dumps({**call, "ResourceId": "service/shop/other"}))) == 2
    unread = {"Fn::Sub": json.dumps({**call, "MaxCapacity": "${Most}"})}
    template = Template({"Resources": {"Api": service(ServiceName="api"), "Caller": register(unread)}})
    assert App({"app.template.json": template}).scaling.doubt(template, "Api") == Unknown(
        "Caller calls RegisterScalableTarget with a MaxCapacity that cannot be read"
    )


@pytest.mark.parametrize(
    ("named", "settings", "unknown"),
    [
        ({"ScalingTargetId": {"Ref": "Target"}}, {"MaxCapacityBreachBehavior": "IncreaseMaxCapacity"}, True),
        ({"ResourceId": "service/shop/api"}, {"MaxCapacityBreachBehavior": "IncreaseMaxCapacity"}, True),
        ({"ResourceId": "service/shop/other"}, {"MaxCapacityBreachBehavior": "IncreaseMaxCapacity"}, False),
        ({"ScalingTargetId": {"Ref": "Target"}}, {"MaxCapacityBreachBehavior": "HonorMaxCapacity"}, False),
        ({"ScalingTargetId": {"Ref": "Target"}}, {"Mode": "ForecastAndScale"}, False),
        (
            {"ScalingTargetId": {"Ref": "Target"}},
            {"MaxCapacityBreachBehavior": "IncreaseMaxCapacity", "Mode": "ForecastOnly"},
            False,
        ),
    ],
)
def test_a_forecast_that_may_raise_the_maximum_makes_it_unknown(
    named: Json,
    settings: Json,
    unknown: bool,  # noqa: FBT001 - a row
) -> None:
    policy = resource(
        "AWS::ApplicationAutoScaling::ScalingPolicy", **named, PredictiveScalingPolicyConfiguration=settings
    )
    target = scaling(ResourceId="service/shop/api")
    template = Template({"Resources": {"Api": service(ServiceName="api"), "Target": target, "Policy": policy}})
    found = App({"app.template.json": template}).scaling.doubt(template, "Api")
    reason = Unknown("the forecast of Policy may raise it (MaxCapacityBreachBehavior)")
    assert found == (reason if unknown else None)


def test_a_target_whose_service_is_resolved_later_may_be_any_of_them() -> None:
    template, found = app(service(), ResourceId="{{resolve:ssm:/shop/service}}")
    assert isinstance(found.scaling.doubt(template, "Api0"), Unknown)


@pytest.mark.parametrize(
    "caller",
    [
        update(NAMED.replace('"api"', '"other"')),
        update(NAMED, State="DISABLED"),
        update('{"Service": "api", "ForceNewDeployment": true}'),
        machine(Service="other", DesiredCount=50),
        machine(Service="api", ForceNewDeployment=True),
        machine(Service={"Ref": "Other"}, DesiredCount=50),
    ],
)
def test_a_call_that_sets_no_number_of_the_service_changes_nothing(caller: Json) -> None:
    assert maximum(Caller=caller) == 2


@pytest.mark.parametrize(
    ("caller", "name"),
    [
        (update('{"Service": "api", "DesiredCount": "<aws.scheduler.attempt-number>"}'), "api"),
        (update({"Fn::Sub": '{"Service":"${Api}","DesiredCount":${Count}}'}), "api"),
        (update({"Ref": "Input"}), None),
        (update({"Fn::Sub": '{"Service":"${Name}","DesiredCount":50}'}), {"Ref": "Name"}),
        (machine(Service="api", **{"DesiredCount.$": "$.count"}), "api"),
        (machine(Service="api", DesiredCount="{% $count %}"), "api"),
        (machine(**{"Service.$": "$.service", "DesiredCount": 5}), {"Ref": "Name"}),
    ],
)
def test_a_call_that_cannot_be_read_makes_the_number_unknown_until_somebody_says_it(caller: Json, name: object) -> None:
    template = Template({"Resources": {"Api": service(ServiceName=name), "Caller": caller}})
    assert isinstance(App({"app.template.json": template}).scaling.doubt(template, "Api"), Unknown)
    # what bounds Application Auto Scaling does not bound such a call
    template = Template({"Resources": {"Api": service(ServiceName=name), "Caller": caller, "Target": scaling()}})
    assert isinstance(App({"app.template.json": template}).scaling.doubt(template, "Api"), Unknown)
    resources = {"Db": instance(), "Api": service(DesiredCount=2, ServiceName=name), "Tasks": tasks({"Name": "web"})}
    said = read_again(document(api={"max_tasks": 9}), {**resources, "Caller": caller}).workloads["api"]
    assert isinstance(said, TaskWorkload)
    assert said.max_tasks == 9
