"""The keys of a budget document: what each may hold, and the error that names the place where it does not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar

from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown

MOST = 1_000_000
"""The largest count that a document may hold: beyond any quota of ECS or RDS, so surely a slip."""

Reader = Callable[[object, str], Any]
E = TypeVar("E", bound=Enum)


class DocumentError(ValueError):
    """A document that cannot be used; the text names the place first, as in `workloads.api.tasks: …`."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)
        self.place = place
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Field:
    """One key of one kind of entry."""

    read: Reader
    """Turns the JSON value into ours; raises DocumentError."""
    default: Any = None
    """The value where the key is absent."""
    assumption: str | None = None
    """What the default assumes, for the `assumed` finding; None where the default is no guess."""
    required: str | None = None
    """Why there is no default; None where the key may be left out."""
    internal: bool = False
    """Whether only this package writes the key, so that an error does not propose it."""


def read_fields(value: object, place: str, fields: Mapping[str, Field]) -> tuple[dict[str, Any], dict[str, Source]]:
    """Read one entry: every field's value, and where each key that was given came from (`sources` says so)."""
    entry = mapping(value, place)
    for key in entry:
        if key not in fields and key != "sources":
            raise unknown_key(place, key, {name: field for name, field in fields.items() if not field.internal})
    values: dict[str, Any] = {key: field.default for key, field in fields.items()}
    given: dict[str, Source] = {}
    sources = _sources(entry["sources"], f"{place}.sources", entry) if "sources" in entry else {}
    for key, item in entry.items():
        if key != "sources":
            values[key] = fields[key].read(item, f"{place}.{key}")
            given[key] = sources.get(key, Source.DECLARED)
    if len(given) < len(fields):
        for key, field in fields.items():
            if field.required and key not in given:
                raise DocumentError(f"{place}.{key}", f"is required: {field.required}")
    return values, given


def write_fields(entity: object, given: Mapping[str, Source]) -> dict[str, Any]:
    """The inverse of `read_fields`: the keys that were given, in JSON's own types."""
    entry = {key: plain(getattr(entity, key)) for key in given}
    sources = {key: source.value for key, source in given.items() if source is not Source.DECLARED}
    return {**entry, "sources": sources} if sources else entry


def mapping(value: object, place: str) -> Mapping[str, object]:
    """A JSON object."""
    if value.__class__ is not dict and not isinstance(value, Mapping):  # the first is quickly told
        raise DocumentError(place, f"must be an object, got {shown(value)}")
    return value


def text(value: object, place: str) -> str:
    """A string that can be printed: not empty, without control characters, at most 500 characters."""
    if not isinstance(value, str):
        raise DocumentError(place, f"must be a string, got {shown(value)}")
    if not value.strip() or not value.isprintable() or len(value) > 500:  # noqa: PLR2004 - the docstring's number
        raise DocumentError(place, f"must be 1 to 500 printable characters, got {shown(value)}")
    return value


def boolean(value: object, place: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise DocumentError(place, f"must be true or false, got {shown(value)}")
    return value


def texts(value: object, place: str) -> tuple[str, ...]:
    """A list of strings, at least one."""
    if not isinstance(value, (list, tuple)) or not value:
        raise DocumentError(place, f"must be a list of one or more strings, got {shown(value)}")
    return tuple(text(item, f"{place}[{index}]") for index, item in enumerate(value))


def integer(minimum: int, maximum: int = MOST) -> Reader:
    """A whole number in a range; `true` and `4.0` are none."""

    def read(value: object, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
            raise DocumentError(place, f"must be a whole number from {minimum} to {maximum}, got {shown(value)}")
        return value

    return read


def choice(kind: type[E]) -> Reader:
    """One of an enumeration's values, written in any case and with any of `-`, `_`, `/` between the words."""

    members: dict[str, E] = {member.value: member for member in kind}

    def read(value: object, place: str) -> E:
        if isinstance(value, str):
            if value in members:  # as this package writes it
                return members[value]
            wanted = value.strip().lower().replace("_", "-").replace("/", "-").replace(" ", "-")
            if wanted in members:
                return members[wanted]
        raise DocumentError(place, f"must be one of {', '.join(members)}, got {shown(value)}")

    return read


def parsed(parse: Callable[[str], Any]) -> Reader:
    """A string that `parse` understands; its ValueError says what is allowed."""

    def read(value: object, place: str) -> Any:
        try:
            return parse(text(value, place))
        except DocumentError:
            raise
        except ValueError as error:
            raise DocumentError(place, f"{error}, got {shown(value)}") from None

    return read


_AT_LEAST = integer(0)


def or_unknown(reader: Reader) -> Reader:
    """The same, or `{"unknown": "why it could not be read"}`, with what a number is `at_least`."""

    def read(value: object, place: str) -> Any:
        if isinstance(value, Mapping):
            if not {"unknown"} <= set(value) <= {"unknown", "at_least"}:
                raise DocumentError(place, f'must be a value or {{"unknown": "reason"}}, got {shown(value)}')
            known = _AT_LEAST(value.get("at_least", 0), f"{place}.at_least")
            return Unknown(text(value["unknown"], f"{place}.unknown"), known)
        return reader(value, place)

    return read


def unknown_key(place: str, key: object, known: Mapping[str, object]) -> DocumentError:
    """The error for a key that no entry of this kind has."""
    return DocumentError(
        place, f"unknown key {shown(key)}{nearest(key, known)}; known keys: {', '.join(sorted(known))}"
    )


def nearest(word: object, known: Mapping[str, object]) -> str:
    """A suggestion to append, empty where nothing is close."""
    close = get_close_matches(word, list(known), n=1) if isinstance(word, str) else []
    return f", did you mean {close[0]!r}?" if close else ""


def shown(value: object) -> str:
    """A value as an error shows it: in ASCII on one line, shortened."""
    try:
        words = ascii(value) if isinstance(value, (str, int, float, bool, type(None))) else type(value).__name__
    except ValueError:  # an integer beyond the interpreter's limit of digits
        words = "a number of thousands of digits"
    words = {"True": "true", "False": "false", "None": "null", "dict": "an object", "list": "a list"}.get(words, words)
    return words if len(words) <= 60 else f"{words[:57]}..."  # noqa: PLR2004 - fits a line beside the rest


def _sources(value: object, place: str, entry: Mapping[str, object]) -> dict[str, Source]:
    sources = {}
    for key, source in mapping(value, place).items():
        if key not in entry:
            raise DocumentError(place, f"{shown(key)} is not given in this entry")
        sources[key] = _SOURCE(source, f"{place}.{key}")
    return sources


_SOURCE = choice(Source)


def plain(value: object) -> object:
    """A value of ours in JSON's own types."""
    if isinstance(value, Unknown):
        return {"unknown": value.reason, **({"at_least": value.at_least} if value.at_least else {})}
    if isinstance(value, Enum):  # before the rest: some are numbers or texts as well
        return value.value
    if isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    to_json = getattr(value, "to_json", None)
    return to_json() if to_json else str(value)
