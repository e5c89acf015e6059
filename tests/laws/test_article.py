"""Code that was copied from the article computes our settings, or safer ones, from our variables.

The article: "Setting pool_size and max_overflow for AWS RDS". Its lines stand here as they are printed there, reading
`environ` in place of `os.environ`. Safer: with what the snippets compute, the sum still fits.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from tests.laws.strategies import LAW, documents
from tests.laws.sums import sums

Json = dict[str, Any]
Size = tuple[int, int]
# ruff: noqa: N806 - the article's own names


def first_snippet(environ: Mapping[str, str]) -> Size:
    """ "Scaling pool_size when instance count changes"."""
    RDS_MAX_CONNECTIONS = int(environ["RDS_MAX_CONNECTIONS"])
    APP_INSTANCE_COUNT = int(environ["APP_INSTANCE_COUNT"])
    ADMIN_RESERVE = int(environ.get("DB_ADMIN_RESERVE", "15"))
    usable = RDS_MAX_CONNECTIONS - ADMIN_RESERVE
    per_instance = max(1, usable // APP_INSTANCE_COUNT)
    pool_size = max(1, int(per_instance * 0.7))
    max_overflow = max(1, int(per_instance * 0.3))
    return pool_size, max_overflow


def second_snippet(environ: Mapping[str, str]) -> Size:
    """ "Adapting pool_size per worker type in a Celery deployment"."""
    RDS_MAX_CONNECTIONS = int(environ["RDS_MAX_CONNECTIONS"])
    CELERY_WORKER_COUNT = int(environ.get("CELERY_WORKERS", "8"))
    CELERY_CONCURRENCY = int(environ.get("CELERY_CONCURRENCY", "4"))
    ADMIN_RESERVE = 15
    celery_connections = CELERY_WORKER_COUNT * CELERY_CONCURRENCY
    api_budget = RDS_MAX_CONNECTIONS - ADMIN_RESERVE - celery_connections
    api_instance_count = int(environ.get("API_INSTANCE_COUNT", "4"))
    per_api_instance = api_budget // api_instance_count
    pool_size = int(per_api_instance * 0.7)
    max_overflow = int(per_api_instance * 0.3)
    return pool_size, max_overflow


def still_fits(document: Json, snippet: Callable[[Mapping[str, str]], Size], needs: str) -> None:
    """Put in what the snippet computes wherever it finds its variables, and add up again."""
    made = plan(Document.read(document))
    if not made.fits:
        return
    written, computed = made.to_json(), 0
    for name, environ in made.environments().items():
        if needs in environ:
            computed += 1
            size, overflow = snippet(environ)
            assert size >= 1, "SQLAlchemy reads a pool_size of 0 as no limit"
            assert overflow >= 0, "SQLAlchemy reads a max_overflow of -1 as no limit"
            written["workloads"][name] |= {"pool_size": size, "max_overflow": overflow}
    event(f"computed for {computed}")
    total = sums(document, written)
    for name, counted in total.databases.items():
        assert counted is not None
        assert max(counted) <= written["databases"][name]["usable"]
    for name, counted in total.proxies.items():
        assert counted is not None
        assert max(counted) <= written["proxies"][name]["max_connections"]


def beside_celery(
    *, services: int, max_connections: int, workers: int, reserve: int = 0, pools: str = "prefork"
) -> Json:
    """A service beside workers of concurrency 4, all of them running once."""
    api = {"database": "orders", "tasks": services, "maximum_percent": 100}
    celery: Json = {"database": "orders", "kind": "celery", "tasks": workers, "concurrency": 4, "maximum_percent": 100}
    celery["pool"] = pools
    return {
        "schema": 1,
        "databases": {"orders": {"max_connections": max_connections, "reserved": {"engine": 0, "admin": reserve}}},
        "workloads": {"api": api, "workers": celery},
    }


@settings(LAW, max_examples=200)
@given(documents(wild=False))
def test_the_first_snippet_never_asks_for_more_than_fits(document: Json) -> None:
    still_fits(document, first_snippet, "RDS_MAX_CONNECTIONS")


@settings(LAW, max_examples=200)
@given(
    st.builds(
        beside_celery,
        services=st.integers(1, 12),
        max_connections=st.integers(10, 1000),
        workers=st.integers(1, 12),
        reserve=st.integers(0, 40),
        pools=st.sampled_from(["prefork", "threads"]),
    )
)
@example(beside_celery(services=3, max_connections=60, workers=10))
@example(beside_celery(services=1, max_connections=20, workers=2))
def test_the_second_snippet_never_asks_for_more_than_fits(document: Json) -> None:
    still_fits(document, second_snippet, "API_INSTANCE_COUNT")


@LAW
@given(documents(wild=False))
def test_the_first_snippet_computes_our_settings_of_a_70_30_split_or_smaller_ones(document: Json) -> None:
    made = plan(Document.read(document))
    for name, environ in made.environments().items():
        workload, ours = document["workloads"][name], made.tally.allotments[name].size
        chosen = "pool_size" not in workload and workload.get("split", "70/30") == "70/30"
        if chosen and "APP_INSTANCE_COUNT" in environ and ours is not None and ours.max_overflow >= 1:
            size, overflow = first_snippet(environ)
            assert size <= ours.pool_size
            assert overflow <= ours.max_overflow


@LAW
@given(documents(wild=False))
def test_a_container_has_all_variables_of_a_snippet_or_the_snippet_stops_at_the_first(document: Json) -> None:
    """A default of the snippet's own, `DB_ADMIN_RESERVE` 15 or `API_INSTANCE_COUNT` 4, never joins our numbers."""
    first = {"RDS_MAX_CONNECTIONS", "APP_INSTANCE_COUNT", "DB_ADMIN_RESERVE"}
    for environ in plan(Document.read(document)).environments().values():
        assert environ.keys() & first in (set(), first)
        if "RDS_MAX_CONNECTIONS" in environ and "CELERY_WORKERS" in environ:
            assert {"CELERY_CONCURRENCY", "API_INSTANCE_COUNT"} <= environ.keys()


def test_the_article_with_its_own_numbers_computes_its_own_settings() -> None:
    """683 − 3 − 10 = 670 for 4 tasks: 167 each, 116 + 50. Beside 8 × 4 Celery and 15: 636, 159 each, 111 + 47."""
    database = {"max_connections": 683, "reserved": {"engine": 3, "admin": 10}}
    api = {"database": "orders", "tasks": 4, "maximum_percent": 100}
    alone = {"schema": 1, "databases": {"orders": database}, "workloads": {"api": api}}
    environ = plan(Document.read(alone)).environments()["api"]
    assert environ["DB_ADMIN_RESERVE"] == "13"
    assert first_snippet(environ) == (116, 50)

    document = beside_celery(services=4, max_connections=683, workers=8)
    document["databases"]["orders"]["reserved"] = {"engine": 3, "admin": 12}
    environ = plan(Document.read(document)).environments()["api"]
    assert first_snippet(environ) == second_snippet(environ) == (111, 47)
    assert (environ["CELERY_WORKERS"], environ["CELERY_CONCURRENCY"], environ["API_INSTANCE_COUNT"]) == ("8", "4", "4")
