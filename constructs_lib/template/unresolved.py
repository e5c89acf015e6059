"""An intrinsic function that could not be resolved, and why."""

from typing import Any


class Unresolved(dict[str, Any]):
    """The function itself, as far as its arguments could be resolved; a mapping as any other, with a reason."""

    __slots__ = ("reason",)

    def __init__(self, function: str, argument: object, reason: str) -> None:
        super().__init__({function: argument})
        self.reason = reason


REMOVED: Any = {"Ref": "AWS::NoValue"}
"""What takes a member away; known by identity once a value is resolved."""


def reason_of(value: object, depth: int = 0) -> str:
    """Why a value, or the first part of it that has a reason, could not be resolved; empty where nothing says."""
    if isinstance(value, Unresolved):
        return value.reason
    if depth < DEEPEST and isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            if item.__class__ not in PLAIN and (reason := reason_of(item, depth + 1)):
                return reason
    return ""


DEEPEST = 50
"""Levels of nesting that are followed; CloudFormation itself allows fewer."""
PLAIN = (str, int, float, bool, type(None))
