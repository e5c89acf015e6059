"""How many tasks, and how they are deployed."""

from typing import Any

import pytest

from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown
from constructs_lib.template.app import App
from constructs_lib.template.services import task_facts
from constructs_lib.template.template import Template
from tests.template.app_templates import resource, scaling, service

Json = dict[str, Any]


def numbers(properties: Json, *targets: Json) -> tuple[object, ...]:
    facts = task_facts(properties, targets)
    return tuple(fact.value for fact in (facts.tasks, facts.max_tasks, facts.maximum_percent, facts.deployment))


def test_a_service_that_says_nothing_has_the_defaults_of_ecs() -> None:
    assert numbers({}) == (1, 1, 200, Deployment.ROLLING)
    facts = task_facts({}, [])
    assert (facts.tasks.source, facts.maximum_percent.source) == (Source.ASSUMED, Source.DOCUMENTED)
    assert task_facts({"DesiredCount": 1}, []).tasks.source is Source.READ


def test_what_a_service_says_is_read() -> None:
    said = {"DesiredCount": 4, "DeploymentConfiguration": {"MaximumPercent": 150, "Strategy": "ROLLING"}}
    assert numbers(said) == (4, 4, 150, Deployment.ROLLING)


@pytest.mark.parametrize(
    ("strategy", "deployment"),
    [("BLUE_GREEN", Deployment.BLUE_GREEN), ("LINEAR", Deployment.LINEAR), ("CANARY", Deployment.CANARY)],
)
def test_the_strategy_of_ecs_decides_how_it_deploys(strategy: str, deployment: Deployment) -> None:
    assert numbers({"DeploymentConfiguration": {"Strategy": strategy}})[3] is deployment


def test_code_deploy_runs_both_sets_and_an_external_controller_nobody_knows_how_many() -> None:
    assert numbers({"DeploymentController": {"Type": "CODE_DEPLOY"}})[3] is Deployment.CODE_DEPLOY
    assert numbers({"DeploymentController": {"Type": "EXTERNAL"}})[3] is Deployment.EXTERNAL
    assert isinstance(numbers({"DeploymentController": {"Type": "OTHER"}})[3], Unknown)


def test_the_largest_of_target_and_schedules_is_the_most_and_the_minimum_lifts_the_desired_count() -> None:
    target = {
        "MinCapacity": 2,
        "MaxCapacity": 8,
        "ScheduledActions": [
            {"ScalableTargetAction": {"MinCapacity": 10, "MaxCapacity": 20}},
            {"ScalableTargetAction": {"MaxCapacity": 12}},
        ],
    }
    assert numbers({"DesiredCount": 1}, target)[:2] == (2, 20)
    assert numbers({"DesiredCount": 4}, target)[:2] == (4, 20)
    assert numbers({"DesiredCount": 4}, {"MinCapacity": 1, "MaxCapacity": 6}, target)[:2] == (4, 20)


def test_a_desired_count_above_the_maximum_is_left_for_the_fleet_to_compare() -> None:
    assert numbers({"DesiredCount": 10}, {"MinCapacity": 1, "MaxCapacity": 4})[:2] == (10, 4)


@pytest.mark.parametrize(
    ("properties", "target", "index", "reason"),
    [
        ({"DesiredCount": {"Ref": "Tasks"}}, None, 0, "DesiredCount is Ref Tasks"),
        ({}, {"MaxCapacity": {"Ref": "Most"}}, 1, "MaxCapacity is Ref Most"),
        ({}, {}, 1, "MaxCapacity is not given"),
        (
            {},
            {"MaxCapacity": 4, "ScheduledActions": [{"ScalableTargetAction": {"MaxCapacity": {"Ref": "Most"}}}]},
            1,
            "MaxCapacity of a scheduled action is Ref Most",
        ),
        ({}, {"MaxCapacity": 4, "ScheduledActions": {"Fn::If": ["A", [], []]}}, 1, "ScheduledActions is Fn::If …"),
        ({}, {"MaxCapacity": 4, "ScheduledActions": 5}, 1, "ScheduledActions is 5"),
        ({"DeploymentConfiguration": {"MaximumPercent": {"Ref": "P"}}}, None, 2, "MaximumPercent is Ref P"),
        ({"DeploymentConfiguration": {"Fn::If": ["A", {}, {}]}}, None, 2, "DeploymentConfiguration is Fn::If …"),
        ({"DeploymentConfiguration": {"Fn::If": ["A", {}, {}]}}, None, 3, "DeploymentConfiguration is Fn::If …"),
        ({"DeploymentController": {"Fn::If": ["A", {}, {}]}}, None, 3, "DeploymentController is Fn::If …"),
        (
            {"DeploymentConfiguration": {"Strategy": {"Ref": "S"}}},
            None,
            3,
            "the deployment strategy is Ref S",
        ),
    ],
)
def test_a_computed_number_is_unknown_and_never_the_default(
    properties: Json, target: Json | None, index: int, reason: str
) -> None:
    found = numbers(properties, *([target] if target is not None else []))[index]
    assert isinstance(found, Unknown)
    assert found.reason == reason


def test_what_is_known_beside_a_computed_number_is_kept() -> None:
    """A schedule to 12 beside a maximum that nobody knows; a minimum of 3 below a desired count that nobody knows."""
    actions = [{"ScalableTargetAction": {"MaxCapacity": 12}}]
    target = {"MinCapacity": 3, "MaxCapacity": {"Ref": "Most"}, "ScheduledActions": actions}
    desired, most, *_ = numbers({"DesiredCount": {"Ref": "Tasks"}}, target)
    assert desired == Unknown("DesiredCount is Ref Tasks", 3)
    assert most == Unknown("MaxCapacity is Ref Most", 12)
    _, most, *_ = numbers({"DesiredCount": 1}, {"MinCapacity": 3, "MaxCapacity": {"Ref": "Most"}})
    assert most == Unknown("MaxCapacity is Ref Most", 3)


def test_a_daemon_has_as_many_tasks_as_there_are_instances() -> None:
    tasks, max_tasks, percent, _ = numbers({"SchedulingStrategy": "DAEMON", "DesiredCount": 4})
    assert isinstance(tasks, Unknown)
    assert isinstance(max_tasks, Unknown)
    assert percent == 100


def scaling_of(templates: list[Template], home: Template, service: str) -> list[Any]:
    return list(App({str(number): item for number, item in enumerate(templates)}).scaling.of(home, service))


def found(resource_id: object, **more: Json) -> int:
    target = scaling(ResourceId=resource_id)
    content = {"Resources": {"Api": service(ServiceName="api"), "Target": target, **more}}
    template = Template(content)
    return len(scaling_of([template], template, "Api"))


def test_a_scalable_target_belongs_to_the_service_that_it_names() -> None:
    joined = {"Fn::Join": ["", ["service/", {"Ref": "Cluster"}, "/", {"Fn::GetAtt": ["Api", "Name"]}]]}
    assert found(joined) == 1
    assert found({"Fn::Sub": "service/${Cluster}/${Api.Name}"}) == 1
    assert found("service/main/api") == 1
    assert found("service/main/other-api") == 0
    assert found({"Fn::Sub": "service/${Cluster}/${Other.Name}"}) == 0


def test_a_target_in_another_stack_is_found_through_the_output_that_it_imports() -> None:
    outputs = {"Name": {"Value": {"Fn::GetAtt": ["Api", "Name"]}, "Export": {"Name": "app:api-name"}}}
    home = Template({"Resources": {"Api": service()}, "Outputs": outputs})
    joined = {"Fn::Join": ["/", ["service", "main", {"Fn::ImportValue": "app:api-name"}]]}
    other = Template({"Resources": {"Target": scaling(ResourceId=joined)}})
    assert len(scaling_of([home, other], home, "Api")) == 1


def test_an_output_whose_export_is_computed_does_no_harm() -> None:
    outputs = {
        "Strange": {"Value": 5, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-name"}}},
        "Name": {"Value": {"Fn::GetAtt": ["Api", "Name"]}, "Export": {"Name": "api-name"}},
    }
    home = Template({"Resources": {"Api": service()}, "Outputs": outputs})
    other = Template({"Resources": {"Target": scaling(ResourceId={"Fn::ImportValue": "api-name"})}})
    assert len(scaling_of([home, other], home, "Api")) == 1


def test_a_parameter_that_many_nested_stacks_hand_on_is_followed_once_and_not_in_circles() -> None:
    """Each of the stacks in between could have been given its parameter by any of the others."""
    stack = "AWS::CloudFormation::Stack"
    parameter = {"Name": {"Type": "String"}}
    between = {"Inner": resource(stack, Parameters={"Name": {"Ref": "Name"}})}
    root = {f"Nested{number}": resource(stack, Parameters={"Name": {"Ref": "Cluster"}}) for number in range(4)}
    home = Template(
        {"Parameters": parameter, "Resources": {"Api": service(), "Target": scaling(ResourceId={"Ref": "Name"})}}
    )
    middle = [Template({"Parameters": parameter, "Resources": between}) for _ in root]
    assert scaling_of([Template({"Resources": root}), *middle, home], home, "Api") == []


def test_a_minimum_that_a_schedule_raises_is_a_number_of_tasks_that_there_may_be() -> None:
    target = {
        "MinCapacity": 2,
        "MaxCapacity": 8,
        "ScheduledActions": [{"ScalableTargetAction": {"MinCapacity": 30}}],
    }
    assert numbers({"DesiredCount": 1}, target)[:2] == (2, 30)
