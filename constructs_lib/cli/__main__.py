"""The console script `connection-budget`."""

import io
import sys


def main() -> None:
    """Run the command line; without its extra, say what to install."""
    try:
        import click  # noqa: F401 - only whether it is there
    except ModuleNotFoundError:
        sys.exit("the command line needs an extra: pip install 'rds-connection-budget[cli]'")
    from constructs_lib.cli.commands import commands

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks "−" still shows the numbers
    commands(prog_name="connection-budget")


if __name__ == "__main__":
    main()
