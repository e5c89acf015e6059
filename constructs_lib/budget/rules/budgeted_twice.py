"""One server has two budgets."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally


def _look(document: Document, tally: Tally) -> Iterator[tuple[Subject, str, str]]:  # noqa: ARG001 - every rule takes both
    for name, database in document.databases.items():
        for twin in database.twins:
            yield (
                Subject("databases", name),
                f"{name} is the same server as {twin}: each budget gives away the connections of the whole server",
                "put the workloads of both into one budget: one server has one sum",
            )


RULE = Rule(
    id="budgeted-twice",
    severity=Severity.ERROR,
    title="one server has two budgets",
    why="the server accepts its connections once: two budgets that each fit it together ask for twice as many",
    example="two budgets of 664 connections each, on a server that accepts 683",
    remedy="put all workloads of a server into one budget",
    source='Amazon RDS User Guide, "Quotas and constraints for Amazon RDS", maximum number of database connections',
    look=_look,
)
