"""Timeouts and IAM authentication, as the variables of a template that knows nothing of budgets give them."""

from typing import Any

import pytest

from constructs_lib.budget.plan import plan
from constructs_lib.budget.workloads import Service
from tests.template.app_templates import resource
from tests.template.reachable_shop import ADDRESS, SHOP, container, document_of, service, tasks

Json = dict[str, Any]


def test_timeouts_and_iam_are_read_from_the_variables() -> None:
    said: Json = {"DB_POOL_TIMEOUT": "90", "DB_POOL_RECYCLE": "3600", "DB_IAM_AUTH": "true", "DB_HOST": ADDRESS}
    document = document_of({**SHOP, "ApiTask": tasks(container(**said))})
    api = document.workloads["Api"]
    assert isinstance(api, Service)
    assert (api.pool_timeout, api.pool_recycle, api.iam_auth) == (90, 3600, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("DB_POOL_TIMEOUT", "forever"), ("DB_POOL_TIMEOUT", "0"), ("REDIS_POOL_TIMEOUT", "90"), ("DB_IAM_AUTH", "false")],
)
def test_what_is_no_setting_of_the_databases_pool_is_left_aside(name: str, value: str) -> None:
    said: Json = {"DB_HOST": ADDRESS, name: value}
    api = document_of({**SHOP, "ApiTask": tasks(container(**said))}).workloads["Api"]
    assert isinstance(api, Service)
    assert (api.pool_timeout, api.pool_recycle, api.iam_auth) == (30, None, False)


def test_a_wait_that_outlasts_whoever_asked_is_a_finding() -> None:
    """Requests of a load balancer wait 60 s; a session waits 90 s for a connection."""
    front = {
        "Balancer": resource("AWS::ElasticLoadBalancingV2::LoadBalancer", Type="application"),
        "Listener": resource(
            "AWS::ElasticLoadBalancingV2::Listener",
            LoadBalancerArn={"Ref": "Balancer"},
            DefaultActions=[{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}],
        ),
        "Group": resource("AWS::ElasticLoadBalancingV2::TargetGroup"),
    }
    api = service("ApiTask", "ApiGroup", LoadBalancers=[{"TargetGroupArn": {"Ref": "Group"}, "ContainerName": "web"}])
    made = {**SHOP, **front, "Api": api, "ApiTask": tasks(container(DB_HOST=ADDRESS, DB_POOL_TIMEOUT="90"))}
    assert "incoherent-timeouts" in [item.id for item in plan(document_of(made)).findings]
