"""The drivers of PostgreSQL."""

from collections.abc import Callable
from typing import Any

from constructs_lib.runtime.driver import CLIENT_MARGIN_S, Driver, no_client_timeout
from constructs_lib.runtime.settings import Settings
from constructs_lib.runtime.settings_error import SettingsError

PORT = 5432
_ENCRYPTED = ("require", "verify-ca", "verify-full")
_LAX = ("disable", "allow", "prefer")


def _libpq(driver: str) -> Callable[[Settings], dict[str, Any]]:
    def connect_args(settings: Settings) -> dict[str, Any]:
        arguments: dict[str, Any] = {"application_name": settings.application_name}
        if settings.statement_timeout_s is not None:
            if settings.behind_pooler:
                limit = f"ALTER ROLE app SET statement_timeout = '{settings.statement_timeout_s}s'"
                raise no_client_timeout(driver, settings, f"set it for the role, as in {limit}")
            arguments["options"] = f"-c statement_timeout={settings.statement_timeout_s * 1000}"
        if settings.behind_pooler and driver == "psycopg":
            arguments["prepare_threshold"] = None  # the next transaction may be lent another connection
        return arguments

    return connect_args


def plain_asyncpg(settings: Settings) -> dict[str, Any]:
    """The arguments of asyncpg's own `connect` and `create_pool`."""
    server_settings = {"application_name": settings.application_name}
    arguments: dict[str, Any] = {"server_settings": server_settings}
    timeout_s = settings.statement_timeout_s
    if timeout_s is not None and settings.behind_pooler:
        arguments["command_timeout"] = timeout_s
    elif timeout_s is not None:
        server_settings["statement_timeout"] = str(timeout_s * 1000)
        arguments["command_timeout"] = timeout_s + CLIENT_MARGIN_S
    if settings.behind_pooler:
        arguments["statement_cache_size"] = 0
    return arguments


def _asyncpg(settings: Settings) -> dict[str, Any]:
    arguments = plain_asyncpg(settings)
    if settings.behind_pooler:  # SQLAlchemy prepares every statement itself, and keeps those
        arguments |= {"prepared_statement_cache_size": 0, "prepared_statement_name_func": _unnamed}
    return arguments


def _unnamed() -> str:
    """An unnamed statement is gone with the next one: no name that another client's connection has already."""
    return ""


def _require_tls(key: str, *, contexts: bool = False) -> Callable[[dict[str, Any]], None]:
    """For a driver whose argument `key` is the name of a mode, or, with `contexts`, asyncpg's other forms of it."""

    def require_tls(arguments: dict[str, Any]) -> None:
        given = arguments.get(key)
        if given is None:
            arguments[key] = "require"
            return
        if contexts and (given is True or _is_context(given)):
            return
        name = given if isinstance(given, str) else getattr(given, "name", None) if contexts else None
        mode = name.replace("_", "-") if isinstance(name, str) else None
        if mode not in _ENCRYPTED:
            got = repr(given) if given in (False, *_LAX) else "something else"
            raise SettingsError(
                f"IAM authentication needs TLS: {key} must be one of {', '.join(_ENCRYPTED)}, got {got}: change it in"
                " the URL or in connect_args"
            )

    return require_tls


def _is_context(given: object) -> bool:
    import ssl

    return isinstance(given, ssl.SSLContext)


DRIVERS = (
    Driver(name="psycopg", port=PORT, connect_args=_libpq("psycopg"), require_tls=_require_tls("sslmode")),
    Driver(name="psycopg2", port=PORT, connect_args=_libpq("psycopg2"), require_tls=_require_tls("sslmode")),
    Driver(name="asyncpg", port=PORT, connect_args=_asyncpg, require_tls=_require_tls("ssl", contexts=True)),
)
