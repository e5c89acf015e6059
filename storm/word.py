"""Whether a way to size pools kept its word."""

from collections.abc import Iterator

from storm.deployment import Deployment
from storm.rehearsal import Outcome

VIOLENT = ("crash", "failover")
"""The phases in which requests are lost whatever the pools: their sessions end in the middle."""


def broken(outcome: Outcome, deployment: Deployment) -> Iterator[str]:
    """Everything that happened and that the plan rules out, in words."""
    if outcome.refused:
        yield f"{outcome.refused} connections were refused"
    if outcome.peak != deployment.peak:
        yield f"the peak was {outcome.peak} connections, and the plan says {deployment.peak}"
    for phase in outcome.phases:
        if phase.timed_out:
            yield f"{phase.timed_out} requests waited too long in the {phase.name}"
        if phase.failed and phase.name not in VIOLENT:
            yield f"{phase.failed} requests failed in the {phase.name}"
