"""What stands in a security group, and can so connect to what lets the group in."""

from collections.abc import Iterable, Iterator
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.containers import entries
from constructs_lib.template.functions import FUNCTIONS, SERVERLESS_FUNCTION
from constructs_lib.template.hosts import HOST, LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE, joins_a_cluster
from constructs_lib.template.identifiers import PROXY
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.links import Links, Target
from constructs_lib.template.scalers import STATE_MACHINE
from constructs_lib.template.scheduled_tasks import RULE, SCHEDULE
from constructs_lib.template.template import Template

SERVICE = "AWS::ECS::Service"
TASK_SET = "AWS::ECS::TaskSet"
TASK_DEFINITION = "AWS::ECS::TaskDefinition"
RUNS = {RULE: "Targets", SCHEDULE: "Target"}
"""What starts tasks on a schedule or an event; the task definition is what is budgeted."""
_ROTATION = "AWS::SecretsManager::RotationSchedule"
_APPLICATION = "AWS::Serverless::Application"
HOSTS = {
    HOST: ("SecurityGroupIds", "SecurityGroups", "NetworkInterfaces"),
    LAUNCH_TEMPLATE: ("LaunchTemplateData",),
    LAUNCH_CONFIGURATION: ("SecurityGroups",),
}
"""Instances: as container instances, they are where the services of their cluster connect from."""
_OTHERS = {
    "AWS::AppRunner::VpcConnector": ("SecurityGroups",),
    "AWS::Batch::ComputeEnvironment": ("ComputeResources",),
    "AWS::CodeBuild::Project": ("VpcConfig",),
    "AWS::ECS::ExpressGatewayService": ("NetworkConfiguration",),
    TASK_SET: ("NetworkConfiguration",),
    "AWS::DMS::ReplicationInstance": ("VpcSecurityGroupIds",),
    "AWS::EKS::Cluster": ("ResourcesVpcConfig",),
    "AWS::ElasticBeanstalk::Environment": ("OptionSettings",),
    "AWS::Glue::Connection": ("ConnectionInput",),
    "AWS::MWAA::Environment": ("NetworkConfiguration",),
    "AWS::QuickSight::VPCConnection": ("SecurityGroupIds",),
    PROXY: ("VpcSecurityGroupIds",),
    "AWS::SageMaker::NotebookInstance": ("SecurityGroupIds",),
    _ROTATION: ("HostedRotationLambda",),
    _APPLICATION: ("Parameters",),
    STATE_MACHINE: ("Definition", "DefinitionString", "DefinitionSubstitutions"),
}
GROUPS = {
    SERVICE: ("NetworkConfiguration",),
    **dict.fromkeys(FUNCTIONS, ("VpcConfig",)),
    **{kind: (key,) for kind, key in RUNS.items()},
    **HOSTS,
    **_OTHERS,
}
"""The properties of each type of resource in which its security groups stand."""
ADDRESSED = tuple(kind for kind in GROUPS if kind not in {PROXY, _ROTATION, _APPLICATION, STATE_MACHINE})
"""The types of resources that have an address in a VPC and may connect from it."""
_ROTATING = "SecretsManager"
"""In the name of the applications that rotate a database's password, which the CDK deploys."""


def written_groups(template: Template, kind: str, properties: Any) -> list[object]:
    """The security groups of a resource, as they are written."""
    values = [properties.get(key) for key in GROUPS[kind]]
    if kind == SERVERLESS_FUNCTION and values == [None]:
        shared = mapping(mapping(template.content.get("Globals")).get("Function"))
        values = [shared.get("VpcConfig")]
    return values


def network_settings(template: Template, kind: str, properties: Any) -> object:
    """Where a resource has its addresses from, as it is written; None where it is not in a VPC."""
    values = [item for item in written_groups(template, kind, properties) if item]
    subnets = {key: properties[key] for key in ("SubnetId", "SubnetIds", "Subnets") if key in properties}
    if kind in RUNS and not any("networkconfiguration" in str(key).lower() for item in values for key in _keys(item)):
        return None
    return [*values, subnets] if values or subnets or kind in HOSTS else None


def _keys(value: object) -> Iterator[object]:
    """The keys of a target's settings and of its EcsParameters."""
    for item in value if isinstance(value, list) else [value]:
        yield from mapping(item)
        yield from mapping(mapping(item).get("EcsParameters"))


def connecting(
    links: Links, templates: Iterable[Template], template: Template, logical_id: str, kind: str
) -> list[Target]:
    """What connects in a member's place: the task that a schedule starts, the services of a container instance."""
    member = Target(template, logical_id, "")
    properties = template.properties(logical_id) or {}
    if kind in RUNS:
        started = [
            target
            for target in links.targets(template, properties.get(RUNS[kind]))
            if target.template.kind(target.logical_id) == TASK_DEFINITION
        ]
        return started or [member]
    if kind == TASK_SET:  # its tasks count as those of its service
        service = links.target(template, properties.get("Service"))
        return [member] if isinstance(service, Unknown) else [service._replace(attribute="")]
    if kind in HOSTS and joins_a_cluster(links, template, logical_id):
        return list(_on_hosts(templates))
    return [member]


def administrative(template: Template, logical_id: str, kind: str) -> str | None:
    """The words for a member that lives on the administrative reserve: a bastion, a rotation; None for others."""
    properties = template.properties(logical_id) or {}
    if kind in {_APPLICATION, _ROTATION}:
        rotates = kind != _APPLICATION or _ROTATING in str(properties.get("Location"))
        return f"the rotation {logical_id}" if rotates else None
    names = [logical_id, *(str(tag.get("Value")) for tag, _ in entries(properties.get("Tags")))]
    if kind == HOST and any(word in name.lower() for name in names for word in ("bastion", "jump")):
        return f"the bastion {logical_id}"
    return None


def _on_hosts(templates: Iterable[Template]) -> Iterator[Target]:
    """Services whose tasks have no network interface of their own, so they connect as their instance does."""
    for template in templates:
        for logical_id, service in template.of_type(SERVICE):
            if not mapping(service.get("NetworkConfiguration")):
                yield Target(template, logical_id, "")
