"""Waiting for a condition: as long as a loaded machine may need."""

import time
from collections.abc import Callable

PATIENCE_S = 60
INTERVAL_S = 0.05


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Fail where the condition does not come true."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
        time.sleep(INTERVAL_S)
