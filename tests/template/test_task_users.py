"""Whatever is told of a task definition may run it, but for what only passes it on or puts it into a service."""

from typing import Any

import pytest

from constructs_lib.template.app import App
from constructs_lib.template.links import Target
from constructs_lib.template.template import Template
from tests.template.app_templates import resource, service, tasks

Json = dict[str, Any]
TASKS = {"Ref": "Tasks"}


def users(**resources: Json) -> tuple[list[str], str | None]:
    """What runs the task definition, and what of that starts any number of its tasks."""
    template = Template({"Resources": {"Tasks": tasks({"Name": "web"}), **resources}})
    app = App({"app.json": template})
    definition = Target(template, "Tasks", "")
    unbounded = app.task_users.unbounded(definition)
    found = [user.resource.logical_id for user in app.task_users.of(definition)]
    return found, None if unbounded is None else unbounded.logical_id


@pytest.mark.parametrize(
    "told",
    [
        resource("Custom::RunTask", ServiceToken="arn", TaskDefinition=TASKS, Count=10),
        resource("AWS::CodeBuild::Project", Source={"BuildSpec": {"Fn::Sub": "aws ecs run-task ${Tasks}"}}),
        resource("AWS::ApiGateway::Method", Integration={"Uri": "ecs:action/RunTask", "Body": TASKS}),
        resource("AWS::SSM::Document", Content={"Action": "aws:executeAwsApi", "TaskDefinition": TASKS}),
        resource("AWS::OfNextYear::Runner", Runs=[{"What": TASKS}]),
    ],
)
def test_what_is_told_of_one_for_no_other_reason_may_start_any_number(told: Json) -> None:
    assert users(Told=told) == (["Told"], "Told")


@pytest.mark.parametrize(
    "told",
    [
        resource("AWS::IAM::Policy", PolicyDocument={"Statement": [{"Action": "ecs:RunTask", "Resource": TASKS}]}),
        resource("AWS::SSM::Parameter", Value=TASKS),
        resource("AWS::CloudWatch::Dashboard", DashboardBody={"Fn::Sub": "${Tasks}"}),
        resource("AWS::CodeDeploy::DeploymentGroup", Revision={"Content": {"Fn::Sub": "TaskDefinition: ${Tasks}"}}),
    ],
)
def test_what_passes_it_on_or_deploys_it_runs_none(told: Json) -> None:
    assert users(Told=told) == ([], None)


def test_a_service_says_how_many_it_runs() -> None:
    assert users(Api=service()) == (["Api"], None)


def test_a_family_that_is_written_out_is_known_in_every_type() -> None:
    named = {**tasks({"Name": "web"}), "Properties": {"Family": "web", "ContainerDefinitions": []}}
    template = Template({"Resources": {"Tasks": named, "Run": resource("Custom::Run", TaskDefinition="web:3")}})
    unbounded = App({"app.json": template}).task_users.unbounded(Target(template, "Tasks", ""))
    assert unbounded is not None
    assert unbounded.logical_id == "Run"
