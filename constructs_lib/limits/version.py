"""Engine versions, as far as they decide anything."""

import re

from constructs_lib.limits.unknown import Unknown

# ASCII digits only: \d would take a digit of any script.
_VERSION = re.compile(r"\s*([0-9]{1,4})(?:\.([0-9]{1,4}))?(?![0-9])")


def is_version(text: str) -> bool:
    """Whether a text begins like a version; one that does not decides nothing."""
    return major_minor(text) is not None


def major_minor(version: str | Unknown | None) -> tuple[int, int | None] | None:
    """Read the first two numbers of a version: (16, 4) of '16.4-R1', (16, None) of '16', nothing of what is none."""
    match = _VERSION.match(version) if isinstance(version, str) else None
    return match and (int(match[1]), int(match[2]) if match[2] else None)
