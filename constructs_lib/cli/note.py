"""What a command says beside its result."""

import click


def note(words: str) -> None:
    """Say something on one line of standard error."""
    click.echo(f"connection-budget: {words}", err=True)
