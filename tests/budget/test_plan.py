"""The plan as a whole, with the article's numbers."""

import json

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity
from constructs_lib.budget.plan import plan
from tests.budget.orders import client, document, entry, planned, reached


def test_an_api_alone_gets_the_whole_database_and_a_script_reads_every_number_of_it() -> None:
    """683 − 3 − 10 = 670; 670 // 4 = 167; 116 + 50; 4 × 166 = 664; 6 to spare."""
    made = planned({"api": entry(tasks=4)})
    assert made.fits
    written = made.to_json()
    assert written["databases"]["orders"] == {
        "max_connections": 683,
        "basis": "declared",
        "reserved": 13,
        "usable": 670,
        "arithmetic": "670 = 683 max_connections (declared) − 3 reserved by the engine − 10 administrative reserve",
        "scenarios": {"steady": 664, "scaled_out": 664, "deploying": 664},
        "peak": 664,
        "headroom": 6,
        "uncounted_clients": 0,
    }
    assert written["workloads"]["api"] == {
        "pools": 4,
        "pool_size": 116,
        "max_overflow": 50,
        "pool_timeout": 30,
        "pool_recycle": 1800,
        "pool_pre_ping": True,
        "scenarios": {"steady": 664, "scaled_out": 664, "deploying": 664},
        "peak": 664,
        "arithmetic": "api 664 = 4 tasks × 1 process × (116 + 50)",
        "assumed": ["max_tasks", "processes"],
    }


def test_a_script_can_see_how_many_clients_none_of_the_numbers_counts() -> None:
    """Of three that can reach the database the API is in the budget."""
    api = entry(tasks=4, resource={"logical_id": "Api"})
    made = reached(document({"api": api}), client("Api"), client("Host"), possible=(client("Report"),))
    assert made.to_json()["databases"]["orders"]["uncounted_clients"] == 2


def test_beside_celery_workers_an_api_gets_what_they_leave() -> None:
    """683 − 15 − 8 × 4 = 636; 636 // 4 = 159; 111 + 47; 4 × 158 + 32 = 664."""
    made = planned(
        {"api": entry(tasks=4), "workers": entry(kind="celery", tasks=8, concurrency=4)},
        reserved={"engine": 3, "admin": 12},
    )
    written = made.to_json()
    assert made.fits
    assert written["databases"]["orders"]["usable"] == 668
    assert (written["workloads"]["api"]["pool_size"], written["workloads"]["api"]["max_overflow"]) == (111, 47)
    assert written["workloads"]["workers"]["pools"] == 32
    assert written["databases"]["orders"]["peak"] == 664


def test_the_articles_scale_out_from_4_to_8_tasks_keeps_the_sum() -> None:
    """The article's pools would ask for 8 × 166 = 1328; ours are 670 // 8 = 83, 58 + 24, and ask for 8 × 82 = 656."""
    fixed = planned({"api": entry(tasks=4, max_tasks=8, pool_size=116, max_overflow=50)})
    assert fixed.to_json()["databases"]["orders"]["scenarios"]["scaled_out"] == 1328
    assert not fixed.fits
    chosen = planned({"api": entry(tasks=4, max_tasks=8)})
    assert chosen.to_json()["databases"]["orders"]["scenarios"] == {"steady": 328, "scaled_out": 656, "deploying": 656}
    assert chosen.fits


def test_what_is_unknown_is_null_in_json() -> None:
    written = planned({"api": entry(tasks={"unknown": "a token"})}, max_connections={"unknown": "a token"}).to_json()
    assert written["fits"] is False
    orders, api = written["databases"]["orders"], written["workloads"]["api"]
    nothing = {"steady": None, "scaled_out": None, "deploying": None}
    assert (orders["max_connections"], orders["basis"], orders["usable"], orders["headroom"]) == (None,) * 4
    assert (api["pools"], api["pool_size"], api["max_overflow"], api["peak"]) == (None,) * 4
    assert api["scenarios"] == orders["scenarios"] == nothing


def test_a_reservation_has_sums_and_no_pool() -> None:
    written = planned({"reports": entry(kind="reserved", connections=20)}).to_json()
    assert written["workloads"]["reports"] == {
        "scenarios": {"steady": 20, "scaled_out": 20, "deploying": 20},
        "peak": 20,
        "arithmetic": "reports 20 = 20 reserved",
        "assumed": [],
    }


def test_a_proxy_is_told_beside_its_database() -> None:
    written = planned(
        {"api": entry(proxy="front", tasks=4)},
        proxies={"front": {"database": "orders", "max_connections_percent": 50}},
    ).to_json()
    assert written["proxies"]["front"] == {
        "database": "orders",
        "max_connections": 341,
        "scenarios": {"steady": 336, "scaled_out": 336, "deploying": 336},
        "peak": 336,
    }


@pytest.mark.parametrize(
    ("database", "basis"),
    [
        ({"max_connections": 683}, "declared"),
        ({"parameter_max_connections": 500}, "parameter-group"),
        ({"engine": "aurora-mysql", "instance_class": "db.r6g.large"}, "documented"),
        ({"engine": "postgres", "instance_class": "db.r6g.large"}, "estimated"),
    ],
)
def test_the_basis_says_where_the_limit_came_from(database: dict[str, object], basis: str) -> None:
    written = plan(Document.read({"schema": 1, "databases": {"orders": database}})).to_json()
    assert written["databases"]["orders"]["basis"] == basis


def test_errors_come_first_and_each_kind_in_the_order_of_the_names() -> None:
    made = planned(
        {
            "b": entry(tasks=700),
            "a": entry(tasks=700),
            "c": entry(kind="reserved", connections=669),
        }
    )
    order = [(finding.severity.value, finding.subject) for finding in made.findings]
    assert order == [("error", "a"), ("error", "b"), ("info", "a"), ("info", "b")]


def test_only_an_error_keeps_a_budget_from_fitting() -> None:
    made = planned({"api": entry(tasks=300)})
    assert {finding.severity for finding in made.findings} == {Severity.WARNING, Severity.INFO}
    assert made.fits


def test_a_database_that_nobody_uses_fits() -> None:
    made = planned({})
    assert made.fits
    assert json.loads(json.dumps(made.to_json()))["databases"]["orders"]["peak"] == 0
