"""The change can be deployed, and not be taken back."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes.steps import steps
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.transition import deployable, servers, transition

MEND = (
    "if the change has to be taken back, take it back at a quiet hour, when few connections are open; better deploy"
    " another one that fits, for what was deployed before does not"
)


def _look(sums: Tally) -> Iterator[tuple[Subject, str, str]]:
    deployed = sums.deployed
    if deployed is None:
        return
    forward, back = transition(deployed, sums).databases, transition(sums, deployed).databases
    for old, new in servers(deployed, sums):
        if old is None or new is None:
            continue
        # what leads back to a budget that does not fit is worth a word only where it is worse than that one
        broken = [bound for bound in back[old.name] if not (bound.holds or bound.no_worse_than(bound.new))]
        if broken and deployable(forward[new.name], new):
            yield (
                Subject("databases", new.name),
                "; ".join(bound.message("if the change is rolled back") for bound in broken),
                f"to take it back, {steps(sums, deployed, old.name)}" if old.holds else MEND,
            )


RULE = Rule(
    id="rollback-overcommitted",
    severity=Severity.WARNING,
    title="the change fits, and its rollback does not",
    why="a rollback is a deployment, too, and a lower scaling maximum comes into force only when its tasks already run",
    example=(
        "the maximum grows from 4 to 8 tasks and the pools shrink from 80 to 40; a rollback can start 8 tasks with"
        " pools of 80 beside 8 with 40, 960 connections, before the maximum is 4 again"
    ),
    remedy="raise the maximum in a deployment of its own, after the one that shrinks the pools is known to be good",
    source='AWS CloudFormation User Guide, "Continue rolling back an update"',
    look=_look,
)
