"""An RDS Proxy stands in front of the database, in a template or at AWS, and is in no budget."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.limits import Unknown
from constructs_lib.limits.facts import ProxyFacts


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    yield from _in_templates(document)
    yield from _looked_up(document, tally)


def _in_templates(document: Document) -> Iterator[tuple[Subject, str, str]]:
    named: set[Resource] = set()
    for name, database in document.databases.items():
        for proxy in database.uncounted_proxies:
            if proxy.resource in named:
                continue  # the readers of a cluster have its proxies: once is enough
            named.add(proxy.resource)
            yield (
                Subject("databases", name, proxy.resource),
                (
                    f"the proxy {proxy.name} stands in front of {name} and is not in its budget: it may open"
                    f" {proxy.path} there"
                ),
                (
                    f"give the proxy to the budget of {name}, with the workloads that connect through it, and lower its"
                    f" MaxConnectionsPercent until both fit; or remove {proxy.close}"
                ),
            )


def _looked_up(document: Document, tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    for name, database in document.databases.items():
        live = database.facts.proxies if database.facts is not None else {}
        budgeted = {item.proxy.name for item in tally.databases[name].proxies}
        others = {proxy: facts for proxy, facts in live.items() if proxy not in budgeted}
        # a construct's name is seldom that at AWS: each that was not found under its own may be one of the others
        if len(others) <= len(budgeted - live.keys()):
            continue
        limit = tally.databases[name].capacity.limit
        most = None if isinstance(limit, Unknown) else limit.max_connections
        shares = ", ".join(_share(proxy, facts, most) for proxy, facts in sorted(others.items()))
        yield (
            Subject("databases", name),
            (
                f"the look-up found {_counted(len(live))} in front of {name}, and the budget has {len(budgeted)}."
                f" Not in the budget by name: {shares}"
            ),
            (
                f"add every proxy of {name} to the budget, also one without clients in it, or look up again where one"
                " was deleted"
            ),
        )


def _share(name: str, facts: ProxyFacts, most: int | None) -> str:
    percent = facts.max_connections_percent
    if percent is None or most is None:
        return f"{name} (may open a share that is not known)"
    return f"{name} (may open {most * percent // 100} = floor({most} × {percent} %))"


def _counted(number: int) -> str:
    return f"{number} proxy" if number == 1 else f"{number} proxies"


RULE = Rule(
    id="unbudgeted-proxy",
    severity=Severity.ERROR,
    title="an RDS Proxy can open connections at the database and is in no budget",
    why="a proxy may open its percentage of max_connections for clients of any app, and the sum has no term for it",
    example=(
        "the facts name a proxy at 90 % of 683 connections that the budget does not have: it may open 614 beside the"
        " 664 of the services"
    ),
    remedy="add the proxy to the budget, with or without clients, or look up again where it is gone",
    source='Amazon RDS User Guide, "RDS Proxy connection considerations", MaxConnectionsPercent',
    look=_look,
)
