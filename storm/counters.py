"""What the clients of one process went through, in memory that outlives the process."""

import math
from collections.abc import Iterable, Sequence
from ctypes import c_uint64
from multiprocessing.sharedctypes import RawArray
from typing import Any

GROWTH = 1.05
"""Each bucket of waits is 5 % wider than the one before: that is how exact a percentile is."""
BUCKETS = 400
"""The last begins beyond five minutes."""
_SERVED, _REFUSED, _TIMED_OUT, _FAILED, _WAITS = range(5)


class Counters:
    """Requests by how they ended, and how long each waited for its connection.

    Shared memory without a lock: one process writes, and it may be killed at any moment.
    """

    def __init__(self) -> None:
        self._numbers: Any = RawArray(c_uint64, _WAITS + BUCKETS)

    served = property(lambda self: int(self._numbers[_SERVED]), doc="Requests that got what they asked for.")
    refused = property(lambda self: int(self._numbers[_REFUSED]), doc="Connections that the server refused: 53300.")
    timed_out = property(lambda self: int(self._numbers[_TIMED_OUT]), doc="Requests that the pool let wait too long.")
    failed = property(lambda self: int(self._numbers[_FAILED]), doc="Requests that ended in any other error.")

    @property
    def waits(self) -> list[int]:
        """How many requests waited how long, by bucket."""
        return list(self._numbers[_WAITS:])

    def serve(self, wait_s: float) -> None:
        """Count a request that was served, and its wait."""
        self._numbers[_SERVED] += 1
        bucket = int(math.log(max(1.0, wait_s * 1e6), GROWTH))
        self._numbers[_WAITS + min(bucket, BUCKETS - 1)] += 1

    def refuse(self) -> None:
        """Count a connection that the server refused."""
        self._numbers[_REFUSED] += 1

    def time_out(self) -> None:
        """Count a request that the pool gave up on."""
        self._numbers[_TIMED_OUT] += 1

    def fail(self) -> None:
        """Count a request that failed otherwise."""
        self._numbers[_FAILED] += 1


def percentile_s(waits: Iterable[Sequence[int]], percent: float) -> float | None:
    """The wait that so many percent of the requests did not exceed, by the upper edge of its bucket; None of none."""
    merged = [sum(column) for column in zip(*waits, strict=True)]
    wanted = sum(merged) * percent / 100
    seen = 0
    for bucket, number in enumerate(merged):
        seen += number
        if number and seen >= wanted:
            return float(GROWTH ** (bucket + 1)) / 1e6
    return None
