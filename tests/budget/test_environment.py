"""The variables that a container gets."""

from typing import Any

import pytest

from tests.budget.orders import entry, planned

Json = dict[str, Any]


def variables(name: str, workloads: Json, *, proxies: Json | None = None, **database: Any) -> Json:
    return dict(planned(workloads, proxies=proxies, **database).environments()[name])


def test_a_service_gets_its_pool_and_the_articles_inputs() -> None:
    """670 are divided among 4, so 13 = 683 − 670 is the reserve that leads there."""
    assert variables("api", {"api": entry(tasks=4)}) == {
        "DB_POOL_SIZE": "116",
        "DB_MAX_OVERFLOW": "50",
        "DB_POOL_TIMEOUT": "30",
        "DB_POOL_RECYCLE": "1800",
        "DB_POOL_PRE_PING": "true",
        "DB_APPLICATION_NAME": "api",
        "RDS_MAX_CONNECTIONS": "683",
        "APP_INSTANCE_COUNT": "4",
        "DB_ADMIN_RESERVE": "13",
    }


def test_a_service_beside_celery_gets_the_inputs_of_the_articles_second_snippet() -> None:
    """683 − 15 − 8 × 4 = 636, and 636 // 4 = 159 is what the budget gives too."""
    members = {"api": entry(tasks=4), "workers": entry(kind="celery", tasks=8, concurrency=4)}
    found = variables("api", members, reserved={"engine": 3, "admin": 12})
    assert (found["DB_POOL_SIZE"], found["DB_MAX_OVERFLOW"]) == ("111", "47")
    assert (found["API_INSTANCE_COUNT"], found["CELERY_WORKERS"], found["CELERY_CONCURRENCY"]) == ("4", "8", "4")
    assert (found["RDS_MAX_CONNECTIONS"], found["DB_ADMIN_RESERVE"]) == ("683", "47")


def test_the_second_snippets_own_reserve_of_15_is_made_up_for_by_a_larger_count() -> None:
    """Nothing reserved: 683 − 32 = 651, 651 // 4 = 162; 683 − 15 − 32 = 636, and 636 // 4 = 159 is safe already.

    With 60 reserved: 591 // 4 = 147; 636 // 5 = 127 is the first count that is safe.
    """
    members = {"api": entry(tasks=4), "workers": entry(kind="celery", tasks=8, concurrency=4)}
    none = variables("api", members, reserved={"engine": 0, "admin": 0})
    assert none["API_INSTANCE_COUNT"] == "4"
    much = variables("api", members, reserved={"engine": 0, "admin": 60})
    assert much["API_INSTANCE_COUNT"] == "5"


def test_several_celery_services_are_told_as_one_product() -> None:
    """8 × 4 + 2 × 4: 10 × 4. 8 × 4 + 2 × 3 = 38: 38 × 1."""
    api, eight = entry(tasks=4), entry(kind="celery", tasks=8, concurrency=4)
    same = variables("api", {"api": api, "a": eight, "b": entry(kind="celery", tasks=2, concurrency=4)})
    assert (same["CELERY_WORKERS"], same["CELERY_CONCURRENCY"]) == ("10", "4")
    other = variables("api", {"api": api, "a": eight, "b": entry(kind="celery", tasks=2, concurrency=3)})
    assert (other["CELERY_WORKERS"], other["CELERY_CONCURRENCY"]) == ("38", "1")


def test_a_celery_child_gets_a_pool_of_one_and_its_own_numbers() -> None:
    found = variables("workers", {"workers": entry(kind="celery", tasks=8, concurrency=4)})
    assert (found["DB_POOL_SIZE"], found["DB_MAX_OVERFLOW"]) == ("1", "0")
    assert (found["CELERY_WORKERS"], found["CELERY_CONCURRENCY"]) == ("8", "4")
    assert "RDS_MAX_CONNECTIONS" not in found


def test_celery_at_another_database_is_not_counted() -> None:
    assert "CELERY_WORKERS" not in variables("api", {"api": entry(tasks=4)})


def test_a_share_of_one_leaves_the_articles_snippets_without_their_inputs() -> None:
    """They would open two: one kept and one overflow. Without the inputs they stop at once instead."""
    found = variables("api", {"api": entry(tasks=670)})
    assert found["DB_POOL_SIZE"] == "1"
    assert "RDS_MAX_CONNECTIONS" not in found
    assert "RDS_MAX_CONNECTIONS" in variables("api", {"api": entry(tasks=335)})


def test_a_fixed_pool_is_told_as_it_is_and_the_snippets_arrive_at_it_or_below() -> None:
    """(683 − (683 − 15 × 4)) // 4 = 15: 10 + 4."""
    found = variables("api", {"api": entry(tasks=4, pool_size=10, max_overflow=5)})
    assert (found["DB_POOL_SIZE"], found["DB_MAX_OVERFLOW"]) == ("10", "5")
    assert (found["APP_INSTANCE_COUNT"], found["DB_ADMIN_RESERVE"]) == ("4", "623")


def test_a_heavier_pool_is_told_the_number_of_pools_of_its_weight() -> None:
    """Weights 4 × 3 + 2 × 1 = 14: 14 / 3, rounded up, is 5 pools of its own weight; 14 of the other's."""
    members = {"api": entry(tasks=4, weight=3), "batch": entry(tasks=2)}
    assert variables("api", members)["APP_INSTANCE_COUNT"] == "5"
    assert variables("batch", members)["APP_INSTANCE_COUNT"] == "14"


def test_a_prefix_of_its_own_keeps_two_databases_of_a_task_apart() -> None:
    found = variables("api", {"api": entry(tasks=4, env_prefix="ORDERS_")})
    assert sorted(found) == [
        "ORDERS_APPLICATION_NAME",
        "ORDERS_MAX_OVERFLOW",
        "ORDERS_POOL_PRE_PING",
        "ORDERS_POOL_RECYCLE",
        "ORDERS_POOL_SIZE",
        "ORDERS_POOL_TIMEOUT",
    ]


@pytest.mark.parametrize(
    ("keys", "variable", "value"),
    [
        ({"pool_timeout": 10}, "DB_POOL_TIMEOUT", "10"),
        ({"iam_auth": True}, "DB_POOL_RECYCLE", "800"),
        ({"application_name": "shop-api"}, "DB_APPLICATION_NAME", "shop-api"),
        ({"application_name": "x" * 70}, "DB_APPLICATION_NAME", "x" * 63),
        ({"application_name": "é" * 40}, "DB_APPLICATION_NAME", "é" * 31),  # 62 bytes: half a letter is none
    ],
)
def test_what_was_given_is_written(keys: Json, variable: str, value: str) -> None:
    assert variables("api", {"api": entry(**keys)})[variable] == value


def test_iam_and_a_proxy_are_told_to_the_application_and_their_absence_is_not() -> None:
    """An IAM token makes the recycling 800 s; half of the proxy's 1800 s is 900."""
    proxies = {"front": {"database": "orders"}}
    neither, iam = variables("api", {"api": entry()}), variables("api", {"api": entry(iam_auth=True)})
    behind = variables("api", {"api": entry(proxy="front", env_prefix="X_")}, proxies=proxies)
    assert set(iam) - set(neither) == {"DB_IAM_AUTH"}
    assert (iam["DB_IAM_AUTH"], iam["DB_POOL_RECYCLE"]) == ("true", "800")
    assert (behind["X_BEHIND_POOLER"], behind["X_POOL_RECYCLE"]) == ("true", "900")
    assert not {"DB_IAM_AUTH", "DB_BEHIND_POOLER"} & set(neither)


def test_a_pool_that_cannot_be_sized_gets_no_variables_at_all() -> None:
    assert variables("api", {"api": entry(tasks=671)}) == {}
    assert variables("api", {"api": entry(tasks={"unknown": "a token"})}) == {}
    assert variables("api", {"api": entry(tasks=4)}, max_connections={"unknown": "a token"}) == {}


def test_a_reservation_has_no_container() -> None:
    assert "reports" not in planned({"reports": entry(kind="reserved", connections=1)}).environments()


def test_behind_a_proxy_the_inputs_are_those_of_the_proxys_clients() -> None:
    """341 connections for 4 pools: 683 − 342 = 341, 341 // 4 = 85."""
    found = variables(
        "api",
        {"api": entry(proxy="front", tasks=4)},
        proxies={"front": {"database": "orders", "max_connections_percent": 50, "idle_client_timeout": 600}},
    )
    assert (found["RDS_MAX_CONNECTIONS"], found["DB_ADMIN_RESERVE"]) == ("683", "342")
    assert found["DB_POOL_RECYCLE"] == "300"


def test_where_clients_share_more_than_there_is_the_snippets_still_keep_the_reserves() -> None:
    """50 % of 683 = 341, 4 clients each, for 4 pools: 341 a pool, 1364 in all, 681 more than there are."""
    made = planned(
        {"api": entry(proxy="front", tasks=4, multiplexing=4)},
        proxies={"front": {"database": "orders", "max_connections_percent": 50}},
    )
    assert made.environments()["api"]["DB_ADMIN_RESERVE"] == "13"
