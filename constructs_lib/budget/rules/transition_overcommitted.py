"""The way from one budget to the other does not fit, and is not the mending of one that does not fit either."""

from collections.abc import Iterator
from dataclasses import replace

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import WaysOut, part_of, ways_out
from constructs_lib.budget.fixes.steps import steps
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.transition import deployable, passage, transition


def _look(sums: Tally) -> Iterator[tuple[Subject, str, WaysOut]]:
    if sums.deployed is None:
        return
    document, base = sums.document, sums.deployed.document
    for name, bounds in transition(sums.deployed, sums).databases.items():
        if deployable(bounds, sums.databases[name]):
            continue  # where it does not hold, transition-from-overcommitted says so
        # where nothing changes nothing deploys, and what is wrong has its own finding
        if not (name in base.databases and part_of(base, name) == part_of(document, name)):
            yield (
                Subject("databases", name),
                "; ".join(bound.message("while the change deploys") for bound in bounds if not bound.holds),
                _ways(sums.deployed, sums, name),
            )


def _ways(base: Tally, head: Tally, name: str) -> WaysOut:
    """Two steps, where there are; and what to deploy instead to have it in one, each tried against what is deployed."""
    way = passage(base, head, name)
    found = ways_out(head, name, goal=lambda tried: all(bound.holds for bound in way.bounds(tried)))
    return replace(found, lead=steps(base, head, name), fits_with="in one step it fits with")


RULE = Rule(
    id="transition-overcommitted",
    severity=Severity.ERROR,
    title="old and new tasks together exceed the server",
    why="while a change deploys, old tasks keep their old pools beside new tasks with new ones",
    example=(
        "of 670 connections the API had 400 and the workers 200; the change gives the API 200 and the workers 400."
        " Either fits, but where the workers deploy first, 400 + 400 can be open"
    ),
    remedy="deploy in two steps: what goes and what shrinks first, and once that is stable what comes and what grows",
    source='Amazon ECS Developer Guide, "Deploy Amazon ECS services by replacing tasks"',
    look=_look,
)
