"""Where in a template's text its resources begin."""

import re
from collections.abc import Collection


def lines_of(text: str, logical_ids: Collection[str]) -> dict[str, int]:
    """The line of each resource's key in the text of a template, JSON or YAML; one that is not found is left out.

    The key is looked for after the line of `Resources`, for parameters and outputs may have the same name.
    """
    wanted, found = set(logical_ids), dict[str, int]()
    resources = re.search(r"""^\s*["']?Resources["']?\s*:""", text, re.MULTILINE) or re.search(r'"Resources"\s*:', text)
    start = resources.end() if resources else 0
    line = text.count("\n", 0, start) + 1
    for number, words in enumerate(text[start:].split("\n"), line):
        for key in _KEY.findall(words):
            if key in wanted and key not in found:
                found[key] = number
    return found


_KEY = re.compile(r"""(?:^\s*|[{,]\s*)["']?([A-Za-z0-9]+)["']?\s*:(?=\s*(?:\{|$|#))""")
