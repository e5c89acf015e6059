"""YAML as CloudFormation reads it: short-form functions, and numbers and dates as JSON would have them."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

DEEPEST = 100
"""Levels of nesting; a template has about fifteen."""
MOST_VALUES = 1_000_000
"""Values after every alias has been written out: more than a template of the size that is read can hold."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Only its events are used, which are plain text: nothing is constructed."""
_BOOLEANS = {
    spelled: word in {"true", "yes", "on"}
    for word in ("true", "yes", "on", "false", "no", "off")
    for spelled in (word, word.capitalize(), word.upper())
}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,300})(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_TAG = re.compile(r"!([A-Za-z][A-Za-z0-9:]*)")
_STANDARD = "tag:yaml.org,2002:"
_BARE = {"Ref", "Condition"}
"""The functions whose long form has no `Fn::`."""


class YamlError(ValueError):
    """What cannot be read, with its place."""


def read_yaml(text: bytes | str, noted: Callable[[str], None] | None = None) -> Any:
    """Read a YAML text.

    `noted` is told of every key that stands twice, of which the later one counts as in CloudFormation; without it, such
    a text is refused.

    Raises:
        YamlError: with line and column, where it is no YAML, or none that a template may be.

    """
    try:
        return _Builder(yaml.parse(text, Loader=_LOADER), noted or _refused).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(f"{_place(mark)}not YAML: {error.problem or error.context or 'it cannot be read'}") from None
    except yaml.YAMLError as error:
        raise YamlError(f"not YAML: {str(error).splitlines()[0]}") from None


def _refused(words: str) -> None:
    raise YamlError(words)


class _Builder:
    """Makes values of events, which come one by one, so that what is too much is refused before it is read."""

    def __init__(self, events: Iterator[Any], noted: Callable[[str], None]) -> None:
        self._events = events
        self._noted = noted
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._count = 0

    def document(self) -> Any:
        found, begun = None, False
        for event in self._events:  # to the end of the text: what is wrong there is wrong
            if isinstance(event, yaml.DocumentStartEvent):
                if begun:
                    raise YamlError(f"{_place(event.start_mark)}a second document begins, and a template is one")
                found, begun = self._value(next(self._events), 0), True
        return found

    def _value(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise YamlError(f"{_place(event.start_mark)}the alias {event.anchor!a} is not defined before it")
            value, size = self._anchors[event.anchor]
            self._counted(size, event)
            return value
        before = self._count
        self._counted(1, event)
        if depth > DEEPEST:
            raise YamlError(f"{_place(event.start_mark)}nested more than {DEEPEST} levels deep")
        value = _tagged(event, self._untagged(event, depth))
        if event.anchor is not None:
            self._anchors[event.anchor] = value, self._count - before
        return value

    def _untagged(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0] and event.tag is None
            return _plain(event.value) if plain else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self._sequence(depth + 1))
        return self._mapping(depth + 1)

    def _sequence(self, depth: int) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._value(event, depth)

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            value = self._value(next(self._events), depth)
            if key == "<<" and getattr(event, "style", None) not in {"'", '"'}:
                merged = {**_merged(value, event), **merged}
            else:
                if key in found:
                    self._noted(f"{_place(event.start_mark)}the key {key!a} stands twice in one mapping")
                found[key] = value
        return {**merged, **found} if merged else found

    def _key(self, event: Any) -> str:
        if isinstance(event, yaml.AliasEvent):
            value = self._anchors.get(str(event.anchor), (None, 0))[0]
            if isinstance(value, str):
                return value
        if not isinstance(event, yaml.ScalarEvent):
            raise YamlError(f"{_place(event.start_mark)}a key that is no text")
        self._counted(1, event)
        if event.anchor is not None:
            self._anchors[event.anchor] = event.value, 1
        return str(event.value)

    def _counted(self, size: int, event: Any) -> None:
        self._count += size
        if self._count > MOST_VALUES:
            raise YamlError(f"{_place(event.start_mark)}more than {MOST_VALUES} values, with every alias written out")


def _plain(text: str) -> Any:
    """What a scalar without quotes stands for; a date, a time or an account number stays the text that it is."""
    if text in {"", "~", "null", "Null", "NULL"}:
        return None
    first = text[0]
    if (first.isdigit() or first == "-") and _NUMBER.fullmatch(text):
        number = json.loads(text)
        return number if str(number) == text else text  # 16.10 is another version than 16.1
    return _BOOLEANS.get(text, text)


def _tagged(event: Any, value: Any) -> Any:
    tag = event.tag
    if tag is None or tag == "!":
        return value
    if tag.startswith(_STANDARD):
        return _standard(tag.removeprefix(_STANDARD), event, value)
    function = _TAG.fullmatch(tag)
    if function is None:
        raise YamlError(f"{_place(event.start_mark)}the tag {tag!a} is none that CloudFormation knows")
    name = function.group(1)
    if name == "GetAtt" and isinstance(value, str):
        logical_id, dot, attribute = value.partition(".")
        return {"Fn::GetAtt": [logical_id, attribute] if dot else [logical_id]}
    return {name if name in _BARE else f"Fn::{name}": value}


def _standard(kind: str, event: Any, value: Any) -> Any:
    if kind in {"str", "timestamp", "binary"} and isinstance(value, str):
        return value
    if kind in {"int", "float", "bool", "null"} and isinstance(value, str):
        return _plain(value)
    if (kind == "map" and isinstance(value, dict)) or (kind == "seq" and isinstance(value, list)):
        return value
    raise YamlError(f"{_place(event.start_mark)}the tag !!{kind!s} is none that a template may have")


def _merged(value: Any, event: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            raise YamlError(f"{_place(event.start_mark)}'<<' merges something that is no mapping")
        found = {**item, **found}
    return found


def _place(mark: Any) -> str:
    return "" if mark is None else f"line {mark.line + 1} column {mark.column + 1}: "
