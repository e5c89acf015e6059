"""Values that rest on the defaults of a template's parameters, which whoever deploys it may have set otherwise."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from constructs_lib.budget import schema
from constructs_lib.budget.schema import Field
from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown

Defaults = Mapping[str, tuple[str, ...]]
"""The names of the parameters, by the document's key that rests on their defaults."""


def _read(value: object, place: str) -> Defaults:
    return {key: schema.texts(names, f"{place}.{key}") for key, names in schema.mapping(value, place).items()}


_LEFT_OUT = ("parameter_max_connections", "parameter_reserve", "parameter_per_role")
"""What decides the number of connections also where it is not there: a parameter group, for it need not say any."""
FIELD = Field(_read, {}, internal=True)


class _Entry(Protocol):
    @property
    def defaults(self) -> Defaults: ...
    @property
    def given(self) -> Mapping[str, Source]: ...


def in_force(entry: _Entry) -> Defaults:
    """Those of an entry whose value is known, and the template's: what the user says himself rests on nothing."""
    return {
        key: names
        for key, names in entry.defaults.items()
        # who uses the database may be said, and whether that is there is the template's all the same
        if (entry.given.get(key) is not Source.DECLARED or key == "containers")
        and ((value := getattr(entry, key, None)) is not None or key in _LEFT_OUT)
        and not isinstance(value, Unknown)
    }


def resting(defaults: Defaults, shown: Mapping[str, str]) -> Iterator[str]:
    """Such as `tasks 3 rests on the default of the parameter Tasks (--parameter Tasks=… gives another)`.

    `shown` has each key as a report shows it with its value; those that rest on the same parameters are said together.
    """
    together: dict[tuple[str, ...], list[str]] = {}
    for key, names in defaults.items():
        together.setdefault(names, []).append(shown[key])
    for names, keys in together.items():
        several = len(names) > 1
        whose = f"the {'defaults' if several else 'default'} of the {'parameters' if several else 'parameter'}"
        how = f"{options(names)} {'give others' if several else 'gives another'}"
        yield f"{listed(keys)} {'rest' if len(keys) > 1 else 'rests'} on {whose} {listed(names)} ({how})"


def options(names: tuple[str, ...]) -> str:
    """How the command line is given the parameters."""
    return " ".join(f"--parameter {name}=…" for name in names)


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Such as `one, two and three`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
