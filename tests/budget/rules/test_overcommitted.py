"""More connections than the server, or a proxy, gives."""

from tests.budget.orders import entry, findings, only, planned


def test_one_connection_too_many_is_an_error_with_its_arithmetic_and_ways_out() -> None:
    """1 × 8 × (58 + 25) = 664 and 7 more are 671."""
    made = planned(
        {"api": entry(tasks=8, pool_size=58, max_overflow=25), "reports": entry(kind="reserved", connections=7)}
    )
    finding = only(made, "overcommitted")
    assert (finding.severity.value, finding.subject) == ("error", "orders")
    assert finding.message == (
        "orders can be asked for 671 connections (steady) and accepts 670 = 683 max_connections (declared) − 3 reserved"
        " by the engine − 10 administrative reserve: api 664 = 8 tasks × 1 process × (58 + 25), reports 7 = 7 reserved"
    )
    assert "connections=6 for reports" in finding.fix
    assert not made.fits


def test_exactly_what_is_usable_is_none() -> None:
    made = planned(
        {"api": entry(tasks=8, pool_size=58, max_overflow=25), "reports": entry(kind="reserved", connections=6)}
    )
    assert findings(made, "overcommitted") == []
    assert made.fits


def test_a_sum_that_only_a_deployment_exceeds_names_the_deployment() -> None:
    """4 tasks × 100 = 400 fit; twice that do not."""
    made = planned({"api": entry(tasks=4, pool_size=70, max_overflow=30, maximum_percent=200)})
    message = only(made, "overcommitted").message
    assert message.startswith("orders can be asked for 800 connections (deploying) and accepts 670 = ")
    assert message.endswith(": api 800 = 4 tasks × 200 % × 1 process × (70 + 30)")


def test_clients_that_exceed_their_proxy_are_an_error_of_the_proxy() -> None:
    """floor(683 × 10 %) = 68; 4 × 17 = 68 is as much as there is, 4 × 18 = 72 is more."""
    proxies = {"front": {"database": "orders", "max_connections_percent": 10}}
    enough = planned({"api": entry(proxy="front", tasks=4, pool_size=17, max_overflow=0)}, proxies=proxies)
    assert findings(enough, "overcommitted") == []
    finding = only(
        planned({"api": entry(proxy="front", tasks=4, pool_size=18, max_overflow=0)}, proxies=proxies), "overcommitted"
    )
    assert finding.subject == "front"
    assert finding.message == (
        "the clients of front can ask for 72 connections (steady) if every session is pinned, and it opens at most 68:"
        " api 72 = 4 tasks × 1 process × (18 + 0)"
    )
    assert "pool_size=17 and max_overflow=0 for api" in finding.fix


def test_reserves_beyond_the_limit_are_no_true_difference_and_are_not_printed_as_one() -> None:
    """10 − 3 − 10 is −3, not 0."""
    made = planned({"api": entry(tasks=1, pool_size=5, max_overflow=0)}, max_connections=10)
    assert "0 = 10 max_connections" not in " ".join(finding.message for finding in made.findings)


def test_one_connection_more_than_a_proxy_opens_is_one_too_many() -> None:
    """floor(683 × 10 %) = 68."""
    proxies = {"front": {"database": "orders", "max_connections_percent": 10}}
    made = planned({"api": entry(proxy="front", kind="reserved", connections=69)}, proxies=proxies)
    assert only(made, "overcommitted").subject == "front"
