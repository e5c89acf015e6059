"""One server has two budgets."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, twins in _twins(document).items():
        for twin in twins:
            yield (
                Subject("databases", name),
                f"{name} is the same server as {twin}: each budget gives away the connections of the whole server",
                "put the workloads of both into one budget: one server has one sum",
            )


def _twins(document: Document) -> dict[str, tuple[str, ...]]:
    """The other entries of each server: those that the templates tell, and those of a document of no construct's."""
    first: dict[Resource, str] = {}
    found = {name: database.twins for name, database in document.databases.items()}
    for name, database in sorted(document.databases.items()):
        # a construct has two entries for a cluster that is one resource: its writer and its readers
        if database.resource is not None and database.construct_path is None:
            earlier = first.setdefault(database.resource, name)
            if earlier != name and not found[name]:
                found[name] = (f"{earlier} of this document",)
    return found


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
