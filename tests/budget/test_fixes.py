"""Ways out of a sum that does not fit, with the numbers that fit."""

from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.fixes import MOST_FIXES, _proposals, fixes
from constructs_lib.budget.tally import tally
from tests.budget.orders import document, entry

Json = dict[str, Any]


def ways_out(workloads: Json, *, proxies: Json | None = None, **database: Any) -> list[str]:
    """All of them, also those that a finding has no room for."""
    return [words for words, _ in _proposals(document(workloads, proxies=proxies, **database), "orders")]


def test_the_pool_that_fits_keeps_its_proportion() -> None:
    """670 // 8 = 83 a pool; at 116 : 50 that is 83 × 116 // 166 = 58, and 25 = 83 − 58."""
    found = ways_out({"api": entry(tasks=8, pool_size=116, max_overflow=50)})
    assert found[0] == "pool_size=58 and max_overflow=25 for api"


def test_the_budget_can_choose_instead() -> None:
    """83 split 70/30 is 58 + 24."""
    found = ways_out({"api": entry(tasks=8, pool_size=116, max_overflow=50)})
    assert found[1] == "no pool_size and max_overflow for api: the budget then gives 58 + 24"


def test_the_task_maximum_that_fits() -> None:
    """4 × 166 = 664 ≤ 670 < 830 = 5 × 166."""
    found = ways_out({"api": entry(tasks=4, max_tasks=8, pool_size=116, max_overflow=50)})
    assert "at most 4 tasks of api instead of 8" in found
    assert "at most 1 task of api instead of 2" in ways_out({"api": entry(tasks=2, pool_size=400, max_overflow=0)})


def test_the_maximum_percent_that_fits() -> None:
    """floor(4 × 174 %) = 6 tasks of 100 fit; at 175 % there are 7."""
    found = ways_out({"api": entry(tasks=4, pool_size=100, max_overflow=0, maximum_percent=200)})
    assert "maximum_percent=174 for api" in found


def test_a_percentage_that_leaves_no_room_for_one_more_task_is_no_way_out() -> None:
    """4 × 166 = 664 fits and 5 × 166 does not: a deployment could start no task."""
    found = ways_out({"api": entry(tasks=4, pool_size=116, max_overflow=50, maximum_percent=200)})
    assert not any(words.startswith("maximum_percent") for words in found)


def test_the_concurrency_that_fits() -> None:
    """670 // 100 = 6 children in each of 100 workers."""
    assert "concurrency=6 for workers" in ways_out({"workers": entry(kind="celery", tasks=100, concurrency=8)})


def test_the_reservation_that_fits() -> None:
    members = {"reports": entry(kind="reserved", connections=700), "api": entry(tasks=2, pool_size=10, max_overflow=0)}
    assert "connections=650 for reports" in ways_out(members)


def test_the_proxy_percentage_that_fits() -> None:
    """floor(683 × 90 %) = 614 and 60 direct are 674; at 89 % 607 + 60 = 667 ≤ 670."""
    found = ways_out(
        {"batch": entry(tasks=4, pool_size=10, max_overflow=5)},
        proxies={"front": {"database": "orders", "max_connections_percent": 90}},
    )
    assert "max_connections_percent=89 for front" in found


def test_the_smallest_class_of_the_family_that_fits() -> None:
    """A db.t4g.micro is estimated at 72, medium at 388, large at 822; 400 + 19 are asked for."""
    large = {"engine": "postgres", "engine_version": "18.1", "instance_class": "db.t4g.micro"}
    api = {"database": "orders", "tasks": 40, "maximum_percent": 100, "pool_size": 10, "max_overflow": 0}
    read = Document.read({"schema": 1, "databases": {"orders": large}, "workloads": {"api": api}})
    assert "db.t4g.large for orders" in [words for words, _ in _proposals(read, "orders")]


def test_a_declared_limit_is_not_said_to_grow_with_the_class() -> None:
    found = ways_out({"api": entry(tasks=8, pool_size=116, max_overflow=50)}, instance_class="db.r6g.large")
    assert not any("db." in words for words in found)


def test_one_more_than_a_proposed_number_would_not_fit() -> None:
    """The sum of 8 pools of 58 + 25 holds, that of 58 + 26 does not; so do 4 tasks of 116 + 50, and 5 do not."""
    for fitting, one_more in (
        ({"tasks": 8, "pool_size": 58, "max_overflow": 25}, {"tasks": 8, "pool_size": 58, "max_overflow": 26}),
        ({"tasks": 4, "pool_size": 116, "max_overflow": 50}, {"tasks": 5, "pool_size": 116, "max_overflow": 50}),
    ):
        assert tally(document({"api": entry(**fitting)})).databases["orders"].holds
        assert not tally(document({"api": entry(**one_more)})).databases["orders"].holds


def test_a_finding_names_a_few_ways_out_in_one_sentence() -> None:
    members = {
        "api": entry(tasks=4, pool_size=100, max_overflow=0, maximum_percent=200),
        "workers": entry(kind="celery", tasks=1, concurrency=4),
    }
    words = fixes(document(members), "orders")
    assert words == (
        "any one of: pool_size=83 and max_overflow=0 for api;"
        " no pool_size and max_overflow for api: the budget then gives 58 + 24;"
        " at most 3 tasks of api instead of 4;"
        " maximum_percent=174 for api"
    )
    assert words.count("; ") == MOST_FIXES - 1


def test_a_single_way_out_stands_alone() -> None:
    words = fixes(document({"reports": entry(kind="reserved", connections=700)}), "orders")
    assert words == "connections=670 for reports"


def test_where_no_single_change_helps_that_is_said() -> None:
    members = {name: entry(kind="reserved", connections=700) for name in ("a", "b")}
    assert fixes(document(members), "orders").startswith("no single change makes it fit")


def test_a_pool_without_a_limit_is_given_one() -> None:
    members = {
        "api": entry(tasks=600, pool_size=0, max_overflow=0),
        "reports": entry(kind="reserved", connections=20),
    }
    assert ways_out(members)[0] == "pool_size=1 and max_overflow=0 for api"
