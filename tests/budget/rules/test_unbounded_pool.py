"""A pool without a limit."""

import pytest

from tests.budget.orders import entry, findings, only, planned


@pytest.mark.parametrize(
    ("pool_size", "max_overflow", "setting"),
    [(0, 10, "pool_size=0"), (5, -1, "max_overflow=-1"), (0, -1, "pool_size=0")],
)
def test_what_sqlalchemy_reads_as_no_limit_is_an_error(pool_size: int, max_overflow: int, setting: str) -> None:
    made = planned({"api": entry(pool_size=pool_size, max_overflow=max_overflow)})
    finding = only(made, "unbounded-pool")
    assert (finding.severity.value, finding.subject) == ("error", "api")
    assert finding.message == (
        f"api has {setting}, which SQLAlchemy reads as no limit at all:"
        " one process can take every connection of the server"
    )
    assert not made.fits


def test_the_smallest_pool_that_has_a_limit_has_one() -> None:
    made = planned({"api": entry(pool_size=1, max_overflow=0)})
    assert findings(made, "unbounded-pool") == []
    assert made.fits


def test_a_reservation_of_nothing_is_no_pool() -> None:
    assert planned({"reports": entry(kind="reserved", connections=0)}).fits
