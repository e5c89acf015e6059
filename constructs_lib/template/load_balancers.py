"""Application Load Balancers in front of services."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import mapping, number, reference, references
from constructs_lib.template.template import Template

LOAD_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
LISTENER_RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
IDLE_TIMEOUT_S = 60
LONGEST_S = 4000
"""The default (Elastic Load Balancing, "Application Load Balancers", load balancer attributes)."""


class LoadBalancers:
    """The load balancers of one template, by the target groups that their listeners forward to."""

    def __init__(self, template: Template) -> None:
        self._timeouts: dict[str, list[int]] = {}
        """The idle timeouts of the load balancers in front of each target group, of those that can be read."""
        forwards = {
            logical_id: {*references(listener.get("DefaultActions"))}
            for logical_id, listener in template.of_type(LISTENER)
        }
        for _, rule in template.of_type(LISTENER_RULE):
            listener = reference(rule.get("ListenerArn"))
            if listener in forwards:
                forwards[listener].update(references(rule.get("Actions")))
        for logical_id, groups in forwards.items():
            properties = template.properties(logical_id, LISTENER) or {}
            balancer = template.properties(reference(properties.get("LoadBalancerArn")) or "", LOAD_BALANCER)
            if balancer is None or balancer.get("Type", "application") != "application":
                continue
            timeout = _idle_timeout(balancer)
            for group in groups if isinstance(timeout, int) else ():
                self._timeouts.setdefault(group, []).append(int(timeout))  # type: ignore[arg-type] # it is one

    def request_timeout(self, service: Mapping[str, Any]) -> int | None:
        """Seconds after which a load balancer in front of a service gives a request up: the shortest of several.

        None where none is found in the service's template. One that cannot be read is passed over: this is advice.
        """
        groups = {reference(mapping(item).get("TargetGroupArn")) for item in _list(service.get("LoadBalancers"))}
        return min((timeout for group in groups for timeout in self._timeouts.get(group or "", ())), default=None)


def _idle_timeout(balancer: Mapping[str, Any]) -> int | Unknown:
    for item in _list(balancer.get("LoadBalancerAttributes")):
        attribute = mapping(item)
        if attribute.get("Key") == "idle_timeout.timeout_seconds":
            seconds = number(attribute.get("Value"), "idle_timeout.timeout_seconds")
            sensible = isinstance(seconds, int) and 1 <= seconds <= LONGEST_S
            return seconds if sensible else Unknown(f"the idle timeout is {attribute.get('Value')}")
    return IDLE_TIMEOUT_S


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
