"""The committed facts file, and the servers of it that a budget is about."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from constructs_lib.cdk.misuse import MisuseError
from constructs_lib.limits.facts import Facts, FactsError, Role, ServerFacts

_HOW = "write it with connection-budget lookup"


def read_facts(path: str | Path, owner: str) -> Facts:
    """Read a facts file; raises MisuseError where it cannot be used."""
    try:
        return Facts.read(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        problem = error.strerror or "cannot be read"
    except TypeError:
        problem = "the path of a file is wanted"
    except (FactsError, ValueError, RecursionError) as error:
        problem = str(error)
    raise MisuseError(f"facts must be a facts file, got {str(path)!r}: {problem} ({owner}); {_HOW}")


def facts_by_endpoint(facts: Facts, names: tuple[str, ...], owner: str) -> Mapping[str, dict[str, Any]]:
    """The server of each endpoint, as JSON: those of a cluster by their roles, an instance by its name.

    `names` are what the database may be called in the file. Of several readers it is the one that accepts least.
    """
    servers = facts.servers
    chosen = [server for name, server in servers.items() if name in names or server.cluster in names]
    clusters = {server.cluster for server in chosen}
    writers = [server for server in chosen if server.role is not Role.READER]
    if len(writers) != 1 or len(clusters) != 1:
        raise MisuseError(
            f"facts must hold one server named {' or '.join(map(repr, names))}, or one cluster, got"
            f" {_named(servers)} ({owner}); call the right one {names[0]!r} in the file, or give the construct its"
            f" identifier: {_HOW}"
        )
    found = {"writer": writers[0].to_json()}
    if readers := [server for server in chosen if server.role is Role.READER]:
        found["reader"] = min(readers, key=_known_limit).to_json()
    return found


def _named(servers: Mapping[str, ServerFacts]) -> str:
    words = [f"{name} of cluster {server.cluster}" if server.cluster else name for name, server in servers.items()]
    return ", ".join(sorted(words)) or "none"


def _known_limit(server: ServerFacts) -> int:
    """For comparison; a reader whose limit is not known is the lowest of all."""
    return server.max_connections or 0
