"""URLs of servers."""

import pytest

from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.server_url import Protocol, read_url


@pytest.mark.parametrize(
    ("text", "protocol"),
    [
        ("postgresql://u:p@h/d", Protocol.POSTGRESQL),
        ("postgres://u:p@h/d", Protocol.POSTGRESQL),
        ("postgresql+asyncpg://u:p@h/d", Protocol.POSTGRESQL),
        ("POSTGRESQL://u:p@h/d", Protocol.POSTGRESQL),
        ("mysql://u:p@h/d", Protocol.MYSQL),
        ("mysql+pymysql://u:p@h/d", Protocol.MYSQL),
        ("mariadb://u:p@h/d", Protocol.MYSQL),
    ],
)
def test_a_driver_in_the_scheme_changes_nothing(text: str, protocol: Protocol) -> None:
    assert read_url(text).protocol is protocol


def test_every_part_is_decoded() -> None:
    url = read_url(" mysql://us%40er:p%2Fa%3Ass@db.example.com:3307/or%20ders?ssl_ca=/ca.pem\n")
    assert (url.user, url.password, url.database) == ("us@er", "p/a:ss", "or ders")
    assert (url.host, url.port, url.name, url.place) == (
        "db.example.com",
        3307,
        "db.example.com",
        "db.example.com:3307",
    )
    assert url.options == {"ssl_ca": "/ca.pem"}


def test_a_url_without_a_host_is_this_machine() -> None:
    url = read_url("postgresql:///orders?host=/run/postgresql")
    assert (url.name, url.place, url.user, url.password, url.database) == (
        "localhost",
        "localhost",
        None,
        None,
        "orders",
    )


def test_user_and_password_are_not_in_the_repr() -> None:
    shown = repr(read_url("postgresql://hunter:two@h/d?sslkey=/three"))
    assert "hunter" not in shown
    assert "two" not in shown
    assert "three" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "hunter2",
        "hunter2@host",
        "postgresql:hunter2",
        "postgresql://app:hunter2",
        "postgresql://app:hun/ter2@host/d",
        "postgresql://app:12/hunter2@host/d",
        "postgresql://app:hun?ter2@host/d",
        "postgresql://app:hun#ter2@host/d",
        "postgresql://app:hunter2@host:port/d",
        "postgresql://app:hunter2@host:99999/d",
        "postgresql://app:hunter2@[host/d",
        "postgresql://app:hunter2@one:1,two:2/d",
        "postgresql://app:hunter2@ho\u2100st/d",
        "postgresql://app:hunter2@ho%1bst/d",
    ],
)
def test_a_url_that_cannot_be_read_is_not_quoted(text: str) -> None:
    with pytest.raises(LookupFailedError) as caught:
        read_url(text)
    assert str(caught.value).startswith("the server's URL cannot be read: it is postgresql://user:password@host")
    assert "hun" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize("text", ["oracle://u:hunter2@h/d", "sqlite:///hunter2", "https://hunter2.example.com"])
def test_an_unknown_scheme_is_named_with_those_that_are_known(text: str) -> None:
    scheme = text.partition(":")[0]
    with pytest.raises(
        LookupFailedError, match=f"the scheme '{scheme}' is not known: a server's URL is postgresql://"
    ) as e:
        read_url(text)
    assert "hunter2" not in str(e.value)


def test_a_password_in_the_ports_place_is_in_no_message() -> None:
    """`user:password@` without the rest of the host: what is meant as a password reads as a port."""
    assert read_url("postgresql://app:12345/orders").place == "app"
    assert read_url("postgresql://app@db:5432/orders").place == "db:5432"


@pytest.mark.parametrize("query", ["sslmode=verify-full&sslmode=disable", "host=one&host=two"])
def test_an_option_that_is_there_twice_is_refused(query: str) -> None:
    with pytest.raises(LookupFailedError, match="has an option twice"):
        read_url(f"postgresql://app@/orders?{query}")
