"""One form for expressions that mean the same, however they are written."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.substitution import pieces
from constructs_lib.template.unresolved import DEEPEST

_TEXT = ""
"""In the place of a function: a text in pieces."""


def spelling(value: object) -> str:
    """What two values have in common that are equal whatever their parts turn out to be, and no others have.

    Text that `Fn::Join` puts together is spelled as `Fn::Sub` would have it.
    """
    return repr(_form(value, 0))


def _form(value: object, depth: int) -> object:
    text = scalar_text(value)
    if text is not None:
        return text
    if depth > DEEPEST or not isinstance(value, (list, Mapping)):
        return None if value is None else id(value)  # which is like nothing else
    if isinstance(value, list):
        return [_form(item, depth + 1) for item in value]
    if len(value) == 1:
        ((function, argument),) = value.items()
        if function == "Fn::GetAtt" and isinstance(argument, list):
            return {function: ".".join(map(str, argument))}
        if (parts := _parts(function, argument, depth + 1)) is not None:
            merged = list(_merged(parts))
            return (merged or [""])[0] if len(merged) < 2 else {_TEXT: merged}  # noqa: PLR2004 - one stands alone
    return {key: _form(value[key], depth + 1) for key in sorted(value, key=str)}


def _parts(function: str, argument: Any, depth: int) -> Iterator[object] | None:
    """The forms of what a text is put together of; None where it is no such text."""
    if function == "Fn::Join" and isinstance(argument, list) and len(argument) == 2:  # noqa: PLR2004 - separator and parts
        separator, parts = argument
        if isinstance(separator, str) and isinstance(parts, list):
            return _joined(separator, parts, depth)
    if function == "Fn::Sub":
        text, *more = argument if isinstance(argument, list) and argument else [argument]
        if isinstance(text, str) and len(more) < 2:  # noqa: PLR2004 - text and its own variables
            return _substituted(text, more[0] if more and isinstance(more[0], Mapping) else {}, depth)
    return None


def _joined(separator: str, parts: list[object], depth: int) -> Iterator[object]:
    for place, part in enumerate(parts):
        if place:
            yield separator
        yield _form(part, depth)


def _substituted(text: str, own: Mapping[str, object], depth: int) -> Iterator[object]:
    for literal, name in pieces(text):
        yield literal
        if name is not None:
            yield _form(own[name], depth) if name in own else {"Fn::GetAtt" if "." in name else "Ref": name}


def _merged(parts: Iterator[object]) -> Iterator[object]:
    """The parts, those of inner texts among them, with what stands side by side as one text."""
    text = ""
    for part in parts:
        inner = part.get(_TEXT) if isinstance(part, dict) else None
        for item in inner if isinstance(inner, list) else [part]:
            if isinstance(item, str):
                text += item
                continue
            if text:
                yield text
            text = ""
            yield item
    if text:
        yield text
