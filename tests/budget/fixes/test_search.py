"""Searching the number that fits."""

from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.budget.fixes.search import first, largest, share

few = st.integers(0, 60)


@given(few, few, few)
def test_the_largest_number_that_fits_is_found(low: int, high: int, bound: int) -> None:
    fitting = [number for number in range(low, high + 1) if number <= bound]
    assert largest(low, high, lambda number: number <= bound) == (fitting[-1] if fitting else None)


@given(st.lists(few).map(sorted), few)
def test_the_first_candidate_that_fits_is_found(candidates: list[int], bound: int) -> None:
    fitting = [index for index, number in enumerate(candidates) if number >= bound]
    assert first(candidates, lambda number: number >= bound) == (fitting[0] if fitting else None)


def test_a_change_is_measured_against_what_there_was() -> None:
    """26 of 200 are 130 ‰, whichever way; from nothing, every one counts in full."""
    assert (share(200, 174), share(200, 226), share(0, 2)) == (130, 130, 2000)
