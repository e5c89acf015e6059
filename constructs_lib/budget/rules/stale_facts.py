"""The committed look-up is of another server than the template describes."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally


def _look(document: Document, tally: Tally) -> Iterator[tuple[Subject, str, str]]:  # noqa: ARG001 - every rule takes both
    for name, database in document.databases.items():
        stale = database.facts.stale_for(database.server) if database.facts is not None else None
        if stale is not None:
            yield (
                Subject("databases", name),
                f"the facts about {name} are not of the server that the template describes: {stale}",
                "run connection-budget lookup again once the change is deployed, or leave the facts out until then",
            )


RULE = Rule(
    id="stale-facts",
    severity=Severity.ERROR,
    title="the looked-up facts are of another server",
    why="another class, engine or capacity has another limit: what was looked up does not hold for it",
    example=(
        "the facts are of a db.r6g.large, 1,700 connections, and the template has been changed to a db.t4g.medium"
    ),
    remedy="run connection-budget lookup again after the change is deployed; until then plan without facts",
    source=(
        'Amazon RDS User Guide, "Quotas and constraints for Amazon RDS": the default of max_connections follows'
        " the class"
    ),
    look=_look,
)
