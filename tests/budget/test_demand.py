"""What one workload asks for."""

from constructs_lib.budget.demand import Demand
from constructs_lib.budget.scenario import PerScenario
from constructs_lib.budget.split import PoolSize
from constructs_lib.limits import Unknown


def test_connections_are_pools_times_what_each_can_open() -> None:
    assert Demand(pools=PerScenario(4, 8, 16), fixed=None).connections(15) == (60, 120, 240)


def test_clients_that_share_connections_need_fewer_rounded_up() -> None:
    """4 × 15 = 60 clients at 8 to a connection need 7.5, so 8; 120 need 15, 240 need 30."""
    demand = Demand(pools=PerScenario(4, 8, 16), fixed=None, multiplexing=8)
    assert demand.connections(15) == (8, 15, 30)


def test_an_unknown_number_of_pools_is_an_unknown_number_of_connections() -> None:
    for multiplexing in (1, 8):
        demand = Demand(pools=Unknown("a token"), fixed=None, multiplexing=multiplexing)
        assert demand.connections(15) == Unknown("a token")
        assert demand.sizing_pools == 1


def test_a_service_that_is_switched_off_is_sized_as_if_it_had_one_pool() -> None:
    assert Demand(pools=PerScenario(0, 0, 0), fixed=None).sizing_pools == 1
    assert Demand(pools=PerScenario(0, 2, 4), fixed=None).sizing_pools == 4


def test_a_reservation_of_nothing_is_no_pool_without_a_limit() -> None:
    assert Demand(pools=PerScenario(1, 1, 1), fixed=PoolSize(0, 0)).unbounded
    assert not Demand(pools=PerScenario(1, 1, 1), fixed=PoolSize(0, 0), pooled=False).unbounded
