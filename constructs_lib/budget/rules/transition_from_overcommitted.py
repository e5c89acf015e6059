"""What is deployed does not fit, and the change that mends it is no worse on the way."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.transition import Bound, deployable, transition

FIX = (
    "what is deployed is there until it is gone: deploy at a quiet hour, when few connections are open, and scale in"
    " before where fewer tasks will do"
)


def _look(sums: Tally) -> Iterator[tuple[Subject, str, str]]:
    if sums.deployed is None:
        return
    for name, bounds in transition(sums.deployed, sums).databases.items():
        broken = [bound for bound in bounds if not bound.holds]
        if broken and deployable(bounds, sums.databases[name]):
            yield Subject("databases", name), "; ".join(_message(bound) for bound in broken), FIX


def _message(bound: Bound) -> str:
    said = [bound.message("while the change deploys")]
    if bound.old is not None:
        compared = "as many as" if bound.total == bound.old.peak else "fewer than"
        said.append(
            f"that is {compared} the {bound.old.peak} that what is deployed can ask for, its own deployments included:"
            f" {bound.old.arithmetic}"
        )
    if bound.new is not None:
        sums = f": {bound.new.arithmetic}" if bound.new.arithmetic else ""
        said.append(f"once it is deployed, at most {bound.new.peak}{sums}")
    return "; ".join(said)


RULE = Rule(
    id="transition-from-overcommitted",
    severity=Severity.WARNING,
    title="what is deployed does not fit until the change that mends it is deployed",
    why=(
        "old tasks keep their old pools until they are gone, so the server can refuse connections while the change"
        " deploys, as it can whenever what is deployed now is deployed again"
    ),
    example=(
        "8 tasks with pools of 20 can open 160 of 100 connections; the change gives them pools of 10, which are 80,"
        " and until the last old task is gone there can be 160 as before"
    ),
    remedy=(
        "deploy at a quiet hour, and scale in before where fewer tasks will do. It is an error,"
        " transition-overcommitted, where more can be open on the way than what is deployed can have, where a smaller"
        " server would refuse more of them, where a number is unknown, and where what follows does not fit either"
    ),
    source='Amazon ECS Developer Guide, "Deploy Amazon ECS services by replacing tasks"',
    look=_look,
)
