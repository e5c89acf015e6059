"""Values shown in messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.limits.unknown import Unknown, at_least, largest_of, quoted, sum_of

NUMBERS = st.lists(st.integers(0, 9) | st.builds(Unknown, st.just("why"), st.integers(0, 9)), min_size=1)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("db.r6g.large", "'db.r6g.large'"), (683, "683"), (1.5, "1.5"), ("a\0b", r"'a\x00b'"), (None, "None")],
)
def test_a_value_is_shown_as_it_was_written(value: object, shown: str) -> None:
    assert quoted(value) == shown


@given(
    st.text() | st.integers() | st.floats() | st.integers(10**900, 10**999) | st.just("x" * 10**6) | st.just("\0" * 100)
)
def test_whatever_a_value_is_it_is_shown_in_one_short_line(value: object) -> None:
    shown = quoted(value)
    assert 0 < len(shown) <= 70
    assert "\n" not in shown


def test_a_number_that_python_refuses_to_print_is_described() -> None:
    assert quoted(10**10000) == "an integer of 33220 bits"


@given(NUMBERS)
def test_several_numbers_are_unknown_where_one_is_and_no_lower_than_what_is_known(numbers: list[int | Unknown]) -> None:
    lows = [at_least(number) for number in numbers]
    assert (at_least(largest_of(numbers)), at_least(sum_of(numbers))) == (max(lows), sum(lows))
    doubtful = any(isinstance(number, Unknown) for number in numbers)
    assert isinstance(largest_of(numbers), Unknown) is isinstance(sum_of(numbers), Unknown) is doubtful


def test_nothing_adds_up_to_0() -> None:
    assert sum_of([]) == 0
