"""Connections set aside."""

import pytest

from constructs_lib.budget.scenario import Scenario
from constructs_lib.budget.schema import DocumentError
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.workloads import Reservation


def reservation(connections: object) -> Reservation:
    entry = {"kind": "reserved", "database": "orders", "connections": connections}
    read = Reservation.read("reports", entry, "workloads.reports")
    assert isinstance(read, Reservation)
    return read


def test_a_reservation_is_the_same_in_every_scenario() -> None:
    demand = reservation(20).demand()
    assert demand.connections(20) == (20, 20, 20)
    assert not demand.unbounded
    assert reservation(20).arithmetic(Scenario.DEPLOYING, PoolSize(20, 0)) == "20 reserved"


def test_a_reservation_of_nothing_is_allowed_and_unlimited_is_not() -> None:
    assert not reservation(0).demand().unbounded
    for value in (-1, 1.5, None, {"unknown": "a token"}):
        with pytest.raises(DocumentError, match=r"^workloads\.reports\.connections: must be a whole number from 0 to"):
            reservation(value)


def test_a_reservation_assumes_nothing() -> None:
    assert reservation(20).assumptions() == ()
