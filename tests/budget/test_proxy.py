"""A proxy as a document describes it."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.schema import DocumentError
from constructs_lib.limits import Unknown


def proxy(**keys: Any) -> Proxy:
    return Proxy.read("front", {"database": "orders", **keys}, "proxies.front")


def test_a_proxy_of_which_nothing_is_said_may_open_every_connection_and_that_is_assumed() -> None:
    assert (proxy().max_connections_percent, proxy().idle_client_timeout_s) == (100, 1800)
    assert proxy().assumptions() == ("100 % of max_connections, the default of RDS Proxy",)


def test_a_percentage_that_was_given_or_read_is_no_assumption() -> None:
    assert proxy(max_connections_percent=80).assumptions() == ()
    assert proxy(max_connections_percent=80, sources={"max_connections_percent": "documented"}).assumptions() == ()


def test_an_idle_timeout_that_cannot_be_read_counts_as_the_shortest_there_is() -> None:
    found = proxy(max_connections_percent=80, idle_client_timeout={"unknown": "a token"})
    assert found.idle_client_timeout == Unknown("a token")
    assert found.idle_client_timeout_s == 60
    assert found.assumptions() == ("an idle client timeout of 60 s, the least that RDS Proxy accepts: a token",)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("max_connections_percent", 0),
        ("max_connections_percent", 101),
        ("max_connections_percent", 50.0),
        ("idle_client_timeout", 0),
        ("idle_client_timeout", 28_801),
    ],
)
def test_a_setting_outside_of_what_rds_proxy_takes_is_refused(key: str, value: object) -> None:
    with pytest.raises(DocumentError, match=rf"^proxies\.front\.{key}: must be a whole number from 1 to"):
        proxy(**{key: value})


def test_a_proxy_stands_in_front_of_a_database() -> None:
    with pytest.raises(DocumentError, match=r"^proxies\.front\.database: is required"):
        Proxy.read("front", {}, "proxies.front")


@pytest.mark.parametrize(("engine", "percent"), [("sqlserver-se", 10), ("postgres", 100), ("odd", 100), (None, 100)])
def test_the_default_is_that_of_the_engine_behind_it(engine: str | None, percent: int) -> None:
    database = {} if engine is None else {"engine": engine}
    read = Document.read({"schema": 1, "databases": {"orders": database}, "proxies": {"front": {"database": "orders"}}})
    front = read.proxies["front"]
    assert front.max_connections_percent == percent
    assert front.assumptions() == (f"{percent} % of max_connections, the default of RDS Proxy",)
    assert front.to_json() == {"database": "orders"}
    assert proxy(max_connections_percent=80).before(engine).max_connections_percent == 80
