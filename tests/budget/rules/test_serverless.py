"""What Aurora Serverless v2 makes of pools, and pools of its pauses."""

from typing import Any

import pytest

from constructs_lib.budget.plan import Plan
from tests.budget.orders import entry, findings, only, planned

SERVERLESS: dict[str, Any] = {
    "engine": "aurora-postgresql",
    "instance_class": "db.serverless",
    "min_acu": 0.5,
    "max_acu": 16,
}
PROXIES = {"front": {"database": "orders", "max_connections_percent": 50}}


def serverless(workloads: dict[str, Any], *, proxies: Any = None, **keys: Any) -> Plan:
    database = {key: value for key, value in {**SERVERLESS, **keys}.items() if value is not None}
    return planned(workloads, proxies=proxies, **database)


def size(made: Plan) -> tuple[int, int]:
    api = made.to_json()["workloads"]["api"]
    return api["pool_size"], api["max_overflow"]


def test_a_chosen_pool_opens_15_at_the_most() -> None:
    """4 pools share 670, 167 each, and get 15: 15 × 70 % = 10, 15 × 30 % = 4; 4 × 14 = 56."""
    made = serverless({"api": entry(tasks=4, max_tasks=4, processes=1)})
    assert size(made) == (10, 4)
    assert made.to_json()["databases"]["orders"]["peak"] == 56
    assert "no pool of more than 15" in only(made, "assumed").message
    assert "largest_pool" in only(made, "assumed").fix
    variables = made.environments()["api"]
    handwritten = int(variables["RDS_MAX_CONNECTIONS"]) - int(variables["DB_ADMIN_RESERVE"])
    assert handwritten // int(variables["APP_INSTANCE_COUNT"]) == 15


def test_a_capacity_without_a_class_is_as_good_as_the_class() -> None:
    """The same 4 pools of 10 + 4; with the class of a provisioned instance, whose limit is its own, they share 670."""
    workloads = {"api": entry(tasks=4, max_tasks=4, processes=1)}
    made = serverless(workloads, instance_class=None)
    assert size(made) == (10, 4)
    assert len(findings(made, "serverless-without-proxy")) == 1
    provisioned = serverless(workloads, instance_class="db.r6g.large")
    assert size(provisioned) == (116, 50)
    assert findings(provisioned, "serverless-without-proxy") == []


def test_behind_a_proxy_the_same_holds() -> None:
    """341 // 4 = 85, and 15 at the most."""
    assert size(serverless({"api": entry(proxy="front", tasks=4)}, proxies=PROXIES)) == (10, 4)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"largest_pool": 40}, (28, 12)),  # 40 × 70 %, 40 × 30 %
        ({"largest_pool": 1000}, (116, 50)),  # the share of 167 is smaller
        ({"pool_size": 100, "max_overflow": 20}, (100, 20)),
    ],
)
def test_what_the_user_says_goes_before(keys: dict[str, int], expected: tuple[int, int]) -> None:
    made = serverless({"api": entry(tasks=4, max_tasks=4, processes=1, **keys)})
    assert size(made) == expected
    assert findings(made, "assumed") == []


def test_a_share_below_15_is_not_raised() -> None:
    """670 // 100 = 6: 4 + 1."""
    assert size(serverless({"api": entry(tasks=100)})) == (4, 1)


def test_elsewhere_a_largest_pool_is_the_users_alone() -> None:
    assert size(planned({"api": entry(tasks=4, largest_pool=10)})) == (7, 3)
    assert size(planned({"api": entry(tasks=4)})) == (116, 50)


def test_pools_without_a_proxy_between_are_a_warning() -> None:
    finding = only(serverless({"api": entry(tasks=4)}), "serverless-without-proxy")
    assert (finding.severity.value, finding.subject) == ("warning", "orders")
    assert "(api 4)" in finding.message
    behind = serverless({"api": entry(proxy="front", tasks=4)}, proxies=PROXIES)
    assert findings(behind, "serverless-without-proxy") == []
    reserved = serverless({"psql": entry(kind="reserved", connections=5)})
    assert findings(reserved, "serverless-without-proxy") == []
    assert findings(planned({"api": entry(tasks=4)}), "serverless-without-proxy") == []


@pytest.mark.parametrize("minimum", [0, 0.0, "0"], ids=repr)
def test_a_pool_or_a_proxy_keeps_a_database_from_pausing(minimum: object) -> None:
    made = serverless({"api": entry(tasks=1)}, proxies=PROXIES, min_acu=minimum)
    finding = only(made, "never-pauses")
    assert "the proxy front and the pools of api keep a connection open" in finding.message


def test_what_ends_lets_it_pause() -> None:
    nightly = {"kind": "task", "database": "orders"}
    function = {"kind": "function", "database": "orders", "reserved_concurrency": 2}
    quiet = {"nightly": nightly, "thumbs": function, "off": entry(tasks=0, max_tasks=2)}
    assert findings(serverless(quiet, min_acu=0), "never-pauses") == []
    assert findings(serverless({"api": entry(tasks=1)}), "never-pauses") == []


def test_what_keeps_a_database_from_pausing_is_named_in_no_order_of_the_documents() -> None:
    entries = {name: entry(tasks=1, pool_size=1, max_overflow=0) for name in ("b", "a")}
    message = only(serverless(entries, min_acu=0), "never-pauses").message
    assert "the pools of a and the pools of b keep a connection open" in message
