"""`Fn::Sub`: what stands between `${` and `}` in a text."""

import re
from collections.abc import Callable, Iterator

_VARIABLE = re.compile(r"\$\{([^${}]*)\}")  # no "$" in a name: each character is looked at once


def substitute(text: str, known: Callable[[str], str | None], longest: int) -> tuple[str, bool]:
    """The text with the known variables in it, and whether that is all of it.

    `known` gives a variable's value, None where it has none yet. A text that would be longer than `longest` stays as it
    is. `${!name}` is a literal `${name}`.
    """
    values = {name: known(name) for name in dict.fromkeys(names(text))}
    complete = all(value is not None for value in values.values())
    pieces: list[str] = []
    length = end = 0
    for found in _VARIABLE.finditer(text):
        pieces += (text[end : found.start()], _filled(found, values, complete=complete))
        length += len(pieces[-1]) + len(pieces[-2])
        end = found.end()
        if length > longest:
            return text, False
    return "".join([*pieces, text[end:]]), complete


def names(text: str) -> Iterator[str]:
    """The variables of a text, without the escaped ones."""
    for found in _VARIABLE.finditer(text):
        name = found.group(1).strip()
        if not name.startswith("!"):
            yield name


def pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """Each piece of plain text with the variable that follows it: None behind the last one."""
    literal, end = "", 0
    for found in _VARIABLE.finditer(text):
        literal += text[end : found.start()]
        end, name = found.end(), found.group(1).strip()
        if name.startswith("!"):
            literal += f"${{{name[1:]}}}"
        else:
            yield literal, name
            literal = ""
    yield literal + text[end:], None


def _filled(found: re.Match[str], values: dict[str, str | None], *, complete: bool) -> str:
    name = found.group(1).strip()
    if name.startswith("!"):
        return f"${{{name[1:]}}}" if complete else found.group(0)
    value = values[name]
    # in a text that is not complete, a value with "${" in it would be taken for another variable
    return found.group(0) if value is None or (not complete and "${" in value) else value
