"""IAM authentication: what is signed, when, and that it never leaves without TLS. AWS is not needed to sign."""

import asyncio
import ssl
from collections.abc import Iterator
from enum import IntEnum
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy

from constructs_lib.runtime import SettingsError, create_async_engine, create_engine, iam
from constructs_lib.runtime.drivers import driver_of
from tests.runtime.container import container

URL = "postgresql+psycopg://app@db.example:6432/orders"


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    source = iam.token_source
    source.cache_clear()
    yield
    source.cache_clear()


class RefusedError(Exception):
    """Stands for a server: it keeps what it was sent."""


def sent(url: str, *, times: int = 1, **options: Any) -> list[dict[str, Any]]:
    """The arguments of so many connections of an engine with IAM authentication, as the driver would get them."""
    engine = create_engine(url, environ=container(DB_IAM_AUTH="true"), **options)
    seen: list[dict[str, Any]] = []

    def connect(_dialect: object, _record: object, _arguments: object, keywords: dict[str, Any]) -> None:
        seen.append(dict(keywords))
        raise RefusedError

    sqlalchemy.event.listen(engine, "do_connect", connect)
    for _ in range(times):
        with pytest.raises(RefusedError):
            engine.connect()
    return seen


def test_the_token_is_signed_for_the_host_port_and_user_of_the_url() -> None:
    (keywords,) = sent(URL)
    token = urlsplit("https://" + keywords["password"])
    assert token.netloc == "db.example:6432"
    query = parse_qs(token.query)
    assert (query["Action"], query["DBUser"], query["X-Amz-Expires"]) == (["connect"], ["app"], ["900"])
    assert "eu-west-1/rds-db" in query["X-Amz-Credential"][0]
    assert keywords["sslmode"] == "require"
    assert keywords["application_name"] == "api"


def test_every_connection_has_a_token_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = iter(["first", "second"])

    class Source:
        def generate_db_auth_token(self, DBHostname: str, Port: int, DBUsername: str) -> str:  # noqa: N803, ARG002
            return next(tokens)

    monkeypatch.setattr(iam, "token_source", lambda _region: Source())
    assert [keywords["password"] for keywords in sent(URL, times=2)] == ["first", "second"]


@pytest.mark.parametrize(("scheme", "port"), [("postgresql+psycopg2", 5432), ("mysql+pymysql", 3306)])
def test_without_a_port_it_is_the_drivers(scheme: str, port: int) -> None:
    (keywords,) = sent(f"{scheme}://app@db.example/orders")
    assert keywords["password"].startswith(f"db.example:{port}/?")


def test_a_stricter_verification_stays_and_a_laxer_one_is_refused() -> None:
    (keywords,) = sent(URL + "?sslmode=verify-full&sslrootcert=/rds.pem")
    assert keywords["sslmode"] == "verify-full"
    for mode in ("disable", "allow", "prefer"):
        with pytest.raises(
            SettingsError, match=f"sslmode must be one of require, verify-ca, verify-full, got '{mode}'"
        ):
            sent(f"{URL}?sslmode={mode}")


def test_asyncpg_and_the_drivers_of_mysql_are_told_in_their_own_way() -> None:
    arguments: dict[str, Any] = {}
    driver_of("asyncpg").require_tls(arguments)
    assert arguments == {"ssl": "require"}
    with pytest.raises(SettingsError, match="got False"):
        driver_of("asyncpg").require_tls({"ssl": False})
    arguments = {}
    driver_of("pymysql").require_tls(arguments)
    assert isinstance(arguments["ssl"], ssl.SSLContext)
    verified = {"ssl_ca": "/rds.pem"}
    driver_of("pymysql").require_tls(verified)
    assert verified == {"ssl_ca": "/rds.pem"}
    with pytest.raises(SettingsError, match="remove ssl_disabled"):
        driver_of("pymysql").require_tls({"ssl_disabled": True})


class Mode(IntEnum):
    """As asyncpg's own SSLMode."""

    disable = 0
    prefer = 2
    require = 3
    verify_full = 5


def test_asyncpg_keeps_what_encrypts() -> None:
    context = ssl.create_default_context()
    for given in (True, context, "require", "verify-full", Mode.require, Mode.verify_full):
        arguments = {"ssl": given}
        driver_of("asyncpg").require_tls(arguments)
        assert arguments == {"ssl": given}


def test_nobody_gets_a_token_for_anything_else() -> None:
    modes = (Mode.disable, Mode.prefer)
    for given in (False, 0, 1, "", "disable", "prefer", "allow", *modes, object()):
        for name, key in (("asyncpg", "ssl"), ("psycopg", "sslmode"), ("psycopg2", "sslmode")):
            with pytest.raises(SettingsError, match="IAM authentication needs TLS"):
                driver_of(name).require_tls({key: given})


def test_libpq_takes_a_mode_by_its_name_only() -> None:
    for given in (True, Mode.require, ssl.create_default_context()):
        with pytest.raises(SettingsError, match="sslmode must be one of require"):
            driver_of("psycopg").require_tls({"sslmode": given})


@pytest.mark.parametrize("driver", ["postgresql+psycopg", "postgresql+psycopg2"])
def test_a_socket_which_has_no_tls_gets_no_token(driver: str) -> None:
    for host in ("/run", "@abstract"):
        with pytest.raises(SettingsError, match="got a Unix socket, which has no TLS"):
            sent(f"{driver}://app@/orders?host={host}")
    with pytest.raises(SettingsError, match="got a Unix socket"):
        sent("mysql+pymysql://app@db.example/orders?unix_socket=/run/mysql.sock")


def test_the_region_that_is_given_counts_before_the_tasks_own() -> None:
    engine = sqlalchemy.create_engine(URL)
    iam.authenticate_with_iam(engine, region="us-east-2")
    seen: list[str] = []

    def connect(_dialect: object, _record: object, _arguments: object, keywords: dict[str, Any]) -> None:
        seen.append(keywords["password"])
        raise RefusedError

    sqlalchemy.event.listen(engine, "do_connect", connect)
    with pytest.raises(RefusedError):
        engine.connect()
    (token,) = seen
    assert "us-east-2" in token
    assert "eu-west-1" not in token


def test_aiomysql_which_goes_on_without_tls_where_it_is_not_offered_gets_no_token() -> None:
    with pytest.raises(SettingsError, match=r"aiomysql sends the token without .* use mysql\+pymysql"):
        driver_of("aiomysql").require_tls({"ssl_ca": "/rds.pem"})


def test_what_stands_in_the_place_of_a_mode_is_not_quoted() -> None:
    for name, key in (("psycopg", "sslmode"), ("asyncpg", "ssl")):
        with pytest.raises(SettingsError, match="got something else: change it in the URL") as caught:
            driver_of(name).require_tls({key: "hunter-two"})
        assert "hunter-two" not in str(caught.value)


@pytest.mark.parametrize("driver", ["postgresql+asyncpg", "postgresql+psycopg"])
def test_an_async_engine_signs_its_connections_too(driver: str) -> None:
    async def password() -> str:
        engine = create_async_engine(f"{driver}://app@db.example:6432/orders", environ=container(DB_IAM_AUTH="true"))
        seen: list[str] = []

        def connect(_dialect: object, _record: object, _arguments: object, keywords: dict[str, Any]) -> None:
            seen.append(keywords["password"])
            raise RefusedError

        sqlalchemy.event.listen(engine.sync_engine, "do_connect", connect)
        with pytest.raises(RefusedError):
            await engine.connect()
        return seen[0]

    assert asyncio.run(password()).startswith("db.example:6432/?Action=connect&DBUser=app&")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg:///orders",
        "postgresql+psycopg://db.example/orders",
        "postgresql+psycopg://app@/orders?host=one:5432&host=two:5433",
    ],
)
def test_a_url_without_host_or_user_says_what_is_needed(url: str) -> None:
    with pytest.raises(SettingsError, match="needs one host and a user in the URL"):
        sent(url)


def test_a_missing_region_and_missing_credentials_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    with pytest.raises(SettingsError, match="needs a region: ECS sets AWS_REGION"):
        sent(URL)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    with pytest.raises(SettingsError, match=r"no IAM token can be signed \(NoCredentialsError\)"):
        sent(URL)


def test_without_the_variable_the_password_of_the_url_is_used() -> None:
    engine = create_engine("postgresql+psycopg://app:own@db.example/orders", environ=container())
    seen: list[Any] = []

    def connect(_dialect: object, _record: object, _arguments: object, keywords: dict[str, Any]) -> None:
        seen.append(keywords["password"])
        raise RefusedError

    sqlalchemy.event.listen(engine, "do_connect", connect)
    with pytest.raises(RefusedError):
        engine.connect()
    assert seen == ["own"]
