"""Engines in processes that are forked."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy.ext.asyncio import AsyncEngine


def dispose_after_fork(*engines: "sqlalchemy.Engine | AsyncEngine") -> None:
    """Let every child of a Celery worker (prefork) open connections of its own; call it where the engines are made.

    A forked child inherits the sockets of its parent's connections. It must neither use nor close them: they stay the
    parent's.
    """
    from celery.signals import worker_process_init

    def dispose(**_: object) -> None:
        for engine in engines:
            sync_engine: sqlalchemy.Engine = getattr(engine, "sync_engine", None) or engine  # type: ignore[assignment]
            sync_engine.dispose(close=False)

    worker_process_init.connect(dispose, weak=False)
