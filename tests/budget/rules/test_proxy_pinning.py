"""A plan that relies on multiplexing."""

from tests.budget.orders import entry, findings, only, planned

PROXIES = {"front": {"database": "orders", "max_connections_percent": 10}}


def test_clients_that_share_connections_are_a_warning_with_the_exposure() -> None:
    """68 connections for 4 pools of 4 clients each: 67 planned, 268 clients if all are pinned."""
    made = planned({"api": entry(proxy="front", tasks=4, multiplexing=4)}, proxies=PROXIES)
    finding = only(made, "proxy-pinning")
    assert (finding.severity.value, finding.subject) == ("warning", "api")
    assert finding.message == (
        "api relies on 4 clients sharing each connection of front: if its sessions are pinned, up to 268 clients ask"
        " for the 67 connections that are planned, and the others wait for the borrow timeout"
    )
    assert finding.fix.endswith("or plan with multiplexing=1")
    assert made.fits


def test_the_clients_are_those_of_the_pools_and_not_the_connections_times_the_quotient() -> None:
    """4 processes × (4 + 1) = 20 clients on ceil(20 ÷ 3) = 7 connections; 7 × 3 would be 21."""
    api = entry(proxy="front", processes=4, multiplexing=3, pool_size=4, max_overflow=1)
    message = only(planned({"api": api}, proxies=PROXIES), "proxy-pinning").message
    assert "up to 20 clients ask for the 7 connections" in message


def test_a_plan_as_if_every_session_were_pinned_relies_on_nothing() -> None:
    for sharing in ({}, {"multiplexing": 1}):
        made = planned({"api": entry(proxy="front", tasks=4, **sharing)}, proxies=PROXIES)
        assert findings(made, "proxy-pinning") == []
