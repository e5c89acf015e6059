"""A text as far as it is written out in the template."""

import re
from functools import lru_cache

from constructs_lib.budget.schema import MOST
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.shell import COMPUTED, DEEPEST


def written(value: object, depth: int = 0) -> str:
    """The text, with a mark in the place of what an intrinsic function computes."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= MOST:
        return str(value)
    join = mapping(value).get("Fn::Join")
    if isinstance(join, list) and len(join) == 2 and isinstance(join[1], list) and depth < DEEPEST:  # noqa: PLR2004 - separator and pieces
        separator = join[0] if isinstance(join[0], str) else COMPUTED
        return separator.join(written(item, depth + 1) for item in join[1])
    substituted = mapping(value).get("Fn::Sub")
    if isinstance(substituted, list) and substituted:
        substituted = substituted[0]
    if isinstance(substituted, str):
        return _around_references(substituted)
    return COMPUTED


@lru_cache(1024)
def _around_references(text: str) -> str:
    return re.sub(r"\$\{!([^}]*)\}", r"${\1}", re.sub(r"\$\{[^!}][^}]*\}", COMPUTED, text))
