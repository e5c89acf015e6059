"""The budget document as a whole."""

import json
from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.workloads import Celery, Reservation, Service

EXAMPLE: dict[str, Any] = {
    "schema": 1,
    "databases": {
        "orders": {
            "engine": "postgres",
            "engine_version": "16.4",
            "instance_class": "db.r6g.large",
            "max_connections": 683,
            "reserved": {"engine": 3, "admin": 10},
        }
    },
    "proxies": {"orders-proxy": {"database": "orders", "max_connections_percent": 80, "idle_client_timeout": 1800}},
    "workloads": {
        "api": {
            "database": "orders",
            "kind": "service",
            "tasks": 4,
            "max_tasks": 8,
            "maximum_percent": 200,
            "deployment": "rolling",
            "processes": 2,
            "split": "70/30",
            "weight": 1,
        },
        "workers": {
            "database": "orders",
            "kind": "celery",
            "tasks": 8,
            "concurrency": 4,
            "pool": "prefork",
            "maximum_percent": 100,
        },
        "report": {"database": "orders", "kind": "reserved", "connections": 20},
    },
}
"""The one of the design."""


def refusal(value: object) -> str:
    with pytest.raises(DocumentError) as caught:
        Document.read(value)
    return str(caught.value)


def test_the_example_of_the_design_is_read_and_written_unchanged() -> None:
    document = Document.read(EXAMPLE)
    kinds = {"api": Service, "workers": Celery, "report": Reservation}
    assert {name: type(item) for name, item in document.workloads.items()} == kinds
    assert json.dumps(document.to_json()) == json.dumps(EXAMPLE)


def test_a_workload_without_a_kind_is_a_service() -> None:
    document = Document.read({"schema": 1, "databases": {"orders": {}}, "workloads": {"api": {"database": "orders"}}})
    assert isinstance(document.workloads["api"], Service)


def test_proxies_and_workloads_may_be_left_out() -> None:
    document = Document.read({"schema": 1, "databases": {"orders": {}}})
    assert (document.proxies, document.workloads) == ({}, {})


def test_a_workload_behind_a_proxy_ends_at_the_proxys_database() -> None:
    document = Document.read({**EXAMPLE, "workloads": {"api": {"proxy": "orders-proxy"}}})
    assert document.database_of(document.workloads["api"]) == "orders"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 2}, "schema: must be 1, got 2"),
        ({"schema": True}, "schema: must be 1, got true"),
        ({"schema": 1.0}, "schema: must be 1, got 1.0"),
        ({"schema": "1"}, "schema: must be 1, got '1'"),
        ({"schema": None}, "schema: must be 1, got null"),
        ({"databases": {}}, "databases: must have at least one entry"),
        ({"databases": []}, "databases: must be an object, got a list"),
        ({"databases": {"orders": 5}}, "databases.orders: must be an object, got 5"),
        ({"databases": {"": {}}}, "databases: the name: must be 1 to 500 printable characters, got ''"),
        (
            {"workload": {}},
            (
                "document: unknown key 'workload', did you mean 'workloads'?;"
                " known keys: databases, deployed, proxies, schema, workloads"
            ),
        ),
        (
            {"workloads": {"api": {"database": "order"}}},
            "workloads.api.database: names 'order', which is not among the databases, did you mean 'orders'?",
        ),
        (
            {"workloads": {"api": {"proxy": "order-proxy"}}},
            "workloads.api.proxy: names 'order-proxy', which is not among the proxies, did you mean 'orders-proxy'?",
        ),
        (
            {"proxies": {"front": {"database": "shop"}}},
            "proxies.front.database: names 'shop', which is not among the databases",
        ),
        (
            {"workloads": {"api": {"database": "orders", "kind": "servce"}}},
            (
                "workloads.api.kind: must be one of service, celery, task, function, reserved,"
                " got 'servce', did you mean 'service'?"
            ),
        ),
        (
            {"workloads": {"api": {"database": "orders", "kind": 5}}},
            "workloads.api.kind: must be one of service, celery, task, function, reserved, got 5",
        ),
        (
            {"workloads": {"api": {"kind": "service"}}},
            'workloads.api: must name a "database" or a "proxy", one of the two',
        ),
        (
            {"workloads": {"api": {"database": "orders", "proxy": "orders-proxy"}}},
            'workloads.api: must name a "database" or a "proxy", one of the two',
        ),
    ],
)
def test_a_document_that_cannot_be_used_is_refused_with_the_place(change: dict[str, Any], message: str) -> None:
    assert refusal({**EXAMPLE, **change}) == message


@pytest.mark.parametrize("value", [None, [], "document", 1, True])
def test_a_document_is_an_object(value: object) -> None:
    assert refusal(value).startswith("document: must be an object, got ")


def test_a_document_without_a_schema_is_refused_even_if_empty() -> None:
    assert refusal({}) == "schema: must be 1, got null"


def test_a_document_holds_the_one_that_is_deployed_and_no_older_one() -> None:
    old = {"schema": 1, "databases": {"orders": {"max_connections": 683}}}
    read = Document.read({**old, "deployed": {**old, "deployed": old}})
    assert read.deployed is not None
    assert read.deployed.deployed is None
    assert Document.read(read.to_json()) == read


def test_a_fault_in_the_deployed_document_is_told_by_its_place() -> None:
    old = {"schema": 1, "databases": {"orders": {"max_connections": 0}}}
    with pytest.raises(DocumentError, match=r"deployed\.databases\.orders\.max_connections: must be"):
        Document.read({"schema": 1, "databases": {"orders": {}}, "deployed": old})


def test_an_unknown_key_is_answered_with_the_keys_that_a_person_writes() -> None:
    entries: list[dict[str, Any]] = [
        {"databases": {"orders": {"x": 1}}},
        {"databases": {"orders": {}}, "proxies": {"front": {"database": "orders", "x": 1}}},
        {"databases": {"orders": {}}, "workloads": {"api": {"database": "orders", "x": 1}}},
    ]
    for content in entries:
        with pytest.raises(DocumentError) as caught:
            Document.read({"schema": 1, **content})
        known = str(caught.value).rpartition("known keys: ")[2].split(", ")
        assert "x" not in known
        assert {"max_connections", "max_connections_percent", "tasks"} & set(known)
        internal = {"resource", "failover", "failover_class", "task_definition", "overruled", "construct_path"}
        assert not internal & set(known)
        assert not [key for key in known if key.startswith("parameter_")]
