"""Proxies, direct clients and reserves together."""

from tests.budget.orders import entry, findings, only, planned


def test_a_proxy_that_may_take_everything_leaves_nothing_for_the_reserves() -> None:
    """683 × 100 % = 683, and 670 are usable; 98 % are floor(669.34) = 669."""
    made = planned({}, proxies={"front": {"database": "orders", "max_connections_percent": 100}})
    finding = only(made, "proxy-oversubscribed")
    assert (finding.severity.value, finding.subject) == ("error", "orders")
    assert finding.message == (
        "the proxies and the direct clients of orders can open 683 connections (steady) and it accepts"
        " 670 = 683 max_connections (declared) − 3 reserved by the engine − 10 administrative reserve:"
        " front 683 = floor(683 × 100 %)"
    )
    assert finding.fix == "max_connections_percent=98 for front instead of 100"
    assert not made.fits


def test_98_percent_leave_the_reserves_alone() -> None:
    made = planned({}, proxies={"front": {"database": "orders", "max_connections_percent": 98}})
    assert findings(made, "proxy-oversubscribed") == []
    assert made.fits


def test_direct_clients_beside_a_proxy_count_on_top() -> None:
    """341 + 329 = 670 fits; one more does not, and the finding is the proxies': direct clients alone would fit."""
    proxies = {"front": {"database": "orders", "max_connections_percent": 50}}
    assert planned({"batch": entry(kind="reserved", connections=329)}, proxies=proxies).fits
    made = planned({"batch": entry(kind="reserved", connections=330)}, proxies=proxies)
    message = only(made, "proxy-oversubscribed").message
    assert message.endswith(": front 341 = floor(683 × 50 %), batch 330 = 330 reserved")
    assert findings(made, "overcommitted") == []


def test_direct_clients_that_exceed_the_server_alone_are_overcommitted_too() -> None:
    proxies = {"front": {"database": "orders", "max_connections_percent": 10}}
    made = planned({"batch": entry(kind="reserved", connections=671)}, proxies=proxies)
    assert only(made, "overcommitted").subject == only(made, "proxy-oversubscribed").subject == "orders"


def test_two_proxies_are_added_up() -> None:
    """409 + 409 = 818."""
    front = {"database": "orders", "max_connections_percent": 60}
    message = only(planned({}, proxies={"b": front, "a": front}), "proxy-oversubscribed").message
    assert " can open 818 connections " in message
    assert message.endswith(": a 409 = floor(683 × 60 %), b 409 = floor(683 × 60 %)")


def test_direct_clients_that_only_a_deployment_doubles_count_in_the_deployment() -> None:
    """341 + 2 × 100 fit in 670; 341 + 4 × 100 = 741 do not."""
    proxies = {"front": {"database": "orders", "max_connections_percent": 50}}
    batch = entry(tasks=2, pool_size=100, max_overflow=0, maximum_percent=200)
    message = only(planned({"batch": batch}, proxies=proxies), "proxy-oversubscribed").message
    assert message.startswith("the proxies and the direct clients of orders can open 741 connections (deploying)")
