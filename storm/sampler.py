"""How many connections there are, from the server's own view, again and again."""

import threading
import time
from collections import Counter
from types import TracebackType
from typing import NamedTuple

import psycopg

from storm.server import ROLE, Server

INTERVAL_S = 0.05
CONNECTIONS = 1
"""The sampler's own: any session takes a slot, so that it leaves one less to the applications."""
_QUERY = """
SELECT application_name, count(*), count(*) FILTER (WHERE backend_start < to_timestamp(%s))
FROM pg_stat_activity WHERE usename = %s GROUP BY 1
"""


class Sample(NamedTuple):
    """The applications' connections at one moment."""

    at_s: float
    """Since the sampler started."""
    by_name: Counter[str]
    """By application name."""
    left_behind: int = 0
    """Sessions among them whose client has been killed, or that the server is dropping: they are about to end."""

    @property
    def connections(self) -> int:
        """All of them."""
        return self.by_name.total()

    @property
    def of_the_living(self) -> int:
        """Those of clients that live: what a plan counts."""
        return self.connections - self.left_behind


class Sampler:
    """Samples pg_stat_activity in a thread, over one connection in a slot that is reserved for superusers."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection = psycopg.connect(server.conninfo("postgres"), autocommit=True)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._started = time.monotonic()
        self._left_at = 0.0
        self.samples: list[Sample] = []

    def __enter__(self) -> "Sampler":  # noqa: PYI034 - typing.Self is newer than Python 3.10
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._connection.close()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def leave_behind(self) -> None:
        """Take note that whatever session has begun until now is about to end."""
        self._left_at = self._server.clock_behind_the_queue()

    @property
    def latest(self) -> int:
        """The connections of the last sample."""
        return self.samples[-1].connections if self.samples else 0

    def peak(self, since_s: float = 0.0) -> int:
        """The most connections of living clients in any sample from a moment on."""
        return max((sample.of_the_living for sample in self.samples if sample.at_s >= since_s), default=0)

    def _run(self) -> None:
        while not self._stop.wait(INTERVAL_S):
            at_s = self.elapsed_s
            rows = self._connection.execute(_QUERY, [self._left_at, ROLE]).fetchall()
            by_name = Counter({name: connections for name, connections, _ in rows})
            self.samples.append(Sample(at_s, by_name, sum(left for _, _, left in rows)))
