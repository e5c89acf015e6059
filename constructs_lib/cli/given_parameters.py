"""The values of template parameters, as a command line gives them."""

from collections.abc import Sequence

import click


def given_parameters(parameters: Sequence[str], option: str = "--parameter") -> dict[str, str]:
    """Each `KEY=VALUE` by its key; raises click's own error for anything else."""
    given = {}
    for parameter in parameters:
        key, sign, value = parameter.partition("=")
        if not sign or not key:
            raise click.BadParameter(f"must be KEY=VALUE, got {parameter!a}", param_hint=option)
        given[key] = value
    return given
