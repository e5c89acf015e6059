"""What is different from one database driver to the next: how a connection gets its name and its time limits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from constructs_lib.budget import variables as names
from constructs_lib.runtime.settings import Settings
from constructs_lib.runtime.settings_error import SettingsError

CLIENT_MARGIN_S = 5
"""A client that gives up by itself waits so much longer than the server is told to: its cancellation says more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One driver by SQLAlchemy's name for it."""

    name: str
    port: int
    """Where its servers listen when a URL does not say."""
    connect_args: Callable[[Settings], dict[str, Any]]
    """The arguments of its `connect`. Raises SettingsError for what the driver cannot do."""
    require_tls: Callable[[dict[str, Any]], None]
    """Change the arguments of a connection such that it is encrypted or fails. Raises SettingsError for a refusal."""


def no_client_timeout(driver: str, settings: Settings, instead: str) -> SettingsError:
    """For a driver that leaves time limits to the server, which a pooler in between does not let it set."""
    return SettingsError(
        f"{settings.prefix}{names.STATEMENT_TIMEOUT} cannot be kept by {driver} behind a proxy or pooler, which takes"
        f" no settings for a session, got {settings.statement_timeout_s}: remove the variable, and {instead}"
    )
