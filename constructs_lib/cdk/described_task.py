"""Task definitions that no service runs, and the rules and schedules that do, in the budget's terms."""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs

from constructs_lib.budget.workloads.facts import Fact
from constructs_lib.cdk.misuse import MisuseError
from constructs_lib.cdk.tokens import properties
from constructs_lib.template.links import Links, Target
from constructs_lib.template.members import TASK_DEFINITION
from constructs_lib.template.runs import Runs
from constructs_lib.template.scheduled_tasks import RULE, SCHEDULE
from constructs_lib.template.task_users import TaskUsers
from constructs_lib.template.template import Template

RUNNING = {
    RULE: ("State", "ScheduleExpression", "EventPattern", "Targets"),
    SCHEDULE: (
        "State",
        "ScheduleExpression",
        "Target.EcsParameters.TaskCount",
        "Target.EcsParameters.TaskDefinitionArn",
    ),
}


def read_runs(task_definition: ecs.TaskDefinition) -> dict[str, Fact]:
    """What the rules and schedules in the task definition's stack say of its runs; nothing where there is none."""
    stack = cdk.Stack.of(task_definition)
    resources = {}
    for child in stack.node.find_all():
        kind = getattr(child, "cfn_resource_type", "")
        if kind in RUNNING and isinstance(child, cdk.CfnResource):
            resources[child.node.path] = {"Type": kind, "Properties": properties(child, *RUNNING[kind])}
    logical_id = str(stack.resolve(l1_task_definition(task_definition).logical_id))
    template = Template({"Resources": {**resources, logical_id: {"Type": TASK_DEFINITION}}})
    links = Links([template])
    return Runs([template], links, TaskUsers([template], links)).facts(Target(template, logical_id, ""))


def l1_task_definition(task_definition: ecs.TaskDefinition) -> ecs.CfnTaskDefinition:
    """The L1 construct of a task definition."""
    child = task_definition.node.default_child
    if not isinstance(child, ecs.CfnTaskDefinition):
        raise MisuseError(f"task_definition must be defined in this app, got {task_definition.node.path}")
    return child


def check_task_definition(task_definition: object, owner: str) -> None:
    """Raise MisuseError for anything that is no task definition of this app."""
    if not isinstance(task_definition, ecs.TaskDefinition):
        raise MisuseError(
            "task_definition must be an ecs.FargateTaskDefinition or ecs.Ec2TaskDefinition defined in this app, got"
            f" {type(task_definition).__name__} ({owner}); of an ecs_patterns construct pass its .task_definition, and"
            " cover a task that is defined elsewhere with add_reservation"
        )
