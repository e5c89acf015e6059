"""Both budgets fit, and the way from one to the other does not."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally, tally
from constructs_lib.budget.transition import transition
from constructs_lib.budget.transition.steps import steps


def _look(sums: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = sums.document
    if document.deployed is None:
        return
    deployed = tally(document.deployed)
    for name, bounds in transition(deployed, sums).databases.items():
        broken = [bound for bound in bounds if not bound.holds]
        if broken:
            yield (
                Subject("databases", name),
                "; ".join(bound.message("while the change deploys") for bound in broken),
                steps(document.deployed, document, name),
            )


RULE = Rule(
    id="transition-overcommitted",
    severity=Severity.ERROR,
    title="old and new tasks together exceed the server",
    why="while a change deploys, old tasks keep their old pools beside new tasks with new ones",
    example=(
        "of 670 connections the API had 400 and the workers 200; the change gives the API 200 and the workers 400."
        " Either fits, but where the workers deploy first, 400 + 400 can be open"
    ),
    remedy="deploy in two steps: what shrinks first, and once that is stable what grows",
    source='Amazon ECS Developer Guide, "Deploy Amazon ECS services by replacing tasks"',
    look=_look,
)
