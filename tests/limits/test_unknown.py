"""Values shown in messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.limits.unknown import quoted


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
