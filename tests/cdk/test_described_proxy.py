"""What is read of a proxy, and what that does to its clients."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_rds as rds

from tests.cdk.shop import Shop
from tests.cdk.synthesis import Synthesis

pytestmark = pytest.mark.synth

Synth = Callable[..., Synthesis]


def test_clients_of_a_proxy_share_its_percentage(shop: Shop, synth: Synth) -> None:
    """floor(683 × 80 %) = 546; 546 // 4 = 136; 95 + 40. Pools are renewed at half the proxy's 1800 s."""
    database = shop.instance()
    shop.budget(database=database, proxy=_proxy(shop, database, max_connections_percent=80)).add_service(
        "api", service=shop.fargate(), processes_per_task=1
    )

    synthesis = synth()

    assert synthesis.ids == []
    assert (synthesis.variables()["DB_POOL_SIZE"], synthesis.variables()["DB_MAX_OVERFLOW"]) == ("95", "40")
    assert synthesis.variables()["DB_POOL_RECYCLE"] == "900"


def test_pools_are_renewed_before_the_proxy_drops_them(shop: Shop, synth: Synth) -> None:
    database = shop.instance()
    proxy = _proxy(shop, database, max_connections_percent=80, idle_client_timeout=cdk.Duration.minutes(5))
    shop.budget(database=database, proxy=proxy).add_service("api", service=shop.fargate(), processes_per_task=1)

    assert synth().variables()["DB_POOL_RECYCLE"] == "150"


def test_what_goes_past_the_proxy_shares_the_rest(shop: Shop, synth: Synth) -> None:
    """670 − 546 for the proxy = 124; 124 // 2 = 62; 43 + 18."""
    database = shop.instance()
    budget = shop.budget(database=database, proxy=_proxy(shop, database, max_connections_percent=80))
    budget.add_service("api", service=shop.fargate(), processes_per_task=1)
    budget.add_service(
        "admin",
        service=shop.fargate("Admin", containers=["admin"], desired_count=2),
        processes_per_task=1,
        proxy=False,
    )

    synthesis = synth()

    assert synthesis.ids == []
    assert synthesis.variables("admin")["DB_POOL_SIZE"] == "43"
    assert synthesis.variables("admin")["DB_POOL_RECYCLE"] == "1800"


def test_a_proxy_that_may_open_everything_leaves_no_reserve(shop: Shop, synth: Synth) -> None:
    """The CDK leaves the percentage out, and RDS takes 100 %: 683 > 670."""
    database = shop.instance()
    shop.budget(database=database, proxy=_proxy(shop, database)).add_service(
        "api", service=shop.fargate(), processes_per_task=1
    )

    synthesis = synth()

    assert synthesis.failed
    assert synthesis.errors == ["proxy-oversubscribed"]
    assert [item.constructs for item in synthesis.findings] == [("Shop/Orders/Resource",)]


def test_two_proxies_share_the_server(shop: Shop, synth: Synth) -> None:
    """341 + 204: 341 // 4 = 85 → 59 + 25, 204 // 2 = 102 → 71 + 30."""
    database = shop.instance()
    budget = shop.budget(database=database, proxy=_proxy(shop, database, max_connections_percent=50))
    budget.add_service("api", service=shop.fargate(), processes_per_task=1)
    budget.add_service(
        "reports",
        service=shop.fargate("Reports", containers=["batch"], desired_count=2),
        processes_per_task=1,
        proxy=_proxy(shop, database, "Second", max_connections_percent=30),
    )

    synthesis = synth()

    assert synthesis.ids == []
    assert synthesis.variables("web")["DB_POOL_SIZE"] == "59"
    assert synthesis.variables("batch")["DB_POOL_SIZE"] == "71"


def test_multiplexing_is_a_warning_that_can_be_acknowledged(shop: Shop, synth: Synth) -> None:
    """546 connections for 4 pools of 2 clients each: 546 × 2 // 4 = 273; 191 + 81."""
    database, service = shop.instance(), shop.fargate()
    shop.budget(database=database, proxy=_proxy(shop, database, max_connections_percent=80)).add_service(
        "api", service=service, processes_per_task=1, multiplexing=2
    )
    cdk.Validations.of(service).acknowledge(
        cdk.Acknowledgment(id="ConnectionBudget::proxy-pinning", reason="no session state")
    )

    synthesis = synth()

    assert not synthesis.failed
    assert [item.id for item in synthesis.suppressed] == ["proxy-pinning"]
    assert synthesis.variables()["DB_POOL_SIZE"] == "191"


def test_a_percentage_that_is_a_parameter_is_unknown(shop: Shop, synth: Synth) -> None:
    percent = cdk.CfnParameter(shop, "Percent", type="Number")
    database = shop.instance()
    proxy = _proxy(shop, database, max_connections_percent=percent.value_as_number)
    shop.budget(database=database, proxy=proxy).add_service("api", service=shop.fargate(), processes_per_task=1)

    synthesis = synth()

    assert synthesis.errors == ["unknown-limit", "unknown-tasks"]
    assert synthesis.variables() == {}


def test_a_proxy_of_another_app_is_unknown_until_its_percentage_is_given(shop: Shop, synth: Synth) -> None:
    shop.budget(database=shop.instance(), proxy=_imported(shop)).add_service(
        "api", service=shop.fargate(), processes_per_task=1
    )

    synthesis = synth()

    assert synthesis.errors == ["unknown-limit", "unknown-tasks"]
    assert "proxy_max_connections_percent" in synthesis.findings[0].message


def test_a_proxy_of_another_app_counts_with_its_percentage(shop: Shop, synth: Synth) -> None:
    shop.budget(database=shop.instance(), proxy=_imported(shop), proxy_max_connections_percent=80).add_service(
        "api", service=shop.fargate(), processes_per_task=1
    )

    synthesis = synth()

    assert synthesis.errors == []
    assert synthesis.variables()["DB_POOL_SIZE"] == "95"


def test_a_proxy_of_another_stack_is_read(app: cdk.App, shop: Shop, synth: Synth) -> None:
    data = Shop(app, "Data")
    database = data.instance()
    shop.budget(database=database, proxy=_proxy(data, database, max_connections_percent=80)).add_service(
        "api", service=shop.fargate(), processes_per_task=1
    )

    synthesis = synth()

    assert synthesis.ids == []
    assert synthesis.variables()["DB_POOL_SIZE"] == "95"


def test_a_proxy_in_front_of_a_cluster_is_read(shop: Shop, synth: Synth) -> None:
    """A pool at Aurora Serverless v2 opens 15 at the most: 15 × 70 % = 10."""
    database = shop.aurora(writer=rds.ClusterInstance.serverless_v2("Writer"))
    proxy = rds.DatabaseProxy(
        shop,
        "Proxy",
        proxy_target=rds.ProxyTarget.from_cluster(database),
        secrets=[rds.DatabaseSecret(shop, "ProxySecret", username="shop")],
        vpc=shop.vpc,
        max_connections_percent=80,
    )
    shop.budget(database=database, proxy=proxy).add_service("api", service=shop.fargate(), processes_per_task=1)

    synthesis = synth()

    assert synthesis.errors == []
    assert synthesis.variables()["DB_POOL_SIZE"] == "10"


def _proxy(shop: Shop, database: rds.DatabaseInstance, construct_id: str = "Proxy", **props: Any) -> rds.DatabaseProxy:
    return rds.DatabaseProxy(
        shop,
        construct_id,
        proxy_target=rds.ProxyTarget.from_instance(database),
        secrets=[rds.DatabaseSecret(shop, f"{construct_id}Secret", username="shop")],
        vpc=shop.vpc,
        **props,
    )


def _imported(shop: Shop) -> rds.IDatabaseProxy:
    return rds.DatabaseProxy.from_database_proxy_attributes(
        shop,
        "Proxy",
        db_proxy_arn="arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-1",
        db_proxy_name="orders",
        endpoint="orders.proxy",
        security_groups=[],
    )
