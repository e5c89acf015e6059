"""How long a load balancer waits for an answer."""

from typing import Any

import pytest

from constructs_lib.template.load_balancers import LoadBalancers
from constructs_lib.template.template import Template
from tests.template.app_templates import document, instance, planned, resource, service, tasks

Json = dict[str, Any]

ELB = "AWS::ElasticLoadBalancingV2"
FORWARD = [{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}]
ATTACHED = [{"ContainerName": "web", "ContainerPort": 80, "TargetGroupArn": {"Ref": "Group"}}]


def balancer(seconds: object = None, kind: str | None = None) -> Json:
    attributes = [] if seconds is None else [{"Key": "idle_timeout.timeout_seconds", "Value": seconds}]
    return resource(f"{ELB}::LoadBalancer", LoadBalancerAttributes=attributes, **({"Type": kind} if kind else {}))


def listener(actions: object = None) -> Json:
    return resource(f"{ELB}::Listener", LoadBalancerArn={"Ref": "Front"}, DefaultActions=actions or FORWARD)


def found(resources: Json) -> int | None:
    return LoadBalancers(Template({"Resources": resources})).request_timeout({"LoadBalancers": ATTACHED})


def test_the_idle_timeout_is_an_attribute_and_60_s_by_default() -> None:
    assert found({"Front": balancer("120"), "Listener": listener()}) == 120
    assert found({"Front": balancer(), "Listener": listener()}) == 60


def test_a_listeners_rule_leads_to_its_load_balancer_too() -> None:
    rule = resource(f"{ELB}::ListenerRule", ListenerArn={"Ref": "Listener"}, Actions=FORWARD)
    elsewhere = listener([{"Type": "fixed-response"}])
    assert found({"Front": balancer("30"), "Listener": elsewhere, "Rule": rule}) == 30


@pytest.mark.parametrize(
    "resources",
    [
        {},
        {"Front": balancer("30")},
        {"Front": balancer("30"), "Listener": listener([{"TargetGroupArn": {"Ref": "Other"}}])},
        {"Front": balancer("30", "network"), "Listener": listener()},
        {"Front": balancer({"Ref": "Seconds"}), "Listener": listener()},
        {"Front": balancer("-5"), "Listener": listener()},
        {"Front": 5, "Listener": listener(5)},
    ],
)
def test_nobody_is_known_to_wait_where_none_is_found_or_readable(resources: Json) -> None:
    assert found(resources) is None


def test_a_pool_timeout_that_outlasts_the_load_balancer_is_found_in_the_template() -> None:
    resources = {
        "Db": instance(),
        "Api": service(LoadBalancers=ATTACHED),
        "Tasks": tasks({"Name": "web"}),
        "Front": balancer("20"),
        "Listener": listener(),
    }
    made = planned(document(), resources)
    assert [item.message for item in made.findings if item.id == "incoherent-timeouts"] == [
        "api can wait 30 s for the pool (pool_timeout), and whoever asked has gone after 20 s"
    ]
    said = planned(document(api={"request_timeout": 90}), resources)
    assert [item for item in said.findings if item.id == "incoherent-timeouts"] == []
