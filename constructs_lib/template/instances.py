"""The container instances of an ECS cluster, as far as Auto Scaling groups bound them."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, number, reference
from constructs_lib.template.template import Template

CLUSTER = "AWS::ECS::Cluster"
ASSOCIATIONS = "AWS::ECS::ClusterCapacityProviderAssociations"
CAPACITY_PROVIDER = "AWS::ECS::CapacityProvider"
GROUP = "AWS::AutoScaling::AutoScalingGroup"
GROUP_SCHEDULE = "AWS::AutoScaling::ScheduledAction"


def instances_of(template: Template, service: Mapping[str, Any]) -> int | Unknown | None:
    """The most instances of the service's cluster: the sum over the Auto Scaling groups of its capacity providers.

    None where the service is no daemon, whose tasks alone the instances bound. Instances that something else registers
    are not seen.
    """
    if service.get("SchedulingStrategy") != "DAEMON":
        return None
    cluster = reference(service.get("Cluster"))
    properties = template.properties(cluster, CLUSTER) if cluster else None
    if cluster is None or properties is None:
        return Unknown(f"its cluster is {described(service.get('Cluster'))}, whose instances are not in this template")
    providers = _names(properties.get("CapacityProviders"))
    for _, association in template.of_type(ASSOCIATIONS):
        if reference(association.get("Cluster")) == cluster:
            providers += _names(association.get("CapacityProviders"))
    groups = {group for name in providers if (group := _group(template, name)) is not None}
    if not groups:
        return Unknown("no Auto Scaling group is among the capacity providers of its cluster")
    total = 0
    for group in sorted(groups):
        most = _most(template, group)
        if isinstance(most, Unknown):
            return most
        total += most
    return total


def _names(value: object) -> list[str]:
    found = [reference(item) or item for item in value] if isinstance(value, list) else []
    return [item for item in found if isinstance(item, str)]


def _group(template: Template, provider: str) -> str | None:
    """The Auto Scaling group behind a capacity provider, by its logical id or its name."""
    for logical_id, properties in template.of_type(CAPACITY_PROVIDER):
        if provider in (logical_id, properties.get("Name")):
            settings = properties.get("AutoScalingGroupProvider")
            named = settings.get("AutoScalingGroupArn") if isinstance(settings, Mapping) else None
            group = reference(named)
            return group or ""
    return None


def _most(template: Template, group: str) -> int | Unknown:
    """The group's MaxSize, or the larger one of a schedule."""
    properties = template.properties(group, GROUP)
    if properties is None:
        return Unknown("the Auto Scaling group of its capacity provider is not in this template")
    sizes = [number(properties.get("MaxSize"), f"MaxSize of {group}"), *_scheduled(template, group)]
    unknown = next((size for size in sizes if isinstance(size, Unknown)), None)
    return unknown or max(size for size in sizes if isinstance(size, int))


def _scheduled(template: Template, group: str) -> Iterator[int | Unknown]:
    for _, action in template.of_type(GROUP_SCHEDULE):
        if reference(action.get("AutoScalingGroupName")) == group:
            for key in ("MaxSize", "MinSize", "DesiredCapacity"):
                if action.get(key) is not None:
                    yield number(action[key], f"{key} of a scheduled action")
