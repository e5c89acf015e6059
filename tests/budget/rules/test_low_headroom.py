"""Claims of fixed size that leave little."""

import pytest

from tests.budget.orders import entry, findings, only, planned


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
    [(88, False), (89, True)],  # floor(683 × 88 %) = 601, floor(683 × 89 %) = 607
)
def test_a_proxys_share_is_of_fixed_size(percent: int, warned: bool) -> None:  # noqa: FBT001 - a row
    made = planned({}, proxies={"front": {"database": "orders", "max_connections_percent": percent}})
    assert bool(findings(made, "low-headroom")) is warned


def test_a_fix_that_changes_nothing_is_none() -> None:
    """610 of 670 at 10 + 5 and 1 + 0: the 60 that are left give each of 610 pools 1 + 0 again."""
    jobs = entry(kind="function", reserved_concurrency=610, pool_size=1, max_overflow=0)
    jobs.pop("maximum_percent")
    assert only(planned({"jobs": jobs}), "low-headroom").fix == "reserved_concurrency=603 for jobs instead of 610"


def test_where_the_sum_does_not_hold_the_error_says_enough() -> None:
    assert findings(planned({"reports": entry(kind="reserved", connections=671)}), "low-headroom") == []
