"""How often a task definition is run."""

from typing import Any

import pytest

from constructs_lib.budget.plan import Plan
from tests.template.app_templates import document, planned, resource, tasks

Json = dict[str, Any]

WEB = {
    "Name": "web",
    "Environment": [{"Name": "DB_POOL_SIZE", "Value": "10"}, {"Name": "DB_MAX_OVERFLOW", "Value": "0"}],
}
RUN = {"EcsParameters": {"TaskDefinitionArn": {"Ref": "Tasks"}, "TaskCount": 3}}
EVENTS: Json = {"EventPattern": {"source": ["aws.s3"]}}
HOURLY: Json = {"ScheduleExpression": "rate(1 hour)"}


def made(said: Json | None = None, **resources: Json) -> Plan:
    """One task definition, and what runs it."""
    value = document()
    value["workloads"] = {
        "job": {"kind": "task", "database": "db", "resource": {"logical_id": "Tasks"}, "processes": 1, **(said or {})}
    }
    value["databases"]["db"] = {"engine": "postgres", "max_connections": 100}
    return planned(value, {"Tasks": tasks(WEB), **resources})


def most(plan: Plan) -> object:
    connections = plan.tally.allotments["job"].connections
    return None if connections is None else connections.deploying


def unknown(plan: Plan) -> list[str]:
    return [finding.message for finding in plan.findings if finding.id == "unknown-tasks"]


@pytest.mark.parametrize(
    "starter",
    [
        resource("AWS::Events::Rule", **EVENTS, Targets=[RUN]),
        resource("AWS::Events::Rule", **EVENTS, **HOURLY, Targets=[RUN]),
        resource("AWS::StepFunctions::StateMachine", DefinitionString={"Fn::Sub": '{"TaskDefinition": "${Tasks}"}'}),
        resource("AWS::Pipes::Pipe", TargetParameters={"EcsTaskParameters": {"TaskDefinitionArn": {"Ref": "Tasks"}}}),
    ],
    ids=["events", "events and a schedule", "state machine", "pipe"],
)
def test_what_starts_on_no_schedule_may_run_any_number_at_once_until_somebody_says_how_many(starter: Json) -> None:
    (message,) = unknown(made(Start=starter))
    assert f"Start ({starter['Type']}) starts runs on no schedule" in message
    assert unknown(made({"overlap": 2}, Start=starter)) == []


def test_a_schedule_says_how_many_tasks_a_run_has() -> None:
    """3 tasks of each of two runs × 10."""
    rule = resource("AWS::Events::Rule", **HOURLY, Targets=[RUN])
    assert most(made(Rule=rule, Schedule=resource("AWS::Scheduler::Schedule", **HOURLY, Target=RUN))) == 60


@pytest.mark.parametrize(
    "starter",
    [
        resource("AWS::Events::Rule", State="DISABLED", **EVENTS, Targets=[RUN]),
        resource("AWS::Events::Rule", State="DISABLED", **EVENTS, Targets={"Ref": "Unknown"}),
        resource("AWS::Scheduler::Schedule", State="DISABLED", **HOURLY, Target=RUN),
        resource("AWS::Pipes::Pipe", DesiredState="STOPPED", TargetParameters=RUN),
    ],
    ids=["rule", "unreadable", "schedule", "pipe"],
)
def test_what_is_switched_off_starts_nothing(starter: Json) -> None:
    """3 tasks of the other rule × 10."""
    rule = resource("AWS::Events::Rule", **HOURLY, Targets=[RUN])
    plan = made(Start=starter, Rule=rule)
    assert (most(plan), unknown(plan)) == (30, [])


def test_a_target_that_cannot_be_read_may_start_any_number_of_any_task() -> None:
    rules = {"Rule": resource("AWS::Events::Rule", **HOURLY, Targets=[RUN])}
    rules["Hidden"] = resource("AWS::Events::Rule", **HOURLY, Targets={"Ref": "Unknown"})
    plan = made(**rules)
    assert most(plan) is None
    assert "Targets is Ref Unknown" in unknown(plan)[0]
