"""A deployment rehearsed from a synthesized template's own environment: the storm, in its short form."""

from collections.abc import Callable

import pytest

from constructs_lib.budget.workloads import Service
from storm.deployment import Deployment, synthesized
from storm.rehearsal import PHASES, Load, Outcome, Rehearsal
from storm.server import Server, Slots
from storm.sizing import SIZINGS
from storm.word import VIOLENT, broken

pytestmark = pytest.mark.synth
SHORT = Load(hold_s=0.3, clients=11, request_s=0.5)
"""More clients than the budget gives a process connections, and enough for the server to be full without it."""


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    return Deployment.of_template(synthesized(tmp_path_factory.mktemp("storm")))


@pytest.fixture
def rehearsed(server_with: Callable[[Slots], Server], deployment: Deployment) -> Callable[[str, str], Outcome]:
    def rehearse(sizing: str, last: str) -> Outcome:
        return Rehearsal(server_with(deployment.slots), deployment, SIZINGS[sizing], SHORT).run(last=last)

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


def test_with_the_budget_no_connection_is_refused(
    rehearsed: Callable[[str, str], Outcome], deployment: Deployment
) -> None:
    """Steady: 2 × 2 × 7 + 4 = 32; scaled out: 3 × 2 × 7 + 4 = 46; deploying: 12 × 7 + 4 = 88, as planned, not one more.

    What the crash leaves behind is at most the 46 of those who were killed, until the server has noticed.
    """
    outcome = rehearsed("budget", PHASES[-1])
    assert [phase.name for phase in outcome.phases] == list(PHASES)
    assert {phase.name: phase.refused for phase in outcome.phases} == dict.fromkeys(PHASES, 0)
    assert not any(counters.refused or counters.timed_out for counters in outcome.counters)
    assert deployment.peak == 88
    peaks = {phase.name: phase.peak for phase in outcome.phases}
    assert peaks == {"steady": 32, "scale-out": 46, "deployment": 88, "crash": 46, "failover": 46}
    assert 0 < outcome.left_behind <= 46
    crash = outcome.phases[PHASES.index("crash")]
    killed = [sample for sample in outcome.samples if crash.began_s <= sample.at_s < crash.ended_s]
    assert max(sample.left_behind for sample in killed) > 0, "who is killed closes nothing"
    assert list(broken(outcome, deployment)) == []
    assert {phase.name for phase in outcome.phases if phase.failed} <= set(VIOLENT)
    assert max(sample.connections for sample in outcome.samples) <= 46 + 46


def test_without_it_the_server_refuses(rehearsed: Callable[[str, str], Outcome]) -> None:
    """SQLAlchemy's 5 + 10 let 11 clients have 11: 6 × 11 + 4 = 70 fit into 110, 12 × 11 + 4 = 136 do not."""
    outcome = rehearsed("defaults", "deployment")
    steady, scaled_out, deploying = outcome.phases
    assert (steady.refused, scaled_out.refused) == (0, 0)
    assert deploying.refused >= 136 - 110
    assert outcome.refused >= sum(counters.refused for counters in outcome.counters) > 0


def test_a_worker_that_nothing_may_start_beside_is_replaced_in_its_place(
    server_with: Callable[[Slots], Server], deployment: Deployment
) -> None:
    """2 + 3 API tasks … 6 in the deployment, of two processes; 2 workers of two children, each started twice."""
    rehearsal = Rehearsal(server_with(deployment.slots), deployment, SIZINGS["budget"], SHORT)
    rehearsal.run(last="deployment")
    started = {name: len(tasks.counters) for name, tasks in rehearsal._tasks.items()}
    assert started == {"api": 6 * 2, "workers": (2 + 2) * 2}
