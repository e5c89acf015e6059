"""Where Celery keeps its results: in a database, over connections of its own, or somewhere else."""

import re
from collections.abc import Iterator

from constructs_lib.budget.source import Source
from constructs_lib.template.candidates import Candidate
from constructs_lib.template.servers import Endpoint
from constructs_lib.template.written import written

_ELSEWHERE = re.compile(
    r"\s*(?:redis|rediss|sentinel|rpc|amqp|cache|memcache|mongodb|s3|gs|gcs|dynamodb|elasticsearch|couchbase|couchdb"
    r"|cassandra|consul|file|filesystem|azureblockblob|cosmosdbsql|arangodb|disabled|none|false)\b"
    r"|\s*$",
    re.IGNORECASE,
)
_IN_A_DATABASE = re.compile(r"\s*(?:db\+|django-db\b|database\b|postgres|mysql)", re.IGNORECASE)
_OPTION = re.compile(r"--result-backend(?:=|\s+)[\"']?([^\s\"']+)")


def results_in(candidate: Candidate, container: str, endpoint: Endpoint) -> Source | None:
    """Whether a worker keeps its results in the database: said so, or hidden and assumed; None where it does not."""
    elsewhere = {
        lead.variable
        for other, leads in candidate.found.get(container, {}).items()
        if other.database != endpoint.database
        for lead in leads
    }
    found = [
        text for name, text in _backends(candidate, container) if name not in elsewhere and not _ELSEWHERE.match(text)
    ]
    if not found:
        return None
    return Source.READ if any(map(_IN_A_DATABASE.match, found)) else Source.ASSUMED


def _backends(candidate: Candidate, container: str) -> Iterator[tuple[str, str]]:
    """What says where results are kept, and by which variable."""
    for _, owner, name, value in candidate.values:
        if owner != container:
            continue
        if name in {"Command", "EntryPoint"}:
            words = value if isinstance(value, list) else [value]
            for text in _OPTION.findall(" ".join(map(written, words))):
                yield "", text
        elif name.upper().endswith("RESULT_BACKEND"):
            yield name, written(value)
