"""What an engine gets from the budget only once its driver is known, from its URL."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy

from constructs_lib.runtime.drivers import driver_of
from constructs_lib.runtime.forking import renew_after_fork
from constructs_lib.runtime.pool_options import pool_options
from constructs_lib.runtime.settings import Settings
from constructs_lib.runtime.settings_error import SettingsError

NAME = "connection_budget"
"""Of the plugin, and of the keyword of `create_engine` that hands it the settings."""

SIZES = ("pool_size", "max_overflow")
"""What the sum is made of: the other options of a pool are the caller's to change."""


class EnginePlugin(sqlalchemy.CreateEnginePlugin):
    """Adds the driver's `connect_args`, an empty pool after a fork, and IAM tokens where the budget says so."""

    def __init__(self, url: sqlalchemy.URL, kwargs: dict[str, Any]) -> None:
        super().__init__(url, kwargs)
        self._settings = _given(kwargs)
        if kwargs.get("creator") is not None:
            raise SettingsError(
                "creator (async_creator) cannot be given beside the budget, whose application name, time limits and IAM"
                " tokens would not reach the connections that it makes: use the URL and connect_args instead"
            )
        budgeted = driver_of(url.get_dialect().driver).connect_args(self._settings)
        kwargs["connect_args"] = _joined(budgeted, kwargs.get("connect_args") or {}, url.query, self._settings)

    def update_url(self, url: sqlalchemy.URL) -> sqlalchemy.URL:
        """Leave it: the plugin has no parameters of its own there."""
        return url

    def engine_created(self, engine: sqlalchemy.Engine) -> None:
        """SQLAlchemy calls this; also for the engine inside of an asynchronous one."""
        renew_after_fork(engine)
        if self._settings.iam_auth:
            from constructs_lib.runtime.iam import authenticate_with_iam

            authenticate_with_iam(engine)


def register() -> None:
    """Make the plugin known where the package's metadata, which name it too, are not installed."""
    from sqlalchemy.dialects import plugins

    plugins.register(NAME, __name__, EnginePlugin.__name__)


def _given(kwargs: dict[str, Any]) -> Settings:
    settings = kwargs.pop(NAME, None)
    if not isinstance(settings, Settings):
        raise SettingsError(f"the plugin {NAME} needs all that engine_options() returns: create_engine(url, **those)")
    changed = [key for key, value in pool_options(settings).items() if key in SIZES and kwargs.get(key, value) != value]
    if changed:
        raise SettingsError(
            f"{', '.join(changed)} beside engine_options() is not what the budget wrote into {settings.prefix}*: leave"
            " it out, and change the workload's pool_size and max_overflow in the budget"
        )
    given = kwargs.get("connect_args")
    if not isinstance(given or {}, Mapping):
        raise SettingsError(f"connect_args must be a dict of the driver's arguments, got {type(given).__name__}")
    return settings


def _joined(
    budgeted: dict[str, Any], given: Mapping[str, Any], query: Mapping[str, Any], settings: Settings
) -> dict[str, Any]:
    """Both sides' arguments; where both have one, the caller's, unless it holds several: then all of both."""
    joined = {**budgeted, **given}
    if "server_settings" in budgeted:
        joined["server_settings"] = {**budgeted["server_settings"], **given.get("server_settings", {})}
    if "options" in budgeted:  # libpq's; the last word counts
        parts = (budgeted["options"], query.get("options"), given.get("options"))
        joined["options"] = " ".join(dict.fromkeys(part for part in parts if isinstance(part, str)))
    if "init_command" in budgeted:  # MySQL's drivers take one statement
        own = {query.get("init_command"), given.get("init_command")} - {None, budgeted["init_command"]}
        if own:
            raise SettingsError(
                f"{settings.prefix}STATEMENT_TIMEOUT and an init_command of your own exclude each other, because the"
                f" driver takes one: remove the variable, and add to yours what it stands for,"
                f" {budgeted['init_command']}"
            )
    return joined
