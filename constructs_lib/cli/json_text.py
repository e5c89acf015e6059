"""JSON as CloudFormation reads it: of a key that stands twice the later one counts, and that is said."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import orjson

_SYNTHESIZED = b'"aws:cdk:path"'
"""In what the CDK has written, which has no key twice."""
_COLON = rb"\u003a"
Noted = Callable[[str], None]
"""Told what was read and ought not to be there."""


class JsonTextError(ValueError):
    """What no JSON may have."""


def read_json(text: bytes, noted: Noted) -> Any:
    """Read a JSON text in UTF-8; `noted` is told of every object in which a key stands twice.

    Raises:
        JsonTextError: for a number that JSON does not have.
        json.JSONDecodeError: where it is no JSON.
        UnicodeDecodeError: where it is no UTF-8.

    """
    try:
        found = orjson.loads(text)
        if _SYNTHESIZED in text:
            return found
        again = orjson.dumps(found)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # nested too deeply for it, or no JSON: said below
        return _read_in_pairs(text, noted)
    # Where a key stands twice, the first is lost with its colon, and nothing but a colon that is written by its number
    # could make up for that. To look at each object for that takes longer than all the rest.
    lost = text.count(b":") != again.count(b":") or (b"\\" in text and _COLON in text.lower())
    return _read_in_pairs(text, noted) if lost else found


def _read_in_pairs(text: bytes, noted: Noted) -> Any:
    return json.loads(text.decode(), parse_constant=_constant, object_pairs_hook=partial(_object, noted))


def _object(noted: Noted, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        noted(_twice([name for name, _ in pairs]))
    return found


def _twice(names: Sequence[str]) -> str:
    counts = Counter(names)
    twice = next(name for name in counts if counts[name] > 1)
    beside = [ascii(name)[:40] for name in counts if name != twice][:3]
    place = f" (beside {', '.join(beside)})" if beside else ""
    return f"the key {ascii(twice)[:80]} stands twice in one object{place}"


def _constant(name: str) -> None:
    raise JsonTextError(f"{name} is not a number that JSON has")
