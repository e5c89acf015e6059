"""More connections can be asked for than the server, or the proxy, gives."""

from collections.abc import Iterator

from constructs_lib.budget import arithmetic
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.fixes import CLIENTS, SUM, WaysOut, about, ways_out
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import DatabaseTally, ProxyTally, Tally
from constructs_lib.limits import Unknown


def _look(tally: Tally) -> Iterator[tuple[Subject, str, WaysOut]]:
    for name, database in tally.databases.items():
        usable = database.capacity.usable
        if usable is None or database.total.peak <= usable or (database.proxies and _direct(database) <= usable):
            continue  # where it is the proxies that ask for too much, proxy-oversubscribed says so
        scenario = arithmetic.worst(database.total)
        yield (
            Subject("databases", name),
            (
                f"{name} can be asked for {database.total.peak} connections ({scenario.title}) and accepts "
                f"{arithmetic.of_capacity(database.capacity)}: {arithmetic.of_database(database, scenario)}"
            ),
            ways_out(tally, name, own=about(SUM)),
        )
    for name, proxy in tally.proxies.items():
        if not isinstance(proxy.accepts, Unknown) and proxy.total.peak > proxy.accepts:
            scenario = arithmetic.worst(proxy.total)
            yield (
                Subject("proxies", name),
                (
                    f"the clients of {name} can ask for {proxy.total.peak} connections ({scenario.title})"
                    f" if every session is pinned, and it opens at most {_opened(proxy)}:"
                    f" {arithmetic.of_clients(proxy, scenario)}"
                ),
                ways_out(tally, proxy.proxy.database, own=about(CLIENTS, name=name)),
            )


def _direct(database: DatabaseTally) -> int:
    return sum(allotment.connections.peak for allotment in database.direct if allotment.connections is not None)


def _opened(proxy: ProxyTally) -> str:
    targets = proxy.proxy.targets
    return f"{proxy.accepts}" if targets == 1 else f"{proxy.accepts} = {targets} readers × {proxy.ceiling}"


RULE = Rule(
    id="overcommitted",
    severity=Severity.ERROR,
    title="more connections can be asked for than the server accepts",
    why="the server refuses the connection that is one too many, as a rule during a deployment at peak hours",
    example=(
        "8 tasks, run twice by a rolling deployment at 200 %, with 2 processes of 10 + 5 each, open 480"
        " connections; a db.t4g.large with PostgreSQL accepts some 800, a db.t4g.medium fewer than 400"
    ),
    remedy=(
        "shrink the pools, or let the budget choose them; run fewer tasks or processes; surge less in a"
        " deployment; or take a larger instance class. The finding names, for each, the number that fits"
    ),
    source='Amazon RDS User Guide, "Quotas and constraints for Amazon RDS", maximum number of database connections',
    look=_look,
)
