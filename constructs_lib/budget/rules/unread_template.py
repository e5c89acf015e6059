"""Part of the templates cannot be read, and what it makes may connect."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.workloads import Reservation

MOST_SAID = 3
"""Parts that are said one by one."""


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    # what was read of a resource that a macro may change says nothing of what it becomes: somebody has to answer for it
    known = {item.resource for item in document.workloads.values() if isinstance(item, Reservation)}
    for name, database in document.databases.items():
        parts = [
            part for part in database.unread if Resource(logical_id=part.name, template=part.template) not in known
        ]
        if parts:
            said = [part.words for part in parts[:MOST_SAID]]
            if len(parts) > MOST_SAID:
                said.append(f"{len(parts) - MOST_SAID} more parts cannot be read either")
            yield (
                Subject("databases", name),
                f"what connects to {name} cannot all be counted: {'; '.join(said)}",
                (
                    f"{'; '.join(dict.fromkeys(part.remedy for part in parts))}; or reserve what of it connects"
                    f" to {name}, if only 0 connections, for a resource of the logical id {parts[0].name!r}"
                ),
            )


RULE = Rule(
    id="unread-template",
    severity=Severity.ERROR,
    title="part of the templates cannot be read",
    why="a macro, a loop or a nested stack that is not here can hold services and functions that nobody counted",
    example="Fn::ForEach makes a service for each of five queues: its 5 × 30 connections are in no sum",
    remedy=(
        "check the processed template, and nested stacks together with their parent; or reserve connections for what"
        " cannot be read, 0 where none of it connects"
    ),
    source='AWS CloudFormation User Guide, "Perform custom processing on templates with macros"',
    look=_look,
)
