"""JSON in which no key stands twice: the later one would count in silence, and another reader may take the first."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson

_BLANK = b" \t\r\n"


class JsonTextError(ValueError):
    """What JSON allows and a template must not have."""


def read_json(text: str) -> Any:
    """Read a JSON text.

    Raises:
        JsonTextError: where a key stands twice in one object, or for a number that JSON does not have.
        json.JSONDecodeError: where it is no JSON.

    """
    try:
        found = orjson.loads(text)
        same = orjson.dumps(found)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # nested too deeply for it, or no JSON: said below
        return _read_in_pairs(text)
    # What was read says the text once more, blanks aside, so nothing of it was lost: no key stands twice. To look at
    # each object for that takes longer than all the rest.
    if same.translate(None, _BLANK) == text.encode().translate(None, _BLANK):
        return found
    return _read_in_pairs(text)


def _read_in_pairs(text: str) -> Any:
    return json.loads(text, parse_constant=_constant, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _twice([name for name, _ in pairs])
    return found


def _twice(names: Sequence[str]) -> JsonTextError:
    counts = Counter(names)
    twice = next(name for name in counts if counts[name] > 1)
    beside = [ascii(name)[:40] for name in counts if name != twice][:3]
    place = f" (beside {', '.join(beside)})" if beside else ""
    return JsonTextError(f"the key {ascii(twice)[:80]} stands twice in one object{place}: remove one of them")


def _constant(name: str) -> None:
    raise JsonTextError(f"{name} is not a number that JSON has")
