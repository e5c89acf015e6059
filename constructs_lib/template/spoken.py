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


def spoken_of_pools(container: Mapping[str, Any], variables: Variables) -> dict[str, str]:
    """What the options and the computed variables of a container say of pools, under a variable's name."""
    pairs = [(entry.get("Name"), entry.get("Value")) for entry, _ in entries(container.get("Environment"))]
    return {**spoken_in(pairs, variables), **dict(_options(container))}


def spoken_in(pairs: Iterable[tuple[object, object]], variables: Variables) -> dict[str, str]:
    """The computed variables whose text, as far as it is written out, speaks of a pool."""
    found = {}
    for name, value in pairs:
        if not isinstance(value, str) and isinstance(variables.get(str(name)), Unknown):
            text = written(value)
            if speaks_of_a_pool(text):
                found[str(name)] = text
    return found


def _options(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("EntryPoint", "Command"):
        words = container.get(key)
        text = " ".join(map(written, words)) if isinstance(words, list) else written(words or "")
        for option, value in _OPTION.findall(text) if "-" in text else ():
            name = re.sub(r"[.-]", "_", option)
            said = kind_of(name.upper())[0] != "" or ("." in option and not_understood(name, value) is not None)
            if said:
                yield name, value
