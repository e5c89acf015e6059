"""Engines in processes that are forked.

A forked child inherits the sockets of its parent's connections. It must neither use nor close them: they stay the
parent's.
"""

import os
from typing import TYPE_CHECKING
from weakref import WeakSet

from constructs_lib.runtime.settings_error import SettingsError

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy.ext.asyncio import AsyncEngine

_renewed: "WeakSet[sqlalchemy.Engine]" = WeakSet()
_emptied: "WeakSet[sqlalchemy.Engine]" = WeakSet()


def renew_after_fork(engine: "sqlalchemy.Engine") -> None:
    """Give the engine an empty pool in every child that is forked from now on; whatever the budget made has this."""
    _renewed.add(engine)


def dispose_after_fork(*engines: "sqlalchemy.Engine | AsyncEngine") -> None:
    """Close what a process that forks has in its pools, before every fork: for Celery's prefork and gunicorn --preload.

    Such a parent has no work for its connections, and no part in the budget. A pool of which a connection is in use is
    left alone, and an asynchronous engine's, which only its event loop can close: `await engine.dispose()` there.
    """
    import sqlalchemy

    for engine in engines:
        sync_engine: object = getattr(engine, "sync_engine", engine)
        if not isinstance(sync_engine, sqlalchemy.Engine):
            raise SettingsError(
                f"dispose_after_fork takes engines of create_engine or create_async_engine, got {type(engine).__name__}"
            )
        renew_after_fork(sync_engine)
        _emptied.add(sync_engine)


def _before() -> None:
    for engine in list(_emptied):
        in_use = getattr(engine.pool, "checkedout", lambda: 0)
        if not engine.dialect.is_async and not in_use():
            engine.dispose()


def _in_child() -> None:
    for engine in list(_renewed):
        engine.dispose(close=False)


if hasattr(os, "register_at_fork"):  # Windows does not fork
    os.register_at_fork(before=_before, after_in_child=_in_child)
