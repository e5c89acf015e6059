"""JSON in which no key stands twice: the later one would count in silence, and another reader may take the first."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any


class JsonTextError(ValueError):
    """What JSON allows and a template must not have."""


def read_json(text: str) -> Any:
    """Read a JSON text.

    Raises:
        JsonTextError: where a key stands twice in one object, or for a number that JSON does not have.
        json.JSONDecodeError: where it is no JSON.

    """
    return json.loads(text, parse_constant=_constant, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):  # as in each of thousands of objects
        return found
    raise _twice([name for name, _ in pairs])


def _twice(names: Sequence[str]) -> JsonTextError:
    counts = Counter(names)
    twice = next(name for name in counts if counts[name] > 1)
    beside = [ascii(name)[:40] for name in counts if name != twice][:3]
    place = f" (beside {', '.join(beside)})" if beside else ""
    return JsonTextError(f"the key {ascii(twice)[:80]} stands twice in one object{place}: remove one of them")


def _constant(name: str) -> None:
    raise JsonTextError(f"{name} is not a number that JSON has")
