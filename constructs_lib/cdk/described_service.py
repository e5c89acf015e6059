"""ECS services of the CDK in the budget's terms."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs

from constructs_lib.budget.workloads.facts import TaskFacts
from constructs_lib.cdk.misuse import MisuseError
from constructs_lib.cdk.tokens import capitals, properties
from constructs_lib.limits import Unknown
from constructs_lib.template.fleets import EC2_FLEET, REQUEST, SPOT_FLEET
from constructs_lib.template.hosts import CLUSTER, HOST, LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE
from constructs_lib.template.instances import CAPACITY_PROVIDER, GROUP, GROUP_SCHEDULE, Instances
from constructs_lib.template.links import Links
from constructs_lib.template.services import task_facts
from constructs_lib.template.template import Template

INSTANCES = {
    CAPACITY_PROVIDER: ("Name", "AutoScalingGroupProvider.AutoScalingGroupArn"),
    GROUP: ("MaxSize", "LaunchTemplate", "MixedInstancesPolicy", "LaunchConfigurationName"),
    HOST: ("UserData", "LaunchTemplate"),
    EC2_FLEET: ("TargetCapacitySpecification.TotalTargetCapacity", "LaunchTemplateConfigs", "SpotOptions"),
    SPOT_FLEET: tuple(
        f"{REQUEST}.{name}"
        for name in ("TargetCapacity", "LaunchTemplateConfigs", "LaunchSpecifications", "SpotMaintenanceStrategies")
    ),
    LAUNCH_TEMPLATE: ("LaunchTemplateName", "LaunchTemplateData.UserData"),
    LAUNCH_CONFIGURATION: ("LaunchConfigurationName", "UserData"),
    GROUP_SCHEDULE: ("AutoScalingGroupName", "MaxSize", "MinSize", "DesiredCapacity"),
}
SERVICE = (
    "DesiredCount",
    "SchedulingStrategy",
    "DeploymentController.Type",
    "DeploymentConfiguration.MaximumPercent",
    "DeploymentConfiguration.Strategy",
    "DeploymentConfiguration.BakeTimeInMinutes",
)


def read_tasks(service: ecs.BaseService) -> TaskFacts:
    """Desired count, scaling maximum, maximumPercent and deployment, as they are now: call it when the synth ends."""
    own = properties(l1_service(service), *SERVICE)
    instances = read_instances(service) if own.get("SchedulingStrategy") == "DAEMON" else None
    return task_facts(own, _scaling(service), instances)


def read_instances(service: ecs.BaseService) -> int | Unknown | None:
    """The most container instances of the service's cluster: of its capacity providers, and of what else joins it now.

    The association of the providers is written only after this, by an aspect of the CDK's.
    """
    cluster = service.cluster
    if not isinstance(cluster, ecs.Cluster):
        return Unknown(f"its cluster {cluster.node.path} is defined elsewhere")
    stack = cdk.Stack.of(cluster)
    of_cluster = {"Type": CLUSTER, "Properties": {"CapacityProviders": stack.resolve(cluster.capacity_provider_names)}}
    own = cluster.node.default_child
    if not isinstance(own, ecs.CfnCluster):
        return Unknown(f"its cluster {cluster.node.path} has no CfnCluster")
    name = str(stack.resolve(own.logical_id))
    resources: dict[str, Any] = {name: of_cluster}
    for child in stack.node.find_all():
        wanted = INSTANCES.get(getattr(child, "cfn_resource_type", ""))
        if wanted and isinstance(child, cdk.CfnResource):
            kind, logical_id = child.cfn_resource_type, str(stack.resolve(child.logical_id))
            resources[logical_id] = {"Type": kind, "Properties": properties(child, *wanted)}
            if kind == GROUP and (policy := child.cfn_options.update_policy) is not None:
                resources[logical_id]["UpdatePolicy"] = capitals(stack.resolve(policy))
    template = Template({"Resources": resources})
    instances = Instances([template], Links([template]))
    return instances.of(template, {"SchedulingStrategy": "DAEMON", "Cluster": {"Ref": name}})


def l1_service(service: ecs.BaseService) -> ecs.CfnService:
    """The service's L1 construct."""
    child = service.node.default_child or service.node.try_find_child("Service")
    if not isinstance(child, ecs.CfnService):
        raise MisuseError(
            f"service must define a task definition of its own, got {service.node.path}, which has no CfnService"
        )
    return child


def containers_of(task_definition: ecs.TaskDefinition) -> list[ecs.ContainerDefinition]:
    """The containers of a task that can use a database: all but log routers."""
    return [
        child
        for child in task_definition.node.children
        if isinstance(child, ecs.ContainerDefinition) and not isinstance(child, ecs.FirelensLogRouter)
    ]


def check_service(service: object, owner: str) -> None:
    """Raise MisuseError for anything that is no service with a task definition in this app."""
    if not isinstance(service, ecs.BaseService):
        raise MisuseError(
            f"service must be an ecs.FargateService or ecs.Ec2Service defined in this app, got {type(service).__name__}"
            f" ({owner}); pass the service itself (of an ecs_patterns construct: its .service), and cover a service"
            " that is defined elsewhere with add_reservation"
        )


def _scaling(service: ecs.BaseService) -> list[dict[str, Any]]:
    """The properties of the scalable target that `auto_scale_task_count` made, if it was called."""
    count = service.node.try_find_child("TaskCount")
    target = count.node.try_find_child("Target") if count is not None else None
    child = target.node.default_child if target is not None else None
    return (
        [properties(child, "MinCapacity", "MaxCapacity", "ScheduledActions")]
        if isinstance(child, cdk.CfnResource)
        else []
    )
