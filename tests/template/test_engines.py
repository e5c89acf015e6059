"""Several addresses of one server are several engines where their names or values tell them apart."""

from typing import Any

import pytest

from constructs_lib.budget.plan import plan
from constructs_lib.budget.workloads import SizedWorkload
from tests.template.reachable_shop import ADDRESS, SHOP, container, document_of, tasks

Json = dict[str, Any]


def url(database: str, scheme: str = "postgresql") -> Json:
    return {"Fn::Sub": f"{scheme}://${{Db.Endpoint.Address}}/{database}"}


def engines(**variables: Any) -> int:
    document = document_of({**SHOP, "ApiTask": tasks(container(**variables))})
    (api,) = document.workloads.values()
    assert isinstance(api, SizedWorkload)
    return api.engines_per_process


@pytest.mark.parametrize(
    "variables",
    [
        {"ORDERS_DATABASE_URL": url("orders"), "USERS_DATABASE_URL": url("users")},
        {"ORDERS_DB_HOST": ADDRESS, "USERS_DB_HOST": ADDRESS},
        {"ORDERS_DATABASE_URL": url("orders"), "USERS_DB_HOST": ADDRESS},
        {"DATABASE_URL": url("app"), "ASYNC_DATABASE_URL": url("app", "postgresql+asyncpg")},
        {"DB_HOST": ADDRESS, "REPLICA_DB_HOST": ADDRESS, "POOL_SIZE": "5"},
    ],
)
def test_two_labels_are_two_engines(variables: Json) -> None:
    assert engines(**variables) == 2


@pytest.mark.parametrize(
    "variables",
    [
        {"DATABASE_URL": url("app"), "DB_HOST": ADDRESS, "PGHOST": ADDRESS},
        {"DATABASE_URL": url("app"), "APP_DATABASE_URL": url("app")},
        {"DB_HOST": ADDRESS, "DB_WRITER_HOST": ADDRESS},
        {"DATABASE_URL": url("app"), "DIRECT_DATABASE_URL": url("app", "postgres")},
        {"DATABASE_URL": url("app"), "MIGRATION_DATABASE_URL": url("app?user=owner")},
        {"DATABASE_URL": url("app")},
        {"DATABASE_URL": url("app"), "APP_DB_HOST": ADDRESS},
        {"DATABASE_URL": url("app"), "SHADOW_DATABASE_URL": url("shadow")},
    ],
)
def test_other_names_of_one_address_are_one_engine(variables: Json) -> None:
    assert engines(**variables) == 1


def test_pools_that_are_read_one_by_one_are_not_counted_again() -> None:
    """(4 + 0) + (6 + 0) = 10 in each of 2 tasks × 200 % processes: 40."""
    sizes = {f"{name}_{key}": value for name, size in (("ORDERS", "4"), ("USERS", "6")) for key, value in _pool(size)}
    variables: Json = {"ORDERS_DB_HOST": ADDRESS, "USERS_DB_HOST": ADDRESS, **sizes}
    assert engines(**variables) == 1
    made = plan(document_of({**SHOP, "ApiTask": tasks(container(**variables))})).to_json()
    assert made["workloads"]["Api"]["peak"] == 40


def _pool(size: str) -> list[tuple[str, str]]:
    return [("DB_POOL_SIZE", size), ("DB_MAX_OVERFLOW", "0")]


def test_that_they_are_several_is_an_assumption_which_says_why() -> None:
    """2 tasks × 200 % × 2 engines × (5 + 10) = 120."""
    variables: Json = {"ORDERS_DB_HOST": ADDRESS, "USERS_DB_HOST": ADDRESS}
    made = plan(document_of({**SHOP, "ApiTask": tasks(container(**variables))}))
    found = made.to_json()["workloads"]["Api"]
    assert found["peak"] == 120
    assert found["evidence"].endswith("; an engine for each of ORDERS_DB_HOST, USERS_DB_HOST")
    assert any("engines_per_process 2" in finding.message for finding in made.findings if finding.id == "assumed")
