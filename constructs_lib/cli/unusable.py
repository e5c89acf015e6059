"""How a command ends that cannot use its input."""

from typing import NoReturn

import click


def unusable(reason: str) -> NoReturn:
    """End the command with exit status 2 and one line on standard error."""
    click.echo(f"connection-budget: {reason}", err=True)
    raise SystemExit(2)
