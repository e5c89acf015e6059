"""Something can reach the database and is in no budget."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from constructs_lib.budget.client import Access, Client
from constructs_lib.budget.database import Database
from constructs_lib.budget.defaults import listed
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.unbudgeted import counted_at, unbudgeted

MOST_NAMED = 5
"""Clients of one range of addresses that are named beside the first."""
_AS = {
    "AWS::ECS::Service": "as a service, as Celery workers, or ",
    "AWS::ECS::TaskDefinition": "as a task, or ",
    "AWS::Lambda::Function": "as a function, or ",
    "AWS::Serverless::Function": "as a function, or ",
}
"""What a client of a type can be in a budget beside a reservation."""


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    left, counted = unbudgeted(document), counted_at(document)
    named: set[tuple[Resource, str]] = set()  # the readers of a cluster are reached as the writer is: once is enough
    shared = _Shared()
    for name, access in left.items():
        database = document.databases[name]
        ways = shared.ways(database.access, access)
        for client in _new(access.clients, named):
            where = _budgets(counted.get(client.resource, ()))
            yield (
                Subject("databases", name, client.resource),
                f"{client.name} ({client.type}) can reach {name} on {access.port} and is in {where}: {client.path}",
                (
                    f"add it to the budget of {name} {_AS.get(client.type, '')}as a reservation"
                    f" ({_reservation(database, client)}); or, if it does not connect,"
                    f" {_closed(client, ways.get(client.close, ()))}"
                ),
            )
    for name, access in left.items():
        if possible := _new(access.possible, named):
            first, *others = possible
            more = "" if not others else f", and so can {_listed([client.name for client in others])}"
            yield (
                Subject("databases", name, named=tuple(client.resource for client in possible[: MOST_NAMED + 1])),
                (
                    f"{first.name} ({first.type}) can reach {name} on {access.port} from a range of addresses"
                    f" and is in no budget: {first.path}{more}"
                ),
                (
                    f"let in the security groups of what connects to {name} instead of addresses, in place of"
                    f" {first.close}, and add it to the budget"
                ),
            )


def _budgets(databases: Collection[str]) -> str:
    return f"the budget of {' and '.join(sorted(databases))} alone" if databases else "no budget"


class _Shared:
    """What counted clients come in by, so that nobody is told to close it; of an access that servers share, once."""

    def __init__(self) -> None:
        self._found: dict[int, dict[str, list[str]]] = {}

    def ways(self, access: Access, left: Access) -> Mapping[str, Sequence[str]]:
        """The names of the counted clients, by what lets them through: all of an access but what is `left` of it."""
        if id(access) not in self._found:
            ways = self._found.setdefault(id(access), {})
            uncounted = {(client.resource, client.path) for client in left.clients}
            for client in access.clients:
                if (client.resource, client.path) not in uncounted:
                    ways.setdefault(client.close, []).append(client.name)
        return self._found[id(access)]


def _closed(client: Client, others: Sequence[str]) -> str:
    """How a client's path is closed, and nobody else's that is counted."""
    if not others:
        return f"remove {client.close}"
    alone = "take it out of the security group on that path" if client.close.startswith("the ingress") else "end it"
    shown = [*others[:MOST_NAMED], *([f"{len(others) - MOST_NAMED} more"] if len(others) > MOST_NAMED else [])]
    return f"{alone} and leave {client.close}, by which {listed(shown)} {'connects' if len(others) == 1 else 'connect'}"


def _new(clients: Sequence[Client], named: set[tuple[Resource, str]]) -> Sequence[Client]:
    """Those that were not named yet with the way that they take; from now on they are."""
    found = [client for client in clients if (client.resource, client.path) not in named]
    named.update((client.resource, client.path) for client in found)
    return found


def _reservation(database: Database, client: Client) -> str:
    """How a reservation for a client is written: in the construct, or in the document beside templates."""
    if database.construct_path:
        return "with it as client"
    resource = f"{{logical_id: {client.resource.logical_id}}}"
    return f"kind: reserved, database: {database.name}, connections: N, resource: {resource}"


def _listed(names: list[str]) -> str:
    shown = names[:MOST_NAMED]
    return ", ".join([*shown, *([f"{len(names) - len(shown)} more"] if len(names) > len(shown) else [])])


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
