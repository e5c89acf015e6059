"""The command line as a whole."""

from importlib.metadata import version

import pytest
from click.testing import CliRunner

from constructs_lib.cli.commands import commands


def test_the_version_is_that_of_the_distribution() -> None:
    result = CliRunner().invoke(commands, ["--version"])
    assert result.exit_code == 0
    assert version("rds-connection-budget") in result.stdout


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_the_help_names_every_command_and_a_command_its_exit_statuses(flag: str) -> None:
    result = CliRunner().invoke(commands, [flag])
    assert result.exit_code == 0
    for name in commands.list_commands(commands.make_context("connection-budget", [], resilient_parsing=True)):
        assert f"\n  {name} " in result.stdout
        assert CliRunner().invoke(commands, [name, flag]).exit_code == 0
    assert "Exit status: 0 the budget fits, 1 " in " ".join(CliRunner().invoke(commands, ["plan", flag]).stdout.split())


def test_a_command_that_there_is_not_exits_2() -> None:
    result = CliRunner().invoke(commands, ["pln"])
    assert result.exit_code == 2
    assert "No such command 'pln'" in result.stderr
