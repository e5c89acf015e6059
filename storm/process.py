"""One process of a task: a real engine, and clients that ask it for one thing after another."""

import asyncio
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storm.counters import Counters
from storm.server import REFUSED

AFTER_AN_ERROR_S = 2.0
"""A client that was turned away asks again after that."""
_REQUEST = text("SELECT pg_sleep(:seconds)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a process does until it is told to stop."""

    url: str
    """Of asyncpg, for clients in one event loop, or of psycopg, for clients in threads."""
    options: Mapping[str, Any]
    """Of `create_engine`."""
    clients: int
    """How many want a connection at once."""
    request_s: float
    """How long each keeps it."""
    counters: Counters = field(default_factory=Counters)


def run(work: Work) -> None:
    """Work until SIGTERM, then finish what is in hand, begin nothing, and close every connection."""
    if "asyncpg" in work.url:
        asyncio.run(_run_async(work))
    else:
        _run_threads(work)


async def _run_async(work: Work) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    engine = create_async_engine(work.url, **work.options)
    waiting: set[asyncio.Task[None]] = set()
    clients = [asyncio.create_task(_async_client(engine, work, stop, waiting)) for _ in range(work.clients)]
    await stop.wait()
    for client in waiting:  # where connections are refused, nobody wakes them before pool_timeout
        client.cancel()
    await asyncio.wait(clients)
    await engine.dispose()


async def _async_client(
    engine: AsyncEngine, work: Work, stop: asyncio.Event, waiting: set["asyncio.Task[None]"]
) -> None:
    me = asyncio.current_task()
    while me is not None and not stop.is_set():
        started = time.perf_counter()
        waiting.add(me)
        try:
            async with engine.connect() as connection:
                waiting.discard(me)
                waited = time.perf_counter() - started
                if stop.is_set():
                    return
                await connection.execute(_REQUEST, {"seconds": work.request_s})
            work.counters.serve(waited)
        except Exception as error:  # noqa: BLE001 - whatever a client meets is counted
            waiting.add(me)
            _count(work.counters, error)
            await asyncio.sleep(AFTER_AN_ERROR_S)


def _run_threads(work: Work) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    engine = create_engine(work.url, **work.options)

    def client() -> None:
        while not stop.is_set():
            started = time.perf_counter()
            try:
                with engine.connect() as connection:
                    waited = time.perf_counter() - started
                    if stop.is_set():
                        return
                    connection.execute(_REQUEST, {"seconds": work.request_s})
                work.counters.serve(waited)
            except Exception as error:  # noqa: BLE001 - whatever a client meets is counted
                _count(work.counters, error)
                stop.wait(AFTER_AN_ERROR_S)

    threads = [threading.Thread(target=client) for _ in range(work.clients)]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join()
    engine.dispose()


def _count(counters: Counters, error: BaseException) -> None:
    if isinstance(error, PoolTimeoutError):
        counters.time_out()
    elif refused(error):
        counters.refuse()
    else:
        counters.fail()


def refused(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is the server's "too many connections".

    asyncpg has the SQLSTATE; of a connection that is refused, libpq and so psycopg only has the words.
    """
    while error is not None:
        if getattr(error, "sqlstate", None) == REFUSED:
            return True
        words = str(error)
        if "remaining connection slots are reserved" in words or "too many clients already" in words:
            return True
        error = error.__cause__ or error.__context__
    return False
