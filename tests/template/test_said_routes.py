"""What a person says of where a workload connects is read like what a template says of it."""

from typing import Any

import pytest

from constructs_lib.template.discover import discover
from constructs_lib.template.said_routes import SaidRoute, said_routes
from constructs_lib.template.servers import Endpoint
from tests.template.reachable_shop import SHOP, assembly, container, service, tasks

Json = dict[str, Any]
ELSEWHERE = {"Fn::ImportValue": "host"}
WEB = container("web", command=["gunicorn", "-w", "2", "a:a"], DB_HOST=ELSEWHERE, DB_POOL_SIZE="3")


def workloads(said: object, *containers: Json, **others: Json) -> Json:
    """What is discovered of a service without a database in its template, by name, without what every entry has."""
    app = assembly({"Api": service("ApiTask", DesiredCount=2), "ApiTask": tasks(*(containers or [WEB])), **others})
    found = discover(app, routes=said_routes(said)).entries["workloads"]
    left_out = {"resource", "task_definition", "sources", "evidence"}
    return {name: {key: item[key] for key in item if key not in left_out} for name, item in found.items()}


@pytest.mark.parametrize("entry", [{"Api": {}}, {"api of the shop": {"resource": {"logical_id": "Api"}}}])
def test_a_service_whose_database_is_defined_elsewhere_is_read_as_if_it_were_here(entry: Json) -> None:
    ((name, said),) = entry.items()
    agent = container("agent", DD_SITE="eu")
    assert workloads({"workloads": {name: {**said, "database": "orders"}}}, WEB, agent) == {
        "Api": {"kind": "service", "database": "orders", "containers": ["web"], "pool_size": 3, "max_overflow": 10}
    }


def test_where_no_container_looks_as_if_it_connected_all_of_them_count() -> None:
    found = workloads({"workloads": {"Api": {"database": "orders"}}}, container("one"), container("two"))
    assert found["Api"] == {"kind": "service", "database": "orders", "pool_size": 5, "max_overflow": 10}


def test_a_proxy_that_is_defined_elsewhere_leads_to_its_database() -> None:
    said = {"proxies": {"front": {"database": "orders"}}, "workloads": {"Api": {"proxy": "front"}}}
    assert workloads(said)["Api"]["proxy"] == "front"


def test_one_service_may_be_said_to_connect_to_two_databases() -> None:
    both = {"Api": {"database": "orders"}, "more": {"database": "stock", "resource": {"logical_id": "Api"}}}
    assert list(workloads({"workloads": both})) == ["Api (orders)", "Api (stock)"]


def test_what_the_template_leads_to_a_database_is_led_nowhere_else() -> None:
    app = assembly(SHOP)
    said = said_routes({"workloads": {"Api": {"database": "elsewhere"}}})
    found = discover(app, routes=said).entries["workloads"]
    assert [item["database"] for item in found.values()] == ["Db"]


def test_a_template_that_is_named_is_the_only_one_that_is_meant() -> None:
    def found(template: str) -> Json:
        resource = {"logical_id": "Api", "template": template}
        return workloads({"workloads": {"x": {"database": "orders", "resource": resource}}})

    assert list(found("app.json")) == ["Api"]
    assert found("other.json") == {}


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {"workloads": []},
        {"workloads": {"Api": None}},
        {"workloads": {"Api": {"database": 5}}},
        {"workloads": {"Api": {"proxy": ["front"]}}},
        {"workloads": {"Api": {"proxy": "front"}}},
        {"workloads": {7: {"database": "orders"}}},
        {"workloads": {"Api": {"database": "orders", "kind": "reserved", "connections": 3}}},
        {"workloads": {"Apl": {"database": "orders"}}},
    ],
)
def test_what_names_no_database_for_a_resource_leads_nowhere(said: object) -> None:
    assert workloads(said) == {}


def test_a_route_has_the_name_that_the_document_gives_its_resource() -> None:
    said = {"workloads": {"api": {"database": "orders", "resource": {"logical_id": "Api", "template": "a.json"}}}}
    assert list(said_routes(said)) == [SaidRoute(name="Api", template="a.json", endpoint=Endpoint("orders"))]
