"""Nobody can say what the server accepts."""

from collections.abc import Iterator

from constructs_lib.budget.database import Database
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import LIMIT, PERCENT, WaysOut, about, ways_out
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.limits import Unknown, limit_query


def _look(tally: Tally) -> Iterator[tuple[Subject, str, WaysOut]]:
    document = tally.document
    for name, database in tally.databases.items():
        limit = database.capacity.limit
        if isinstance(limit, Unknown):
            yield (
                Subject("databases", name),
                f"max_connections of {name} is unknown, so nothing can be shown to fit: {limit.reason}",
                ways_out(
                    tally,
                    name,
                    own=about(LIMIT),
                    lead=f"correct what the reason names, or give max_connections{_asked(document.databases[name])}",
                ),
            )
    for name, proxy in tally.proxies.items():
        percent = proxy.proxy.max_connections_percent
        if isinstance(percent, Unknown):
            yield (
                Subject("proxies", name),
                f"the share of max_connections that {name} may open is unknown: {percent.reason}",
                ways_out(
                    tally,
                    proxy.proxy.database,
                    own=about(PERCENT, name=name),
                    lead="give the proxy's MaxConnectionsPercent as a plain number",
                ),
            )


def _asked(database: Database) -> str:
    """How the server itself is asked, in its engine's words."""
    query = limit_query(database.engine)
    return f" as `{query}` prints it" if query else " as the server itself says it"


RULE = Rule(
    id="unknown-limit",
    severity=Severity.ERROR,
    title="the number of connections that the server accepts is unknown",
    why="a sum fits only a number that is known",
    example=(
        "the instance class is a template parameter without a default: 81 connections where it becomes"
        " db.t4g.micro, some 1,700 where it becomes db.r6g.large"
    ),
    remedy=("give max_connections as the server itself says it, or commit a look-up, or write the instance class out"),
    source='Amazon RDS User Guide, "Specifying DB parameters", DBInstanceClassMemory',
    look=_look,
)
