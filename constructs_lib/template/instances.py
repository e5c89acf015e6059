"""The container instances of an ECS cluster, as far as Auto Scaling groups bound them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from constructs_lib.limits import Unknown, largest_of, sum_of
from constructs_lib.template.fleets import FLEETS, capacity
from constructs_lib.template.hosts import CLUSTER, HOST, Joined, joined
from constructs_lib.template.intrinsics import described, mapping, members, number
from constructs_lib.template.links import Key, Links, Target
from constructs_lib.template.scalers import SCALABLE_TARGET
from constructs_lib.template.template import Template

ASSOCIATIONS = "AWS::ECS::ClusterCapacityProviderAssociations"
CAPACITY_PROVIDER = "AWS::ECS::CapacityProvider"
GROUP = "AWS::AutoScaling::AutoScalingGroup"
GROUP_SCHEDULE = "AWS::AutoScaling::ScheduledAction"
WARM_POOL = "AWS::AutoScaling::WarmPool"
POLICY = "AWS::AutoScaling::ScalingPolicy"
_SIZES = ("MaxSize", "MinSize", "DesiredCapacity")


class Instances:
    """The instances of an app's clusters: those of capacity providers, and those whose start-up script joins one."""

    def __init__(self, templates: Collection[Template], links: Links) -> None:
        self._templates = templates
        self._links = links
        self._of: dict[Key, int | Unknown | None] = {}

    def of(self, template: Template, service: Mapping[str, Any]) -> int | Unknown | None:
        """The most instances of the service's cluster; None where the service is no daemon, which they alone bound.

        Instances that something else registers are not seen.
        """
        if service.get("SchedulingStrategy") != "DAEMON":
            return None
        if service.get("LaunchType") == "EXTERNAL":
            return Unknown("its tasks run on instances that are registered from elsewhere (LaunchType EXTERNAL)")
        written = service.get("Cluster")
        cluster = self._links.target(template, written)
        if isinstance(cluster, Unknown) or cluster.template.kind(cluster.logical_id) != CLUSTER:
            return Unknown(f"its cluster is {described(written)}, whose instances are not in this app")
        key = cluster.key
        if key not in self._of:
            self._of[key] = self._most(cluster)
        return self._of[key]

    def _most(self, cluster: Target) -> int | Unknown:
        groups: dict[Key, int | Unknown] = {}
        doubts: list[Unknown] = []
        for provider in self._providers(cluster):
            target = self._group(cluster.template, provider)
            if isinstance(target, Unknown):
                doubts.append(target)
            elif target is not None:
                groups[target.key] = self._size(target)
        name = cluster.properties.get("ClusterName")
        for target, found in self._joined:
            doubt = found.doubt
            if found.names and not isinstance(name, str) and name is not None:
                doubt = doubt or Unknown(f"ClusterName of {cluster.logical_id} is {described(name)}")
            if cluster.key in found.clusters or (isinstance(name, str) and name in found.names):
                groups[target.key] = self._size(target)
            elif doubt is not None and target.key not in groups:
                doubts.append(
                    Unknown(
                        f"whether the instances of {target.logical_id} are in its cluster cannot be told:"
                        f" {doubt.reason}"
                    )
                )
        if not groups and not doubts:
            return Unknown("no Auto Scaling group is among the capacity providers of its cluster, and none joins it")
        return sum_of([*doubts, *groups.values()])

    def _providers(self, cluster: Target) -> Iterator[object]:
        own = cluster.properties.get("CapacityProviders")
        for written in (own, *self._associated.get(cluster.key, ())):
            yield from written if isinstance(written, list) else [] if written is None else [written]

    @cached_property
    def _associated(self) -> Mapping[Key, list[object]]:
        """The capacity providers that are given to a cluster by a resource of their own."""
        found: dict[Key, list[object]] = {}
        for template in self._templates:
            for _, association in template.of_type(ASSOCIATIONS):
                for cluster in self._links.targets(template, association.get("Cluster")):
                    found.setdefault(cluster.key, []).append(association.get("CapacityProviders"))
        return found

    def _group(self, template: Template, provider: object) -> Target | Unknown | None:
        """The Auto Scaling group behind a capacity provider, by reference or by its name; None for one of Fargate."""
        if isinstance(provider, str) and provider.startswith("FARGATE"):
            return None
        target = self._links.target(template, provider)
        if isinstance(target, Unknown):
            target = self._links.called(CAPACITY_PROVIDER, "Name", provider) or target
        if isinstance(target, Unknown) or target.template.kind(target.logical_id) != CAPACITY_PROVIDER:
            return Unknown(f"its capacity provider {described(provider)} is not in this app")
        settings = mapping(target.properties.get("AutoScalingGroupProvider"))
        group = self._links.target(target.template, settings.get("AutoScalingGroupArn"))
        if isinstance(group, Unknown) or group.template.kind(group.logical_id) != GROUP:
            return Unknown("the Auto Scaling group of its capacity provider is not in this app")
        return group

    @cached_property
    def _joined(self) -> Sequence[tuple[Target, Joined]]:
        return [
            (Target(template, logical_id, ""), joined(self._links, template, logical_id, properties))
            for template in self._templates
            for kind in (GROUP, HOST, *FLEETS)
            for logical_id, properties in template.of_type(kind)
        ]

    def _size(self, group: Target) -> int | Unknown:
        """What a group or a fleet can grow to, twice where an update replaces it; 1 for an instance of its own."""
        template, logical_id, _ = group
        kind, properties = template.kind(logical_id), template.properties(logical_id) or {}
        if kind == HOST:
            return 1
        if kind in FLEETS:
            most, times = capacity(logical_id, kind, properties), 2  # whatever is launched otherwise makes a new one
        else:
            most, times = number(properties.get("MaxSize"), f"MaxSize of {logical_id}"), 1 + _replaced(group)
        sizes = [most, *self._grown.get(group.key, ())]
        return sum_of([largest_of(sizes)] * times)

    @cached_property
    def _grown(self) -> Mapping[Key, list[int | Unknown]]:
        """What else the sizes of groups and fleets may be: by schedules, warm pools, forecasts and scaling."""
        found: dict[Key, list[int | Unknown]] = {}
        for template in self._templates:
            for named, sizes in _growth(template):
                for group in self._links.targets(template, named):
                    found.setdefault(group.key, []).extend(sizes)
        return found


def _growth(template: Template) -> Iterator[tuple[object, Sequence[int | Unknown]]]:
    """What a template lets groups and fleets grow to, each with what it calls the group."""
    for _, action in template.of_type(GROUP_SCHEDULE):
        written = [(key, action[key]) for key in _SIZES if action.get(key) is not None]
        yield (
            action.get("AutoScalingGroupName"),
            [number(size, f"{key} of a scheduled action") for key, size in written],
        )
    for kind, grown in ((WARM_POOL, _prepared), (POLICY, _forecast)):
        for logical_id, properties in template.of_type(kind):
            yield properties.get("AutoScalingGroupName"), [*grown(logical_id, properties)]
    for logical_id, target in template.of_type(SCALABLE_TARGET):
        if target.get("ServiceNamespace") == "ec2":
            yield target.get("ResourceId"), [Unknown(f"the capacity of a fleet is scaled by {logical_id}")]


def _prepared(logical_id: str, pool: Mapping[str, Any]) -> Iterator[int | Unknown]:
    """The instances of a group whose warm pool runs, and so joins the cluster as well; none where it is stopped.

    Source: Amazon EC2 Auto Scaling User Guide, "Warm pools", and Amazon ECS Developer Guide, "Using warm pools".
    """
    most = pool.get("MaxGroupPreparedCapacity")
    if pool.get("PoolState", "Stopped") not in ("Stopped", "Hibernated") and most not in (None, -1, "-1"):
        yield number(most, f"MaxGroupPreparedCapacity of {logical_id}")


def _forecast(logical_id: str, policy: Mapping[str, Any]) -> Iterator[Unknown]:
    """Why a group may grow beyond its MaxSize: a forecast may raise it; nothing where it is heeded.

    Source: Amazon EC2 Auto Scaling API, PredictiveScalingConfiguration, MaxCapacityBreachBehavior.
    """
    predicted = mapping(policy.get("PredictiveScalingConfiguration"))
    heeded = predicted.get("MaxCapacityBreachBehavior", "HonorMaxCapacity") == "HonorMaxCapacity"
    if not heeded and predicted.get("Mode") != "ForecastOnly":
        yield Unknown(f"the forecast of {logical_id} may raise MaxSize (MaxCapacityBreachBehavior)")


def _replaced(group: Target) -> bool:
    """Whether an update makes a second group before it deletes the first, or may do so."""
    written = group.template.resource(group.logical_id).get("UpdatePolicy")
    policy = members(group.template.resolver.value(written), "UpdatePolicy")
    if isinstance(policy, Unknown):
        return True
    replacing = members(policy.get("AutoScalingReplacingUpdate"), "AutoScalingReplacingUpdate")
    return isinstance(replacing, Unknown) or replacing.get("WillReplace", False) not in (False, "false")
