"""Claims of fixed size that leave little."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from tests.budget.orders import entry, findings, only, planned

Json = dict[str, Any]


def test_more_than_90_percent_at_fixed_size_is_a_warning() -> None:
    """670 × 90 % = 603."""
    made = planned({"reports": entry(kind="reserved", connections=604)})
    finding = only(made, "low-headroom")
    assert (finding.severity.value, finding.subject) == ("warning", "orders")
    assert finding.message == (
        "orders: 604 of 670 = 683 max_connections (declared) − 3 reserved by the engine − 10 administrative reserve"
        " are claimed at fixed size, more than 90 %: one more task may not fit"
    )
    assert made.fits
    assert findings(planned({"reports": entry(kind="reserved", connections=603)}), "low-headroom") == []


def test_pools_that_the_budget_chose_shrink_and_are_no_reason_to_warn() -> None:
    assert findings(planned({"api": entry(tasks=4)}), "low-headroom") == []


@pytest.mark.parametrize(
    ("percent", "warned"),
    [(88, False), (89, True)],  # of 603: 1 + floor(683 × 88 %) = 602, 1 + floor(683 × 89 %) = 608
)
def test_beside_pools_of_fixed_size_a_proxys_share_is_one_more(percent: int, warned: bool) -> None:  # noqa: FBT001 - a row
    proxies = {"front": {"database": "orders", "max_connections_percent": percent}}
    made = planned({"api": entry(tasks=1, pool_size=1, max_overflow=0)}, proxies=proxies)
    assert bool(findings(made, "low-headroom")) is warned


def test_where_all_pools_share_the_proxy_one_more_task_fits_whatever_its_percentage() -> None:
    proxies = {"front": {"database": "orders", "max_connections_percent": 95}}
    members = {"api": entry(proxy="front", tasks=4), "migration": entry(kind="reserved", connections=1)}
    assert findings(planned(members, proxies=proxies), "low-headroom") == []


def test_a_fix_that_changes_nothing_is_none() -> None:
    """610 of 670 at 10 + 5 and 1 + 0: the 60 that are left give each of 610 pools 1 + 0 again."""
    jobs = entry(kind="function", reserved_concurrency=610, pool_size=1, max_overflow=0)
    jobs.pop("maximum_percent")
    assert only(planned({"jobs": jobs}), "low-headroom").fix == "reserved_concurrency=603 for jobs instead of 610"


GROUP = {"engine": "postgres", "instance_class": "db.r6g.large", "parameter_max_connections": 200}


def words(*reserved: int, members: Json, proxy: int | None = None) -> str:
    """What is said of a server of 200 by its parameter group, less 3 and 10: 90 % of 187 are 168."""
    proxies = {} if proxy is None else {"front": {"database": "orders", "max_connections_percent": proxy}}
    databases = {"orders": {**GROUP, "reserved": {"engine": 3, "admin": 10}}}
    entries = {f"r{index}": entry(kind="reserved", connections=number) for index, number in enumerate(reserved)}
    read = {"schema": 1, "databases": databases, "proxies": proxies, "workloads": {**entries, **members}}
    finding = only(plan(Document.read(read)), "low-headroom")
    assert finding.fixes == ()
    return finding.fix


ONE = entry(tasks=1, pool_size=1, max_overflow=0)
RAISED = "raise max_connections in the parameter group, as far as the memory allows"


def test_a_larger_class_is_no_advice_where_the_parameter_group_has_the_number() -> None:
    """17 × 11 = 187 are 19 too many for a tenth to be free, and 16 × 11 + 10 pools of 1 are 18: more than any one."""
    assert words(*[11] * 17, members={}) == f"lower what is reserved, or {RAISED}"
    assert words(*[11] * 16, members={f"p{index}": ONE for index in range(10)}) == (
        f"let the budget choose the pools, which then shrink as tasks are added, or lower what is reserved, or {RAISED}"
    )


def test_no_pool_is_to_be_chosen_where_a_proxys_share_alone_is_too_much() -> None:
    """93 % of 200 are 186; at 83 %, 166, the 18 clients have 14 too many, and each has 10."""
    clients = {f"c{index}": entry(kind="reserved", connections=10, proxy="front") for index in range(18)}
    assert words(proxy=93, members={"api": ONE, **clients}) == (
        f"lower the proxies' max_connections_percent and what connects through them, or {RAISED}"
    )


def test_where_the_sum_does_not_hold_the_error_says_enough() -> None:
    assert findings(planned({"reports": entry(kind="reserved", connections=671)}), "low-headroom") == []
