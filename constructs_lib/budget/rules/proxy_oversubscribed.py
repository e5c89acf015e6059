"""Proxies, direct clients and reserves together exceed the server."""

from collections.abc import Iterator

from constructs_lib.budget import arithmetic
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import SUM, WaysOut, about, ways_out
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally


def _look(tally: Tally) -> Iterator[tuple[Subject, str, WaysOut]]:
    for name, database in tally.databases.items():
        usable = database.capacity.usable
        if not database.proxies or usable is None or database.total.peak <= usable:
            continue
        scenario = arithmetic.worst(database.total)
        yield (
            Subject("databases", name),
            (
                f"the proxies and the direct clients of {name} can open {database.total.peak} connections"
                f" ({scenario.title}) and it accepts"
                f" {arithmetic.of_capacity(database.capacity)}: {arithmetic.of_database(database, scenario)}"
            ),
            ways_out(tally, name, own=about(SUM)),
        )


RULE = Rule(
    id="proxy-oversubscribed",
    severity=Severity.ERROR,
    title="proxies, direct clients and reserves exceed max_connections",
    why="a proxy's percentage is of max_connections and knows nothing of reserves, other proxies or direct clients",
    example="a proxy at its default of 100 % beside a reserve of 13: 683 + 13 are more than max_connections of 683",
    remedy=(
        "lower MaxConnectionsPercent, so that all proxies of a server, its direct clients and the reserves add up"
        " to no more than max_connections"
    ),
    source='Amazon RDS User Guide, "RDS Proxy connection considerations", MaxConnectionsPercent',
    look=_look,
)
