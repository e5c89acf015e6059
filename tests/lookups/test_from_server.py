"""What the server itself says, beside what AWS says of it."""

import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from constructs_lib.limits.facts import ProxyFacts, ReservedFacts, Role, ServerFacts
from constructs_lib.lookups import mysql_server
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.from_server import look_up_server, with_answer
from constructs_lib.lookups.server_url import read_url

FROM_AWS = ServerFacts(
    looked_up="2026-11-01",
    engine="postgres",
    engine_version="16.3",
    instance_class="db.r6g.large",
    role=Role.WRITER,
    cluster="shop",
    parameter="{x}",
    parameter_is_default=True,
    pending_reboot=True,
    highest_connections=300,
    proxies={"p": ProxyFacts(max_connections_percent=80)},
)
ANSWER = ServerFacts(
    looked_up="2026-11-22",
    engine="postgres",
    engine_version="16.4",
    max_connections=1802,
    reserved=ReservedFacts(engine=9),
    role_connection_limit=40,
    database_connection_limit=50,
)


def test_the_answer_of_a_server_replaces_what_was_open_and_keeps_what_only_aws_knows() -> None:
    assert with_answer(FROM_AWS, ANSWER) == replace(
        FROM_AWS,
        looked_up="2026-11-22",
        engine_version="16.4",
        max_connections=1802,
        reserved=ReservedFacts(engine=9),
        role_connection_limit=40,
        database_connection_limit=50,
    )


def test_the_answer_of_another_engine_keeps_nothing() -> None:
    assert with_answer(replace(FROM_AWS, engine="mysql"), ANSWER) == ANSWER
    assert with_answer(None, ANSWER) == ANSWER


def test_the_day_is_that_of_utc(postgres_socket: str) -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    url = read_url(f"postgresql://postgres@/?host={postgres_socket}")
    assert look_up_server(url, now=late).looked_up == "2026-11-23"


def test_the_scheme_decides_which_server_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mysql_server, "read_mysql", lambda _url, looked_up: replace(ANSWER, looked_up=looked_up))
    now = datetime(2026, 12, 1, tzinfo=timezone.utc)
    assert look_up_server(read_url("mysql://h/d"), now=now) == replace(ANSWER, looked_up="2026-12-01")


@pytest.mark.parametrize(("text", "driver"), [("postgresql://h/d", "psycopg"), ("mysql://h/d", "pymysql")])
def test_without_its_driver_a_look_up_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, text: str, driver: str
) -> None:
    for module in ("postgres_server", "mysql_server", "postgres_refusal"):
        monkeypatch.delitem(sys.modules, f"constructs_lib.lookups.{module}", raising=False)
    monkeypatch.setitem(sys.modules, driver, None)
    with pytest.raises(LookupFailedError, match=r"needs an extra: pip install 'rds-connection-budget\[server\]'"):
        look_up_server(read_url(text), now=datetime(2026, 12, 1, tzinfo=timezone.utc))
