"""Which of a container's pools lead to which of its databases, told by how the variables are called."""

from typing import Any

import pytest

from constructs_lib.budget.workloads import Service
from constructs_lib.template.variable_labels import label_of
from tests.template.app_templates import instance
from tests.template.reachable_shop import ADDRESS, SHOP, container, document_of, tasks

REPORTS = {"Fn::GetAtt": ["Reports", "Endpoint.Address"]}
TWO: dict[str, Any] = {"DB_HOST": ADDRESS, "REPORTS_DB_HOST": REPORTS}
SMALL = {"REPORTS_DB_POOL_SIZE": "2", "REPORTS_DB_MAX_OVERFLOW": "0"}
LARGE = {"DB_POOL_SIZE": "20", "DB_MAX_OVERFLOW": "20"}


def sizes(**variables: Any) -> dict[str, tuple[object, object]]:
    """The pool of each workload, as pool_size and max_overflow, by its database."""
    made = {**SHOP, "Reports": instance(), "ApiTask": tasks(container(**variables))}
    found = document_of(made).workloads.values()
    return {str(item.database): (item.pool_size, item.max_overflow) for item in found if isinstance(item, Service)}


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("DB_HOST", ""),
        ("DATABASE_URL", ""),
        ("REPORTS_DB_HOST", "REPORTS"),
        ("REPORTS_DB_", "REPORTS"),
        ("DB_READER_HOST", "READER"),
        ("SPRING_DATASOURCE_HIKARI_", ""),
        ("DB2_URL", "DB2"),
        ("app.dsn", "APP"),
    ],
)
def test_a_label_is_what_tells_one_database_from_another(name: str, label: str) -> None:
    assert label_of(name) == label


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({**TWO, **SMALL}, {"Db": (5, 10), "Reports": (2, 0)}),
        ({**TWO, **SMALL, **LARGE}, {"Db": (20, 20), "Reports": (2, 0)}),
        ({**TWO, **LARGE}, {"Db": (20, 20), "Reports": (20, 20)}),
        ({**TWO, **SMALL, "POOL_SIZE": "9"}, {"Db": (9, 10), "Reports": (2, 0)}),
        ({**TWO, **SMALL, "SHOP_DB_POOL_SIZE": "9"}, {"Db": (9, 10), "Reports": (11, 10)}),
        ({**TWO}, {"Db": (5, 10), "Reports": (5, 10)}),
        ({"DB_HOST": ADDRESS, "REPORTS_DB_HOST": ADDRESS, **SMALL}, {"Db": (7, 10)}),
        ({"DB_HOST": ADDRESS, "REPORTS_DB_HOST": "reports.internal", **SMALL}, {"Db": (7, 10)}),
        ({"DB_HOST": ADDRESS, **SMALL}, {"Db": (2, 0)}),
        ({"DATABASE_URL": ADDRESS, "DB_POOL_SIZE": "3", "DB_MAX_OVERFLOW": "1"}, {"Db": (3, 1)}),
    ],
)
def test_a_pool_belongs_to_the_database_that_a_variable_of_the_same_label_leads_to(
    variables: dict[str, Any], expected: dict[str, Any]
) -> None:
    """A pool without a label serves what has none of its own; one that nothing else is labelled as counts everywhere.

    Of DB_HOST, nothing is said where only REPORTS has a size: SQLAlchemy's 5 + 10 are its own, or come on top: 2 + 5.
    """
    assert sizes(**variables) == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [("DB_HOST", "REPORTS_HOST"), ("ORDERS_HOST", "REPORTS_HOST"), ("ORDERS_DATABASE_URL", "REPORTS_URL")],
)
def test_a_pool_needs_no_name_of_a_database_where_its_label_leads_to_one(first: str, second: str) -> None:
    """Every pool at its own database alone, and as it is: 10 + 5 and 3 + 2, of which the second is below 5 + 10."""
    prefix = first.partition("_")[0]
    pools = {f"{prefix}_POOL_SIZE": "10", f"{prefix}_MAX_OVERFLOW": "5"}
    reports = {"REPORTS_POOL_SIZE": "3", "REPORTS_MAX_OVERFLOW": "2"}
    found = sizes(**{first: ADDRESS, second: REPORTS}, **pools, **reports)
    assert found == {"Db": (10, 5), "Reports": (3, 2)}


def test_a_size_of_another_databases_engine_is_an_assumption_of_one_that_has_none_of_its_own() -> None:
    """3 + 1 at both: read where DB_HOST leads, and assumed where REPORTS_DB_HOST does."""
    made = {**SHOP, "Reports": instance(), "ApiTask": tasks(container(**TWO, DB_POOL_SIZE="3", DB_MAX_OVERFLOW="1"))}
    found = {item.database: item for item in document_of(made).workloads.values()}
    assert sizes(**TWO, DB_POOL_SIZE="3", DB_MAX_OVERFLOW="1") == {"Db": (3, 1), "Reports": (3, 1)}
    assert not {"pool_size", "max_overflow"} & {*found["Db"].assumed_keys()}
    assert {"pool_size", "max_overflow"} <= {*found["Reports"].assumed_keys()}


def test_a_size_that_is_assumed_of_another_engine_is_no_pool_for_many_threads() -> None:
    """40 threads wait for 3 + 1 connections at the first database; at the second each may have one of its own."""
    command = ["gunicorn", "--threads", "40", "app"]
    web = container(command=command, **TWO, DB_POOL_SIZE="3", DB_MAX_OVERFLOW="1")
    made = {**SHOP, "Reports": instance(), "ApiTask": tasks(web)}
    first, second = (item for item in document_of(made).workloads.values() if isinstance(item, Service))
    assert (first.pool_size, first.max_overflow) == (3, 1)
    assert "its command has 40 threads or connections" in str(second.pool_size)


def test_a_label_that_leads_to_two_databases_tells_no_pool_of_either() -> None:
    """3 + 2 may be the pool of one of them alone: the other has SQLAlchemy's 5 + 10, so both count that."""
    pools = {"REPORTS_POOL_SIZE": "3", "REPORTS_MAX_OVERFLOW": "2"}
    found = sizes(REPORTS_HOST=ADDRESS, REPORTS_URL=REPORTS, **pools)
    assert found == {"Db": (5, 10), "Reports": (5, 10)}


def test_what_has_a_pool_that_is_not_understood_is_unknown_at_its_own_database_alone() -> None:
    found = sizes(**TWO, REPORTS_DB_MAX_CLIENTS="40")
    assert "REPORTS_DB_MAX_CLIENTS may be the size of a pool" in str(found["Reports"])
    assert found["Db"] == (5, 10)


def test_a_sidecar_counts_only_at_the_database_that_it_is_given() -> None:
    containers = [container(**TWO), container("side", DB_HOST=ADDRESS)]
    made = {**SHOP, "Reports": instance(), "ApiTask": tasks(*containers)}
    found = document_of(made).workloads
    assert {name: getattr(item, "containers", None) for name, item in found.items()} == {
        "Api (Db)": ("side", "web"),
        "Api (Reports)": ("web",),
    }
