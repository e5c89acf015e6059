"""The pool of a Celery worker whose jobs run in one process."""

from typing import Any

import pytest

from constructs_lib.template.assembly import Assembly
from constructs_lib.template.discover import discover
from tests.template.app_templates import instance
from tests.template.reachable_shop import ADDRESS, container, evidence
from tests.template.test_discover import peaks, with_api

Json = dict[str, Any]
SIZED: Json = {"DB_POOL_SIZE": "5", "DB_MAX_OVERFLOW": "5"}
GEVENT = ["celery", "-A", "a", "worker", "-P", "gevent", "-c", "200"]


def worker(*command: str, **variables: Any) -> Json:
    return with_api(container(command=list(command or GEVENT), DB_HOST=ADDRESS, **variables))


@pytest.mark.parametrize("pool", ["gevent", "eventlet", "threads"])
def test_of_a_workers_jobs_no_more_connect_than_its_pool_lets_through(pool: str) -> None:
    """2 tasks × 200 % × min(200, 5 + 5) = 40, and not × 200 = 800; 7 jobs at once ask for no more: 28."""
    run = ("celery", "worker", f"--pool={pool}")
    assert peaks(worker(*run, "-c", "200", **SIZED)) == {"Api": 40}
    assert peaks(worker(*run, "-c", "200", "-B", **SIZED)) == {"Api": 44}, "with a beat: 4 × (5 + 5 + 1)"
    assert peaks(worker(*run, "-c", "7", **SIZED)) == {"Api": 28}


def test_the_variables_that_say_its_size_are_named() -> None:
    words = "DB_HOST of container 'web'; the jobs of a worker share the pool of DB_POOL_SIZE, DB_MAX_OVERFLOW"
    assert evidence(worker(**SIZED)) == {"Api": words}


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"DB_POOL_SIZE": "5"},
        {"DB_MAX_OVERFLOW": "5"},
        {"DB_POOL_SIZE": "5", "DB_MAX_OVERFLOW": "-1"},
        {"DB_POOL_SIZE": "0", "DB_MAX_OVERFLOW": "5"},
        {"DB_POOL_SIZE": {"Ref": "Size"}, "DB_MAX_OVERFLOW": "5"},
        {"DB_MAX_CONNECTIONS": "100"},
        {"DB_POOL_MAX": "5"},
        {**SIZED, "DB_POOL_CLASS": "NullPool"},
        {**SIZED, "MISC_POOL_SIZE": "1"},
        {"REDIS_POOL_SIZE": "1", "REDIS_MAX_OVERFLOW": "1"},
        {"MISC_POOL_SIZE": "20", "MISC_MAX_OVERFLOW": "20"},
    ],
)
def test_where_the_variables_do_not_say_all_of_a_pool_each_job_counts(variables: Json) -> None:
    """2 × 200 % × 200 = 800: Django and plain drivers have no pool."""
    assert peaks(worker(**variables)) == {"Api": 800}


def test_two_workers_in_one_container_have_a_pool_each_so_that_none_bounds_them_all() -> None:
    """2 × 200 % × (100 + 100), for nothing tells how the jobs are spread over the two pools."""
    run = "celery worker -P gevent -c 100 & celery worker -P gevent -c 100"
    assert peaks(worker("sh", "-c", run, **SIZED)) == {"Api": 800}


def test_the_children_of_prefork_have_a_pool_each() -> None:
    """2 × 200 % × 20 children × 1 = 80, whatever the size of their pools."""
    assert peaks(worker("celery", "worker", "-c", "20", **SIZED)) == {"Api": 80}


def test_a_size_that_another_databases_engine_has_bounds_nothing() -> None:
    """REPORTS_HOST leads to this database, and the sizes are those of DB_HOST's: 800, as where nothing is said."""
    other = with_api(
        container(command=GEVENT, REPORTS_HOST=ADDRESS, DB_HOST={"Fn::GetAtt": ["Other", "Endpoint.Address"]}, **SIZED),
        Other=instance(),
    )
    assert peaks(other) == {"Api (Db)": 800, "Api (Other)": 40}


def test_a_size_that_rests_on_the_default_of_a_parameter_is_marked() -> None:
    resources = worker(DB_POOL_SIZE={"Ref": "Size"}, DB_MAX_OVERFLOW="5")
    parameters = {"Size": {"Type": "Number", "Default": 5}}
    templates = Assembly({"app.json": {"Parameters": parameters, "Resources": resources}})
    (api,) = discover(templates).document(templates).workloads.values()
    assert "pool_size" in api.assumed_keys()
