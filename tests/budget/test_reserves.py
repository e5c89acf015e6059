"""The user's word on a server's reserves."""

import pytest

from constructs_lib.budget.reserves import NOTHING_SAID, Reserves
from constructs_lib.budget.schema import DocumentError


@pytest.mark.parametrize("said", [{}, {"engine": 3}, {"admin": 0}, {"engine": 0, "admin": 10}])
def test_reserves_are_written_as_they_were_said(said: dict[str, int]) -> None:
    assert Reserves.read(said, "reserved").to_json() == said
    assert (Reserves.read(said, "reserved") == NOTHING_SAID) == (said == {})


def test_a_reserve_is_a_whole_number_that_is_not_negative() -> None:
    for value in (-1, 1.5, True, "3", None, [3]):
        with pytest.raises(DocumentError, match=r"^reserved\.admin: must be a whole number from 0"):
            Reserves.read({"admin": value}, "reserved")
