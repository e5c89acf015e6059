"""The number nearest to what there is that fits, given that fitting changes once along the way."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def largest(low: int, high: int, fits: Callable[[int], bool]) -> int | None:
    """The largest number from low to high that fits, given that smaller numbers fit more easily."""
    if low > high or not fits(low):
        return None
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def first(candidates: Sequence[T], fits: Callable[[T], bool]) -> int | None:
    """The index of the first candidate that fits, given that later ones fit more easily."""
    if not candidates or not fits(candidates[-1]):
        return None
    low, high = 0, len(candidates) - 1
    while low < high:
        middle = (low + high) // 2
        if fits(candidates[middle]):
            high = middle
        else:
            low = middle + 1
    return low


def share(before: int, after: int) -> int:
    """How much a number changes, in per mille of what it was."""
    return abs(after - before) * 1000 // max(before, 1)
