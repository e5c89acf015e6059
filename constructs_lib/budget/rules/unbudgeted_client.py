"""Something can reach the database and is in no budget."""

from collections.abc import Iterator

from constructs_lib.budget.client import Client
from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally

MOST_NAMED = 5
"""Clients of one range of addresses that are named beside the first."""


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    known = _budgeted(document)
    for name, database in document.databases.items():
        for client in database.access.clients:
            if client.resource in known:
                continue
            known.add(client.resource)  # the readers of a cluster are reached as the writer is: once is enough
            yield (
                Subject("databases", name, client.resource),
                (
                    f"{client.name} ({client.type}) can reach {name} on {database.access.port} and is in no budget:"
                    f" {client.path}"
                ),
                (
                    f"add it to the budget of {name} as a service, as Celery workers, or as a reservation"
                    f" ({_reservation(database, client)}); or, if it does not connect, remove {client.close}"
                ),
            )
    for name, database in document.databases.items():
        possible = [client for client in database.access.possible if client.resource not in known]
        if possible:
            known.update(client.resource for client in possible)
            first, *others = possible
            more = "" if not others else f", and so can {_listed([client.name for client in others])}"
            yield (
                Subject("databases", name),
                (
                    f"{first.name} ({first.type}) can reach {name} on {database.access.port} from a range of addresses"
                    f" and is in no budget: {first.path}{more}"
                ),
                (
                    f"let in the security groups of what connects to {name} instead of addresses, in place of"
                    f" {first.close}, and add it to the budget"
                ),
            )


def _reservation(database: Database, client: Client) -> str:
    """How a reservation for a client is written: in the construct, or in the document beside templates."""
    if database.construct_path:
        return "with it as client"
    return f"kind: reserved, connections: N, resource: {{logical_id: {client.resource.logical_id}}}"


def _listed(names: list[str]) -> str:
    shown = names[:MOST_NAMED]
    return ", ".join([*shown, *([f"{len(names) - len(shown)} more"] if len(names) > len(shown) else [])])


def _budgeted(document: Document) -> set[Resource]:
    entries = (*document.workloads.values(), *document.proxies.values())
    resources = [getattr(entry, key, None) for entry in entries for key in ("resource", "task_definition")]
    proxies = {proxy.resource for item in document.databases.values() for proxy in item.uncounted_proxies}
    return {resource for resource in resources if resource is not None} | proxies  # these have a finding of their own


RULE = Rule(
    id="unbudgeted-client",
    severity=Severity.WARNING,
    title="something can reach the database and is in no budget",
    why="the sum holds only for what was counted: a client that nobody counted takes connections from the others",
    example=(
        "a function with 100 concurrent executions shares the security group of the API: beside the 664 connections of"
        " the budget it can open 100 more, where the server accepts 670"
    ),
    remedy=(
        "budget the client, reserve connections for it, or close the path; a client that the templates do not show, as"
        " from a peered network or a bastion, lives on the administrative reserve"
    ),
    source='Amazon VPC User Guide, "Control traffic to your AWS resources using security groups"',
    look=_look,
)
