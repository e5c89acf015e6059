"""A share below one."""

from tests.budget.orders import entry, findings, only, planned


def test_a_share_below_one_is_an_error_with_what_was_to_be_divided() -> None:
    finding = only(planned({"api": entry(tasks=671)}), "no-room")
    assert (finding.severity.value, finding.subject) == ("error", "api")
    assert finding.message == (
        "api cannot have one connection for each of its 671 pools:"
        " 670 connections of orders are left to divide among 671 pools of its weight"
    )
    assert finding.fix == "at most 670 tasks of api instead of 671"


def test_a_share_of_one_is_room() -> None:
    made = planned({"api": entry(tasks=670)})
    assert findings(made, "no-room") == []
    assert made.fits


def test_fixed_claims_that_take_everything_leave_no_room() -> None:
    members = {"api": entry(tasks=4), "reports": entry(kind="reserved", connections=667)}
    finding = only(planned(members), "no-room")
    assert finding.message == (
        "api cannot have one connection for each of its 4 pools:"
        " 3 connections of orders are left to divide among 4 pools of its weight"
    )
    assert "connections=666 for reports" in finding.fix
    assert findings(planned({**members, "reports": entry(kind="reserved", connections=666)}), "no-room") == []


def test_a_light_pool_is_left_out_by_a_heavy_one() -> None:
    """670 × 1 // 1001 = 0, where 670 × 1000 // 1001 = 669."""
    finding = only(planned({"api": entry(weight=1000), "batch": entry()}), "no-room")
    assert finding.subject == "batch"
    assert finding.message.endswith("670 connections of orders are left to divide among 1001 pools of its weight")


def test_reserves_that_exceed_the_limit_are_an_error_of_the_database() -> None:
    finding = only(planned({}, max_connections=12), "no-room")
    assert finding.subject == "orders"
    assert finding.message == (
        "orders has no connection left for applications, its reserves exceed its limit:"
        " none: 12 max_connections (declared) are fewer than 3 reserved by the engine + 10 administrative reserve"
    )
    assert findings(planned({}, max_connections=13), "no-room") == []


def test_clients_that_share_connections_are_told_what_is_left_to_divide() -> None:
    """floor(683 × 1 %) = 6, of which one is kept for rounding: 5 × 2 // 13 = 0, and 5 × 1 // 13 = 0."""
    proxies = {"front": {"database": "orders", "max_connections_percent": 1}}
    members = {"api": entry(proxy="front", tasks=1, multiplexing=2), "batch": entry(proxy="front", tasks=12)}
    found = findings(planned(members, proxies=proxies), "no-room")
    assert [finding.subject for finding in found] == ["api", "batch"]
    for finding in found:
        assert ": 5 connections of " in finding.message
        assert finding.message.endswith(" are left to divide among 13 pools of its weight")
