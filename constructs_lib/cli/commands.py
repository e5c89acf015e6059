"""The commands, one module each, loaded when it is called: `--help` and a plain sum should not wait for the rest."""

from importlib import import_module

import click

_COMMANDS = {
    "check": "whether CloudFormation templates, or a cloud assembly, leave the database enough connections",
    "diff": "what changes between two budgets, and whether the way from one to the other fits",
    "explain": "what a rule, or an error message, means and what to do",
    "lookup": "what a live server accepts, kept in a facts file to commit",
    "limits": "what a database server accepts, and how that is known",
    "plan": "whether a budget document fits",
    "verify": "who is connected to a live server, beside the budget",
}


class _Commands(click.Group):
    """Commands by the name of their module."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"constructs_lib.cli.{cmd_name}"), cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rds-connection-budget")
def commands() -> None:
    """Connection budgets: whether the sum of all pools fits the database."""
