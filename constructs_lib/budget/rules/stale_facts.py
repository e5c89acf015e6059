"""The committed look-up is of another server than the template describes."""

from collections.abc import Iterator
from dataclasses import replace

from constructs_lib.budget.database import Database
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.limits import Limit, Unknown, limit_of
from constructs_lib.limits.facts import ServerFacts


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, database in document.databases.items():
        if database.facts is None:
            continue
        stale = database.facts.stale_for(database.server) or _too_many(database)
        if stale is None:
            stale = _exceeded(database.facts, tally.databases[name].capacity.limit)
        if stale is not None:
            yield (
                Subject("databases", name),
                f"the facts about {name} are not of the server that the template describes: {stale}",
                (
                    "run connection-budget lookup again once the change is deployed, or leave the facts out until then;"
                    " where a parameter group that is not in the template sets the limit, give it as max_connections"
                ),
            )


def _too_many(database: Database) -> str | None:
    """What was looked up on a class that nobody noted, where the default of the class now cannot be as much."""
    facts = database.of_unnamed_class
    by_default = limit_of(replace(database.server, looked_up_max_connections=None, pending_max_connections=None))
    if facts is None or isinstance(by_default, Unknown) or (facts.max_connections or 0) <= by_default.high:
        return None
    return (
        f"looked up on {facts.looked_up} with {facts.max_connections} connections, and all of the memory of"
        f" {database.instance_class} gives at most {by_default.high}"
    )


def _exceeded(facts: ServerFacts, limit: Limit | Unknown) -> str | None:
    if facts.highest_connections is None or isinstance(limit, Unknown) or facts.highest_connections <= limit.high:
        return None
    return (
        f"looked up on {facts.looked_up} when it had had {facts.highest_connections} connections open at once, and now"
        f" it is to accept {limit.high} at the most"
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
