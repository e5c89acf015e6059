"""Tells whether a budget document is still as the construct wrote it: what was declared cannot be read again."""

import json
from hashlib import sha256
from typing import Any

import aws_cdk as cdk

from constructs_lib.cdk.notes import Notes

SEAL = "connection-budget:seal"
_PLACES = {"resource", "failover", "parameter_group", "task_definition"}
"""Logical ids, which may be overridden until the template is written."""


def seal(home: cdk.Stack, content: object) -> None:
    """Note what a stack's document says, beside those of the app's other stacks."""
    plain = _placeless(content)
    if cdk.Token.is_unresolved(json.dumps(plain)):
        plain = home.resolve(plain)
    home.node.root.node.add_metadata(SEAL, {"template": home.template_file, "digest": _digest(plain)})


def broken(noted: Notes, template: str, content: object) -> bool:
    """Whether the document in a template is another one than was sealed last on the app; an unsealed one is not."""
    digests = [data["digest"] for kind, data in noted if kind == SEAL and data["template"] == template]
    return bool(digests) and digests[-1] != _digest(_placeless(content))


def _placeless(value: Any) -> Any:
    """The content without places and nulls, and as JavaScript writes its numbers."""
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if item is not None}
        return {key: _placeless(item) for key, item in kept.items() if key not in _PLACES or not _is_place(item)}
    if isinstance(value, (list, tuple)):
        return [_placeless(item) for item in value if item is not None]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_place(value: object) -> bool:
    return isinstance(value, dict) and "logical_id" in value


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
