"""The engine that a caller hands over."""

from typing import TYPE_CHECKING

from constructs_lib.runtime.settings_error import SettingsError

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy.ext.asyncio import AsyncEngine


def require_engine(engine: "sqlalchemy.Engine", function: str) -> None:
    """Raise SettingsError where it is none for threads."""
    import sqlalchemy

    if hasattr(engine, "sync_engine"):
        raise SettingsError(
            f"{function} takes the engine of create_engine, got an AsyncEngine: await {function}_async(engine)"
        )
    if not isinstance(engine, sqlalchemy.Engine):
        raise SettingsError(
            f"{function} takes the engine of create_engine, got {type(engine).__name__}: hand that over"
        )


def require_async_engine(engine: "AsyncEngine", function: str) -> None:
    """Raise SettingsError where it is no asynchronous one."""
    if not hasattr(engine, "sync_engine"):
        raise SettingsError(
            f"{function} takes the engine of create_async_engine, got {type(engine).__name__}: hand that over, or call"
            f" {function.removesuffix('_async')}(engine) for one of create_engine"
        )
