"""What can reach a database, as the templates have it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from constructs_lib.budget.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A resource from which security groups let connections through to a server."""

    name: str
    """As its author calls it: the construct's path, or the logical id."""
    type: str
    """The type of the resource, such as `AWS::Lambda::Function`."""
    resource: Resource
    path: str
    """From the client to the server, in words: `Report → ReportGroup → Ingress (tcp 5432) → OrdersGroup`."""
    close: str
    """What lets it through, to be removed where the client has no business there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A part of the templates that cannot be read, so that anything may be in it."""

    name: str
    """A nested stack's logical id, a macro's name, or the key of a loop: what a reservation for it is called by."""
    template: str | None
    """The file; None for the document's own."""
    words: str
    """Such as `the macro 'Services' can change every resource when the stack is deployed`."""
    remedy: str
    """How it could be read after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Everything that security groups let through to a server."""

    port: str
    """The server's port in words: `port 5432`."""
    clients: tuple[Client, ...] = ()
    unseen: tuple[str, ...] = ()
    """What is let through and does not stand in the templates, in words: an address range, a bastion, another stack."""
    possible: tuple[Client, ...] = ()
    """What may have an address of a range that is let through, so that nobody can tell whether it connects."""
    untold: bool = False
    """Whether security groups may be let through beside those that are found: part of the groups is not here."""

    def joined(self, clients: Iterable[Client], home: str) -> "Access":
        """The same with more clients, of which those of the template `home` are named without it."""
        known = {client.resource: client for client in self.clients}
        for client in clients:
            own = client.resource.template == home
            resource = replace(client.resource, template=None) if own else client.resource
            known.setdefault(resource, replace(client, resource=resource))
        possible = tuple(client for client in self.possible if client.resource not in known)
        return replace(self, clients=tuple(known.values()), possible=possible)

    def renamed(self, name: Callable[[Resource], Resource]) -> "Access":
        """The same with other names for the resources."""
        if all(name(client.resource) is client.resource for client in (*self.clients, *self.possible)):
            return self
        clients = tuple(replace(client, resource=name(client.resource)) for client in self.clients)
        possible = tuple(replace(client, resource=name(client.resource)) for client in self.possible)
        return replace(self, clients=clients, possible=possible)


class Renamed:
    """Accesses with other names for the resources: what servers share stays shared, and is gone through once."""

    def __init__(self, name: Callable[[Resource], Resource]) -> None:
        self._name = name
        self._found: dict[int, tuple[Access, Access]] = {}
        """By identity, with what it is the identity of."""

    def of(self, access: Access) -> Access:
        """The access with the other names."""
        if id(access) not in self._found:
            self._found[id(access)] = (access, access.renamed(self._name))
        return self._found[id(access)][1]


NO_ACCESS = Access(port="its port")
