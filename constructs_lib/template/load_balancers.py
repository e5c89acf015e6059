"""Application Load Balancers in front of services."""

from collections.abc import Iterator, Mapping
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


def request_timeout(home: Template, service: Mapping[str, Any]) -> int | None:
    """Seconds after which a load balancer in front of a service gives a request up: the shortest of several.

    None where none is found in the service's template. One that cannot be read is passed over: this is advice.
    """
    groups = {
        group
        for item in _list(service.get("LoadBalancers"))
        if (group := reference(mapping(item).get("TargetGroupArn"))) is not None
    }
    timeouts = [timeout for balancer in _balancers(home, groups) if isinstance(timeout := _idle_timeout(balancer), int)]
    return min(timeouts, default=None)


def _balancers(template: Template, groups: set[str]) -> Iterator[Mapping[str, Any]]:
    """The load balancers whose listeners forward to one of the target groups."""
    listeners = {
        logical_id
        for logical_id, listener in template.of_type(LISTENER)
        if groups & set(references(listener.get("DefaultActions")))
    }
    for _, rule in template.of_type(LISTENER_RULE):
        listener = reference(rule.get("ListenerArn"))
        if listener is not None and groups & set(references(rule.get("Actions"))):
            listeners.add(listener)
    for logical_id in sorted(listeners):
        listener_properties = template.properties(logical_id, LISTENER) or {}
        balancer = template.properties(reference(listener_properties.get("LoadBalancerArn")) or "", LOAD_BALANCER)
        if balancer is not None and balancer.get("Type", "application") == "application":
            yield balancer


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
