"""Waiting for a condition: as long as a loaded machine may need."""

import time
from collections.abc import Callable

from storm.sampler import Sampler

PATIENCE_S = 60
INTERVAL_S = 0.05


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Fail where the condition does not come true."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
        time.sleep(INTERVAL_S)


def wait_for_connections(sampler: Sampler, number: int) -> None:
    """Wait until there are so many, or more."""
    wait_until(lambda: sampler.latest >= number, f"{number} connections")


def wait_for_samples(sampler: Sampler, more: int) -> None:
    """Wait until so many more have been taken."""
    wanted = len(sampler.samples) + more
    wait_until(lambda: len(sampler.samples) >= wanted, f"{more} samples")
