"""A variable's value in an error, which ends in a log: a URL or a password by mistake must not be in it."""

import re

_NUMBER = re.compile(r"[+-]?[\d._]{1,12}(e[+-]?\d{1,3})?(s|ms|m|min|h|k|%)?", re.IGNORECASE)
_WORD = re.compile(r"true|false|yes|no|on|off|none|null|nan|[+-]?inf|infinity|[a-z]{0,20}pool", re.IGNORECASE)


def shown(value: str) -> str:
    """A number, a word for a truth or a pool's class as it is; of anything else only how long it is."""
    if _NUMBER.fullmatch(value) or _WORD.fullmatch(value):
        return ascii(value)
    return f"a text of {len(value)} characters" if len(value) != 1 else "a text of one character"
