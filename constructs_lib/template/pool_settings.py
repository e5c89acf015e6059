"""What the variables of a container say of its pools beside their size: timeouts, and IAM authentication."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from constructs_lib.budget.variables import IAM_AUTH, POOL_RECYCLE, POOL_TIMEOUT
from constructs_lib.template.environment import Variables
from constructs_lib.template.pool_names import of_something_else
from constructs_lib.template.variable_labels import Labels, label_of

_SECONDS = {POOL_TIMEOUT: ("pool_timeout", 3600), POOL_RECYCLE: ("pool_recycle", 86_400)}
"""By how a variable ends: the key of a document, and the most that it takes."""
_TRUE = {"1", "true", "yes", "on"}


def settings_of(environments: Iterable[Variables], labels: Labels) -> dict[str, Any]:
    """The settings by the keys of a document; of several, the longest time counts, and IAM where anything says so."""
    found: dict[str, Any] = {}
    for variables in environments:
        for name, value in variables.items():
            ending, label = _ending(name.upper())
            if not ending or not isinstance(value, str) or label in {*labels.others} - {*labels.own}:
                continue
            text = value.strip().lower()
            if ending == IAM_AUTH:
                found |= {"iam_auth": True} if text in _TRUE else {}
            elif text.isascii() and text.isdecimal() and len(text) <= 6:  # noqa: PLR2004 - a day has five digits
                key, longest = _SECONDS[ending]
                if 1 <= int(text) <= longest:
                    found[key] = max(int(text), found.get(key, 0))
    return found


@lru_cache(4096)
def _ending(name: str) -> tuple[str, str]:
    """What a variable says of a database's pool, and its label; nothing where it says nothing."""
    for ending in (*_SECONDS, IAM_AUTH):
        if name.endswith(ending):
            before = name.removesuffix(ending)
            apart = not before or before.endswith("_")
            return (ending, label_of(before)) if apart and not of_something_else(before) else ("", "")
    return "", ""
