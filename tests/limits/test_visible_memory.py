"""How much memory the database sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.limits.visible_memory import GIB, MIB, gibibytes, visible_memory


def test_most_of_a_large_instance_is_visible() -> None:
    visible = visible_memory(16 * GIB)
    assert visible.low == 15995817164
    assert visible.high == 16 * GIB
    assert visible.step == "0.95 × 17179869184 − 310 MiB = 15995817164 bytes is assumed visible to the database"


def test_the_smallest_instances_lose_a_smaller_fixed_part_and_a_larger_share() -> None:
    assert visible_memory(GIB).step.startswith("0.80 × 1073741824 − 128 MiB")
    assert visible_memory(2 * GIB).step.startswith("0.95 × 2147483648 − 310 MiB")


@given(st.integers(1, 2**45), st.integers(1, 2**45))
def test_more_memory_is_never_less_visible(one: int, other: int) -> None:
    smaller, larger = sorted((one, other))
    assert visible_memory(smaller).low <= visible_memory(larger).low


@given(st.integers(1, 2**45))
def test_less_is_visible_than_there_is(nominal: int) -> None:
    visible = visible_memory(nominal)
    assert visible.low < visible.high == nominal


@pytest.mark.parametrize(
    ("memory", "shown"),
    [
        (16 * GIB, "16 GiB (17179869184 bytes)"),
        (15616 * MIB, "15.25 GiB (16374562816 bytes)"),
        (1740 * MIB, "1.7 GiB (1824522240 bytes)"),
        (1, "0 GiB (1 bytes)"),
    ],
)
def test_a_size_is_worded_in_gib_and_bytes(memory: int, shown: str) -> None:
    assert gibibytes(memory) == shown
