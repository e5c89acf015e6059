"""What a container says of its pools elsewhere than in plain variables: in its command, and in addresses."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from constructs_lib.budget.split import SQLALCHEMY
from constructs_lib.budget.variables import LIMITED_POOLS
from constructs_lib.limits import Unknown
from constructs_lib.template.containers import entries
from constructs_lib.template.environment import Variables
from constructs_lib.template.pool_names import kind_of, limit_in, not_understood, speaks_of_a_pool
from constructs_lib.template.written import written

_OPTION = re.compile(r"(?:^|[\s'\"])(?:-D|--?)([A-Za-z][\w.-]{2,80})(?:=|\s+)[\"']?([^\s\"';&|]+)")
"""A property of Java or an option with a value, also within a script; the options of Go have one dash or two."""
_ASSIGNED = re.compile(r"(?:^|[\s;&|('\"])([A-Za-z_]\w{2,80})=[\"']?([^\s\"';&|]+)")
"""A variable that is set before a program, or by `env` or a shell."""
_ADDRESS = re.compile(r"[\w+:]+://[^\s'\"]+")
_ASSUMED = {"pool_size": str(SQLALCHEMY.pool_size), "max_overflow": str(SQLALCHEMY.max_overflow), "class": "QueuePool"}
_ASSUMED_IN_ALL = str(sum(SQLALCHEMY))
"""What SQLAlchemy has where nothing is said."""


def spoken_of_pools(container: Mapping[str, Any], variables: Variables) -> dict[str, str]:
    """What the options and the computed variables of a container say of pools, under a variable's name."""
    pairs = [(entry.get("Name"), entry.get("Value")) for entry, _ in entries(container.get("Environment"))]
    found = spoken_in(pairs, variables)
    if not (texts := dict(_texts(container))):
        return found
    said = {**found, **_assigned(texts.values(), variables), **dict(_options(texts.values()))}
    return {**dict(_addresses(texts, said.values())), **said}


def spoken_in(pairs: Iterable[tuple[object, object]], variables: Variables) -> dict[str, str]:
    """The computed variables whose text, as far as it is written out, speaks of a pool."""
    found = {}
    for name, value in pairs:
        if not isinstance(value, str) and isinstance(variables.get(str(name)), Unknown):
            text = written(value)
            if speaks_of_a_pool(text):
                found[str(name)] = text
    return found


def _texts(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a container runs, as far as it is written out, by the property that says it."""
    for key in ("EntryPoint", "Command"):
        if (words := container.get(key)) is not None:
            yield key, " ".join(map(written, words)) if isinstance(words, list) else written(words)


def _assigned(texts: Iterable[str], variables: Variables) -> dict[str, str]:
    """What a command sets of pools, where that is more than the container's variables say, or than is assumed.

    Which of its programs a command sets a variable for is not asked.
    """
    found: dict[str, str] = {}
    for text in texts:
        for name, value in _ASSIGNED.findall(text) if "=" in text else ():
            kind = kind_of(name.upper())[0]
            own = found.get(name, variables.get(name, _ASSUMED.get(kind, _ASSUMED_IN_ALL)))
            limit = limit_in(value)
            said = kind or limit is not None or not_understood(name, value) is not None
            if said and _opens_more(limit or value, limit_in(own) or own, kind):
                found[name] = value
    return found


def _opens_more(value: str, own: str | Unknown, kind: str) -> bool:
    """Whether a value says, or may say, more than another; what cannot be read already says more than any."""
    if isinstance(own, Unknown) or not _is_a_limit(own, kind):
        return False
    return not _is_a_limit(value, kind) or (kind != "class" and int(value) > int(own))


def _is_a_limit(value: str, kind: str) -> bool:
    """Whether a value bounds a pool, as far as it can be told."""
    if kind == "class":
        return value.rpartition(".")[2].strip() in LIMITED_POOLS
    limit = value.strip()
    return limit.isascii() and limit.isdecimal() and len(limit) < 7 and not (kind == "pool_size" and int(limit) == 0)  # noqa: PLR2004 - no pool has a million


def _addresses(texts: Mapping[str, str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """The addresses in a command that speak of a pool, and are neither an option's value nor a variable's."""
    for key, text in texts.items():
        for address in _ADDRESS.findall(text) if "://" in text else ():
            said = speaks_of_a_pool(address) or limit_in(address) is not None
            if said and not any(value in address for value in known):
                yield key, address


def _options(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        for option, value in _OPTION.findall(text) if "-" in text else ():
            name = re.sub(r"[.-]", "_", option)
            known = kind_of(name.upper())[0] != "" or limit_in(value) is not None
            said = known or ("." in option and not_understood(name, value) is not None)
            if said:
                yield name, value
