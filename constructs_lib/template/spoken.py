"""What a container says of its pools elsewhere than in plain variables: in its command, and in addresses."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.containers import entries
from constructs_lib.template.environment import Variables
from constructs_lib.template.pool_names import kind_of, not_understood, speaks_of_a_pool
from constructs_lib.template.written import written

_OPTION = re.compile(r"(?:^|[\s'\"])(?:-D|--)([A-Za-z][\w.-]{2,80})(?:=|\s+)[\"']?([^\s\"';&|]+)")
"""A property of Java or an option with a value, also within a script."""
_ASSIGNED = re.compile(r"(?:^|[\s;&|('\"])([A-Za-z_]\w{2,80})=[\"']?([^\s\"';&|]+)")
"""A variable that is set before a program, or by `env` or a shell."""
_WITHOUT_LIMIT = {"0", "-1"}


def spoken_of_pools(container: Mapping[str, Any], variables: Variables) -> dict[str, str]:
    """What the options and the computed variables of a container say of pools, under a variable's name."""
    pairs = [(entry.get("Name"), entry.get("Value")) for entry, _ in entries(container.get("Environment"))]
    return {**spoken_in(pairs, variables), **dict(_assigned(container, variables)), **dict(_options(container))}


def spoken_in(pairs: Iterable[tuple[object, object]], variables: Variables) -> dict[str, str]:
    """The computed variables whose text, as far as it is written out, speaks of a pool."""
    found = {}
    for name, value in pairs:
        if not isinstance(value, str) and isinstance(variables.get(str(name)), Unknown):
            text = written(value)
            if speaks_of_a_pool(text):
                found[str(name)] = text
    return found


def _texts(container: Mapping[str, Any]) -> Iterator[str]:
    """What a container runs, as far as it is written out."""
    for key in ("EntryPoint", "Command"):
        words = container.get(key)
        yield " ".join(map(written, words)) if isinstance(words, list) else written(words or "")


def _assigned(container: Mapping[str, Any], variables: Variables) -> Iterator[tuple[str, str]]:
    """What a command sets of pools beside the container's variables, unless these say as much or more.

    Which of its programs a command sets a variable for is not asked.
    """
    for text in _texts(container):
        for name, value in _ASSIGNED.findall(text) if "=" in text else ():
            kind = kind_of(name.upper())[0]
            if (kind or not_understood(name, value) is not None) and _more(value, variables.get(name), kind):
                yield name, value


def _more(value: str, own: str | Unknown | None, kind: str) -> bool:
    if own is None:
        return True
    if isinstance(own, Unknown) or own.strip() in _WITHOUT_LIMIT:
        return False
    if kind == "class":
        return value.rpartition(".")[2] != "QueuePool"
    if not (value.isdecimal() and own.strip().isdecimal()):
        return value != own
    return value in _WITHOUT_LIMIT or int(value) > int(own)


def _options(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for text in _texts(container):
        for option, value in _OPTION.findall(text) if "-" in text else ():
            name = re.sub(r"[.-]", "_", option)
            said = kind_of(name.upper())[0] != "" or ("." in option and not_understood(name, value) is not None)
            if said:
                yield name, value
