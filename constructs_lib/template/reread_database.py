"""A database of a document, as the finished templates have it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown, limit_of
from constructs_lib.template.app import App
from constructs_lib.template.by_default import ByDefault
from constructs_lib.template.databases import contradicts, database_facts
from constructs_lib.template.links import Target


def read_database(item: Database, document: Document, home: str, app: App, by_default: ByDefault) -> Database:
    """The database with its marks: what was said stands over a default, and another instance may rest on others."""
    found = _database(by_default.marked(item, home), document, home, app)
    return found if found.resource == item.resource else by_default.marked(found, home)


def _database(database: Database, document: Document, home: str, app: App) -> Database:
    if database.resource is None:
        return database
    server = app.located(database.resource, home)
    if server is None:
        return _with_read(database, {"instance_class": database.resource.missing(home)})
    cluster = app.cluster_of(server)
    if cluster is None or cluster.key == server.key:
        return _of_server(database, server, home, app)
    members = app.members_of(cluster)
    if database.failover is None and (writer := _writer_of(cluster, document, home, app)) is not None:
        # the endpoint of the readers may send every connection to the smallest of them
        readers = [member for member in members if member.key != writer.key]
        return _smallest([_of_server(database, reader, home, app) for reader in readers or [server]])
    others = [member for member in members if member.key != server.key]
    if database.failover is not None or others:
        promoted = [_of_server(replace(database, defaults={}), member, home, app) for member in others]
        if promoted:
            database = replace(database, failover_class=_smallest(promoted).instance_class)
    return _of_server(database, server, home, app)


def _writer_of(cluster: Target, document: Document, home: str, app: App) -> Target | None:
    """The writer of a cluster, where the document has an entry of its own for it."""
    for item in document.databases.values():
        writer = app.located(item.resource, home) if item.failover is not None else None
        theirs = app.cluster_of(writer) if writer is not None else None
        if theirs is not None and theirs.key == cluster.key:
            return writer
    return None


def _of_server(database: Database, server: Target, home: str, app: App) -> Database:
    """The database as one instance has it."""
    declared = app.located(database.parameter_group, home)
    facts = database_facts(
        server.template,
        server.properties,
        None if declared is None else declared.properties,
        app.follow,
    )
    return _with_read(replace(database, resource=app.named(server, home)), facts)


def _smallest(candidates: Sequence[Database]) -> Database:
    """The one whose server accepts the fewest connections; an unknown number is the lowest of all."""

    def most(database: Database) -> int:
        limit = limit_of(replace(database, max_connections=None, facts=None).server)
        return 0 if isinstance(limit, Unknown) else limit.max_connections

    return min(candidates, key=most)


def _with_read(database: Database, facts: Mapping[str, Any]) -> Database:
    kept = {
        key: value
        for key, value in facts.items()
        if database.given.get(key) is not Source.DECLARED
        # the one that the template has written out is no other
        or (key not in database.defaults and contradicts(key, getattr(database, key), value))
    }
    read = {key: Source.READ for key, value in kept.items() if value is not None}
    given = {key: source for key, source in database.given.items() if key not in kept} | read
    before, now = database.instance_class, kept.get("instance_class")
    if database.memory_bytes is not None and None not in (before, now) and before != now:
        # it was said of the class that the document had
        kept, given = (
            {**kept, "memory_bytes": None},
            {key: item for key, item in given.items() if key != "memory_bytes"},
        )
    return replace(database, given=given, **kept)
