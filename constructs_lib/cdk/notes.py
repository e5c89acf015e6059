"""What is noted on a construct."""

from typing import Any

from constructs import IConstruct

Notes = list[tuple[str, Any]]
"""The type and the data of each entry of a construct's metadata."""


def notes(construct: IConstruct) -> Notes:
    """The construct's metadata; each look at it is several calls to Node for every entry, so look once."""
    return [(entry.type, entry.data) for entry in construct.node.metadata]
