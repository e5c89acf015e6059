"""IAM authentication: a token instead of a password, a fresh one for every new connection."""

import os
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from constructs_lib.runtime.driver import Driver
from constructs_lib.runtime.drivers import driver_of
from constructs_lib.runtime.settings_error import SettingsError

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy.ext.asyncio import AsyncEngine

_REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")


class TokenSource(Protocol):
    """What makes a token, as boto3's client of RDS does."""

    def generate_db_auth_token(self, DBHostname: str, Port: int, DBUsername: str) -> str:  # noqa: N803 - boto3's names
        """Sign a token, valid for 15 minutes."""


def authenticate_with_iam(engine: "sqlalchemy.Engine | AsyncEngine", *, region: str | None = None) -> None:
    """Give every connection that the engine opens from now on a token of its own, and no connection without TLS.

    The token is signed by boto3, with the credentials of the task's role, for the host, port and user of the URL: the
    host has to be the server's own name or its proxy's, not an alias. The certificate is verified where the URL names
    its authority (sslmode=verify-full and sslrootcert; ssl_ca).
    """
    from sqlalchemy import event

    driver = driver_of(engine.dialect.driver)
    event.listen(getattr(engine, "sync_engine", None) or engine, "do_connect", _with_token(driver, region))


def _with_token(driver: Driver, region: str | None) -> Callable[..., None]:
    def do_connect(_dialect: object, _record: object, _arguments: object, keywords: dict[str, Any]) -> None:
        host, user = keywords.get("host"), keywords.get("user")
        if not (isinstance(host, str) and host and "," not in host and isinstance(user, str) and user):
            raise SettingsError(
                "IAM authentication needs one host and a user in the URL, such as postgresql://app@db.example:5432/app"
            )
        if host.startswith(("/", "@")) or keywords.get("unix_socket"):
            raise SettingsError(
                "IAM authentication needs the host name of the server or proxy, got a Unix socket, which has no TLS:"
                " change the URL's host"
            )
        driver.require_tls(keywords)
        port = int(keywords.get("port") or driver.port)
        keywords["password"] = _signed(host, port, user, region)

    return do_connect


def _signed(host: str, port: int, user: str, region: str | None) -> str:
    try:
        from botocore.exceptions import BotoCoreError
    except ModuleNotFoundError:
        raise SettingsError("IAM authentication needs boto3: pip install 'rds-connection-budget[aws]'") from None
    try:
        source = token_source(region or _region())
        return source.generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user)
    except BotoCoreError as error:
        raise SettingsError(
            f"no IAM token can be signed ({type(error).__name__}): give the task a role that allows rds-db:connect"
        ) from None


@lru_cache(maxsize=8)
def token_source(region: str) -> TokenSource:
    """One client for each region: a token is signed without a call, a client takes long to make."""
    import boto3

    client: TokenSource = boto3.client("rds", region_name=region)
    return client


def _region() -> str:
    for name in _REGION:
        if region := os.environ.get(name, "").strip():
            return region
    raise SettingsError(
        f"IAM authentication needs a region: ECS sets {_REGION[0]} in every task; elsewhere set it by hand"
    )
