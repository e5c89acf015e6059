"""How many tasks are alive at once."""

from dataclasses import replace
from typing import Any

import pytest

from constructs_lib.budget.fleet import Deployment, Fleet
from constructs_lib.budget.scenario import Scenario
from constructs_lib.limits import Unknown

IF = Unknown("Fn::If …")


def fleet(**keys: Any) -> Fleet:
    given = {
        "tasks": 4,
        "max_tasks": 8,
        "max_tasks_declared": False,
        "maximum_percent": 200,
        "deployment": Deployment.ROLLING,
    }
    return Fleet(**{**given, **keys})


def test_a_rolling_deployment_counts_old_and_new_tasks_together() -> None:
    """8 × 200 % = 16: scale-in is suspended while it lasts, so the largest number is the base."""
    assert fleet().live() == (4, 8, 16)


@pytest.mark.parametrize(("most", "percent", "deploying"), [(3, 150, 4), (1, 150, 1), (7, 110, 7), (10, 199, 19)])
def test_a_surge_is_rounded_down(most: int, percent: int, deploying: int) -> None:
    assert fleet(tasks=most, max_tasks=most, maximum_percent=percent).live() == (most, most, deploying)


@pytest.mark.parametrize("percent", [0, 50, 100])
def test_a_deployment_that_stops_tasks_first_never_counts_fewer_than_run_anyway(percent: int) -> None:
    assert fleet(maximum_percent=percent).live() == (4, 8, 8)


@pytest.mark.parametrize("deployment", sorted(set(Deployment) - {Deployment.ROLLING, Deployment.EXTERNAL}))
def test_blue_green_linear_and_canary_run_both_sets_whatever_the_percentage(deployment: Deployment) -> None:
    assert fleet(deployment=deployment, maximum_percent=100).live() == (4, 8, 16)
    assert fleet(deployment=deployment, maximum_percent=IF).live() == (4, 8, 16)


def test_an_external_controller_runs_as_many_sets_as_the_user_says_and_otherwise_nobody_knows() -> None:
    """3 sets of 8 tasks are 24."""
    assert fleet(deployment=Deployment.EXTERNAL, task_sets=3).live() == (4, 8, 24)
    words = fleet(deployment=Deployment.EXTERNAL, task_sets=3).arithmetic(Scenario.DEPLOYING)
    assert words == "3 × 8 tasks"
    unknown = fleet(deployment=Deployment.EXTERNAL).live()
    assert unknown == Unknown("the deployment controller is EXTERNAL and task_sets is not given")


def test_without_autoscaling_the_desired_count_is_the_most() -> None:
    assert fleet(max_tasks=None).live() == (4, 4, 8)


def test_a_desired_count_above_the_maximum_counts_as_the_most() -> None:
    assert fleet(tasks=10, max_tasks=8).live() == (10, 10, 20)


def test_a_service_that_is_switched_off_has_no_tasks_and_may_scale_out() -> None:
    assert fleet(tasks=0, max_tasks=None).live() == (0, 0, 0)
    assert fleet(tasks=0, max_tasks=2).live() == (0, 2, 4)


@pytest.mark.parametrize("key", ["tasks", "max_tasks", "maximum_percent", "deployment"])
def test_an_unknown_factor_makes_the_number_unknown(key: str) -> None:
    assert fleet(**{key: IF}).live() == IF
    assert fleet(**{key: IF}).arithmetic(Scenario.DEPLOYING) == "unknown tasks"


def test_a_maximum_that_the_user_gave_bounds_a_desired_count_that_cannot_be_read() -> None:
    assert fleet(tasks=IF, max_tasks_declared=True).live() == (8, 8, 16)
    assert fleet(tasks=replace(IF, at_least=8), max_tasks_declared=True).live() == (8, 8, 16)
    known = replace(IF, at_least=9)
    assert fleet(tasks=known, max_tasks_declared=True).live() == known
    assert fleet(tasks=IF, max_tasks=None, max_tasks_declared=True).live() == IF


@pytest.mark.parametrize(
    ("keys", "scenario", "words"),
    [
        ({}, Scenario.STEADY, "4 tasks"),
        ({}, Scenario.SCALED_OUT, "8 tasks"),
        ({}, Scenario.DEPLOYING, "8 tasks × 200 %"),
        ({"tasks": 1, "max_tasks": None}, Scenario.STEADY, "1 task"),
        ({"tasks": 3, "max_tasks": None, "maximum_percent": 150}, Scenario.DEPLOYING, "floor(3 tasks × 150 %)"),
        ({"maximum_percent": 100}, Scenario.DEPLOYING, "8 tasks"),
        ({"deployment": Deployment.CANARY}, Scenario.DEPLOYING, "2 × 8 tasks"),
        ({"deployment": Deployment.CANARY}, Scenario.SCALED_OUT, "8 tasks"),
    ],
)
def test_the_tasks_of_a_scenario_are_worded_as_a_product(keys: Any, scenario: Scenario, words: str) -> None:
    assert fleet(**keys).arithmetic(scenario) == words
