"""Opening connections before the first request needs them."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from constructs_lib.runtime.given_engine import require_async_engine, require_engine

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

THREADS = 64
"""So many connections of a large pool are opened at a time."""


def warm(engine: "sqlalchemy.Engine") -> int:
    """Open a quarter of what the pool keeps, all at once, and give them to the pool; returns how many.

    Of a pool that keeps fewer than four, and of NullPool, it opens none. Where one cannot be opened, the others are
    kept and the error is raised.
    """
    require_engine(engine, "warm")
    count = _count(engine.pool)
    if not count:
        return 0
    with ThreadPoolExecutor(min(count, THREADS)) as threads:
        attempts = [threads.submit(engine.connect) for _ in range(count)]
    failures = [attempt.exception() for attempt in attempts]
    for attempt, failure in zip(attempts, failures, strict=True):
        if failure is None:
            attempt.result().close()
    _raise_first(failures)
    return count


async def warm_async(engine: "AsyncEngine") -> int:
    """Do as `warm` does, for an engine of `create_async_engine`."""
    require_async_engine(engine, "warm_async")
    count = _count(engine.pool)
    opened: list[AsyncConnection | BaseException] = await asyncio.gather(
        *(_open(engine) for _ in range(count)), return_exceptions=True
    )
    failures: list[BaseException | None] = []
    for connection in opened:
        if isinstance(connection, BaseException):
            failures.append(connection)
        else:
            await connection.close()
    _raise_first(failures)
    return count


async def _open(engine: "AsyncEngine") -> "AsyncConnection":
    return await engine.connect()


def _count(pool: "sqlalchemy.Pool") -> int:
    size = getattr(pool, "size", None)  # NullPool has none
    kept: int = size() if callable(size) else 0
    return kept // 4


def _raise_first(failures: Sequence[BaseException | None]) -> None:
    for failure in failures:
        if failure is not None:
            raise failure
