"""The drivers of MySQL and MariaDB."""

from typing import Any

from constructs_lib.runtime.driver import CLIENT_MARGIN_S, Driver, no_client_timeout
from constructs_lib.runtime.settings import Settings
from constructs_lib.runtime.settings_error import SettingsError

PORT = 3306


def _pymysql(settings: Settings) -> dict[str, Any]:
    """Behind a pooler the client alone keeps the time, and gives its connection up for it."""
    arguments = {"program_name": settings.application_name}
    timeout_s = settings.statement_timeout_s
    if timeout_s is None:
        return arguments
    patience_s = timeout_s if settings.behind_pooler else timeout_s + CLIENT_MARGIN_S
    timeouts = {"read_timeout": patience_s, "write_timeout": patience_s}
    return arguments | timeouts | ({} if settings.behind_pooler else {"init_command": _limited(timeout_s)})


def _aiomysql(settings: Settings) -> dict[str, Any]:
    arguments = {"program_name": settings.application_name}
    if settings.statement_timeout_s is None:
        return arguments
    if settings.behind_pooler:
        limit = f"max_execution_time = {settings.statement_timeout_s * 1000}"
        instead = f"set {limit} in the server's parameter group (MariaDB: max_statement_time, in seconds)"
        raise no_client_timeout("aiomysql", settings, instead)
    return arguments | {"init_command": _limited(settings.statement_timeout_s)}


def _limited(timeout_s: int) -> str:
    """MySQL limits its SELECTs, in milliseconds; MariaDB every statement, in seconds. Each reads its own comment."""
    return f"SET SESSION /*!50708 max_execution_time = {timeout_s * 1000} */ /*M! max_statement_time = {timeout_s} */"


def _require_tls(arguments: dict[str, Any]) -> None:
    """PyMySQL then refuses a server without TLS."""
    if arguments.get("ssl_disabled") or arguments.get("ssl") is False:
        raise SettingsError("IAM authentication needs TLS: remove ssl_disabled")
    if not any(arguments.get(key) for key in ("ssl", "ssl_ca", "ssl_verify_cert", "ssl_verify_identity")):
        import ssl

        # encrypted, as sslmode=require is: whose certificate it is can be told only with the authority's, by ssl_ca
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        arguments["ssl"] = context


def _no_tls(_arguments: dict[str, Any]) -> None:
    raise SettingsError(
        "IAM authentication needs TLS, and aiomysql sends the token without where the server, or somebody in between,"
        " does not offer it: use mysql+pymysql, or a password of Secrets Manager's"
    )


DRIVERS = (
    Driver(name="pymysql", port=PORT, connect_args=_pymysql, require_tls=_require_tls),
    Driver(name="aiomysql", port=PORT, connect_args=_aiomysql, require_tls=_no_tls),
)
