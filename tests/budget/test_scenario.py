"""The three situations in which the sum is taken."""

from constructs_lib.budget.scenario import NOTHING, PerScenario, Scenario


def test_scenarios_are_named_in_the_order_in_which_connections_grow() -> None:
    assert [scenario.key for scenario in Scenario] == ["steady", "scaled_out", "deploying"]
    assert [scenario.title for scenario in Scenario] == ["steady", "scaled out", "deploying"]


def test_sums_are_taken_scenario_by_scenario_and_the_worst_is_the_peak() -> None:
    total = PerScenario(4, 8, 16).times(3).plus(PerScenario(100, 1, 1)).plus(NOTHING)
    assert total == (112, 25, 49)
    assert total.peak == 112
