from storm.rehearsal import PHASES, Outcome, PhaseOutcome
from storm.sizing import SIZINGS
from storm.word import broken
from tests.storm.test_sizing import DEPLOYMENT


def said(peak: int = 84, **in_phase: tuple[int, int, int]) -> list[str]:
    """What is said of the budget whose plan is 84; of a phase (its name without dash) refused, timed out, failed."""
    outcome = Outcome(sizing=SIZINGS["budget"], pool=SIZINGS["budget"].size(DEPLOYMENT, "api"))
    for name in PHASES:
        refused, timed_out, failed = in_phase.get(name.replace("-", "_"), (0, 0, 0))
        outcome.phases.append(
            PhaseOutcome(
                name=name,
                began_s=0,
                ended_s=1,
                peak=peak if name == "deployment" else 1,
                refused=refused,
                served=9,
                timed_out=timed_out,
                failed=failed,
            )
        )
    return list(broken(outcome, DEPLOYMENT))


def test_the_plans_peak_and_no_refusal_is_a_word_that_was_kept() -> None:
    assert said() == []


def test_a_refusal_breaks_it_in_any_phase() -> None:
    assert said(crash=(1, 0, 0), failover=(2, 0, 0)) == ["3 connections were refused"]


def test_a_peak_beside_the_plans_breaks_it_in_both_directions() -> None:
    for peak in (83, 85):
        assert said(peak=peak) == [f"the peak was {peak} connections, and the plan says 84"]


def test_a_request_that_failed_breaks_it_except_where_its_session_was_ended() -> None:
    assert said(crash=(0, 0, 5), failover=(0, 0, 5)) == []
    assert said(scale_out=(0, 0, 1)) == ["1 requests failed in the scale-out"]


def test_a_request_that_waited_too_long_breaks_it_in_any_phase() -> None:
    assert said(failover=(0, 1, 0)) == ["1 requests waited too long in the failover"]
