"""An RDS Proxy stands in front of the database and is not counted."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally


def _look(document: Document, tally: Tally) -> Iterator[tuple[Subject, str, str]]:  # noqa: ARG001 - every rule takes both
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


RULE = Rule(
    id="uncounted-proxy",
    severity=Severity.ERROR,
    title="an RDS Proxy can open connections at the database and is not counted",
    why="a proxy may take its whole share of max_connections: the workloads that connect directly have only the rest",
    example=(
        "a proxy with the default of 100 % may open all 683 connections of a server on which the services were promised"
        " 664"
    ),
    remedy="budget the proxy, with a MaxConnectionsPercent that leaves room for those who connect directly",
    source='Amazon RDS User Guide, "RDS Proxy connection considerations", MaxConnectionsPercent',
    look=_look,
)
