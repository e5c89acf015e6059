"""Services, tasks and functions that are told a database's address or its secret, for budgets that name their own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from constructs_lib.budget.client import Client
from constructs_lib.budget.document import Document
from constructs_lib.budget.source import Source
from constructs_lib.template.app import App
from constructs_lib.template.candidates import Candidate, candidates
from constructs_lib.template.data_api import over_the_data_api
from constructs_lib.template.leads import by_reference
from constructs_lib.template.names import readable_name
from constructs_lib.template.servers import READER


def with_told(documents: Mapping[str, Document], app: App) -> dict[str, Document]:
    """The documents with every workload that is told of a database among what can reach it, counted or not."""
    told: dict[str, list[Client]] = {}
    for candidate in candidates(app):
        if not over_the_data_api(candidate, app):
            for name, client in _clients(candidate, app):
                told.setdefault(name, []).append(client)
    return {home: _with_clients(document, home, app, told) for home, document in documents.items()}


def _with_clients(document: Document, home: str, app: App, told: Mapping[str, list[Client]]) -> Document:
    databases = dict(document.databases)
    for name, database in document.databases.items():
        server = app.located(database.resource, home)
        spoken = app.servers.spoken_of(server) if server is not None else None
        if spoken is not None and (clients := told.get(spoken[0].database)):
            databases[name] = replace(database, access=database.access.joined(clients, home))
    return replace(document, databases=databases)


def _clients(candidate: Candidate, app: App) -> Iterator[tuple[str, Client]]:
    """What a workload is told, by the name of the database.

    A secret does not say whether the writer or the readers are meant: an address of either does, and without one the
    path is that of both, so that it is enough to be counted at one.
    """
    by_reference(candidate, app, app.servers)
    at = candidate.target
    called = readable_name(at.template, at.logical_id)
    addresses: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for ends in candidate.found.values():
        for endpoint, leads in ends.items():
            for lead in leads:
                known = addresses if lead.source is Source.READ else secrets
                known.setdefault(endpoint.database, lead.words)
    meant = {name.removesuffix(READER) for name in addresses}
    told = [(name, name, words) for name, words in addresses.items()]
    for name, words in secrets.items():
        if name not in meant:
            told += [(name, name, words), (f"{name}{READER}", name, words)]
    for name, server, words in told:
        yield (
            name,
            Client(
                name=called,
                type=at.template.kind(at.logical_id) or candidate.kind,
                resource=app.named(at, ""),
                path=f"{called} → {words} → {server}",
                close=f"{words} from {called}",
            ),
        )
