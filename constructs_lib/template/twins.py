"""Entries of an app's documents that stand for one and the same server."""

from collections.abc import Mapping
from dataclasses import replace

from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.template.app import App
from constructs_lib.template.identifiers import CLUSTER
from constructs_lib.template.links import Key

_Server = tuple[Key, str]
"""A cluster, or an instance that stands alone, and for a cluster the role of its instance."""


def with_twins(documents: Mapping[str, Document], app: App) -> dict[str, Document]:
    """The documents, each later entry of a server with the words for the first."""
    entries = [(home, name, item) for home, document in documents.items() for name, item in document.databases.items()]
    clusters = {home_and_name(entry): _cluster(entry[0], entry[2], app) for entry in entries}
    written = {clusters[home_and_name(entry)] for entry in entries if entry[2].failover is not None}
    first: dict[_Server, str] = {}
    seen: dict[tuple[Key, str, str | None], int] = {}
    found = {home: dict(document.databases) for home, document in documents.items()}
    for home, name, item in entries:
        server, cluster = app.located(item.resource, home), clusters[home, name]
        if server is None:
            continue
        key: _Server = (server.key, "")
        if server.template.kind(server.logical_id) == CLUSTER:
            # a Multi-AZ DB cluster has no instances here: its budget has an entry for the writer, then one for readers
            budget = (server.key, home, item.construct_path)
            seen[budget] = seen.get(budget, 0) + 1
            key = (server.key, "reader" if seen[budget] == 2 else "writer")  # noqa: PLR2004 - the second
        elif cluster is not None:
            key = (cluster, "reader" if item.failover is None and cluster in written else "writer")
        words = f"{name} of {item.construct_path or home or 'this document'}"
        if first.setdefault(key, words) != words:
            found[home][name] = replace(item, twins=(first[key],))
    return {home: replace(document, databases=found[home]) for home, document in documents.items()}


def home_and_name(entry: tuple[str, str, Database]) -> tuple[str, str]:
    """What tells an entry from every other."""
    return entry[0], entry[1]


def _cluster(home: str, database: Database, app: App) -> Key | None:
    server = app.located(database.resource, home)
    cluster = app.cluster_of(server) if server is not None else None
    return None if cluster is None else cluster.key
