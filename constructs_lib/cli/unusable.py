"""How a command ends that cannot use its input."""

from typing import NoReturn

from constructs_lib.cli.note import note


def unusable(reason: str) -> NoReturn:
    """End the command with exit status 2 and one line on standard error."""
    note(reason)
    raise SystemExit(2)
