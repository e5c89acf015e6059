"""The messages that a full server, a full pool or a dead connection leaves in a log: cause and remedy of each."""

import re

from constructs_lib.budget.error_messages import connection, elsewhere, library_pool, pool, pooler, server
from constructs_lib.budget.error_messages.message import ErrorMessage

ERROR_MESSAGES = (
    *server.MESSAGES,
    *pool.MESSAGES,
    *library_pool.MESSAGES,
    *pooler.MESSAGES,
    *connection.MESSAGES,
    *elsewhere.MESSAGES,
)
__all__ = ["ERROR_MESSAGES", "LONGEST", "ErrorMessage", "recognized"]
LONGEST = 20_000
"""Characters of pasted text that are looked at: the last ones, for a traceback ends with its message."""


def recognized(text: str) -> tuple[ErrorMessage, ...]:
    """The messages that stand in a text, whatever stands around them; none where nothing in it is known."""
    plain = re.sub(r"\s+", " ", text[-LONGEST:]).strip().lower()
    may_be = [message for message in ERROR_MESSAGES if not _any(message.unless, plain)]
    told = tuple(message for message in may_be if _any(message.patterns, plain))
    return told or tuple(message for message in may_be if _any(message.hints, plain))


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)
