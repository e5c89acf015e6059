"""A deployment rehearsed from a synthesized template's own environment: the storm, in its short form."""

from collections.abc import Callable

import pytest

from constructs_lib.budget.workloads import Service
from storm.deployment import Deployment, synthesized
from storm.rehearsal import PHASES, Load, Outcome, Rehearsal
from storm.server import Server, Slots
from storm.sizing import SIZINGS

pytestmark = pytest.mark.synth
SHORT = Load(hold_s=0.3)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    return Deployment.of_template(synthesized(tmp_path_factory.mktemp("storm")))


@pytest.fixture
def rehearsed(server_with: Callable[[Slots], Server], deployment: Deployment) -> Callable[[str], Outcome]:
    def rehearse(sizing: str) -> Outcome:
        return Rehearsal(server_with(deployment.slots), deployment, SIZINGS[sizing], SHORT).run()

    return rehearse


def test_the_environment_is_the_templates_own(deployment: Deployment) -> None:
    """120 − 9 − 10 = 101; − 4 Celery children − 1 = 96; 3 tasks × 200 % × 2 = 12 pools; 96 ÷ 12 = 8 → 5 + 2."""
    assert deployment.plan.fits
    assert deployment.slots == Slots(max_connections=120, superuser_reserved_connections=3, reserved_connections=6)
    assert deployment.usable == 101
    api = deployment.workloads["api"]
    assert isinstance(api, Service)
    assert api.found == {"app": dict(deployment.environments["api"])}
    pools = {name: SIZINGS["budget"].size(deployment, name) for name in deployment.workloads}
    assert pools == {"api": (5, 2), "workers": (1, 0)}


def test_with_the_budget_no_connection_is_refused(rehearsed: Callable[[str], Outcome], deployment: Deployment) -> None:
    """Deploying: 12 × 7 + 4 = 88 connections at once, and never more than the server has room for."""
    outcome = rehearsed("budget")
    assert [phase.name for phase in outcome.phases] == list(PHASES)
    assert {phase.name: phase.refused for phase in outcome.phases} == dict.fromkeys(PHASES, 0)
    assert not any(counters.refused or counters.timed_out for counters in outcome.counters)
    assert deployment.peak == 88
    assert outcome.phases[PHASES.index("deployment")].peak >= 88
    assert outcome.peak <= deployment.usable


def test_without_it_the_server_refuses(rehearsed: Callable[[str], Outcome]) -> None:
    """SQLAlchemy's 15 per pool: 4 pools fit, and 6, but not the 12 of a deployment; 100 + 20 does not even start."""
    outcome = rehearsed("defaults")
    assert outcome.phases[PHASES.index("deployment")].refused > 0
    assert outcome.refused >= sum(counters.refused for counters in outcome.counters) > 0
