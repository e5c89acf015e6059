"""`connection-budget explain`."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from constructs_lib.budget.error_messages import ERROR_MESSAGES
from constructs_lib.budget.observation import SIGNS, Sign
from constructs_lib.budget.rules import RULES
from constructs_lib.cli.commands import commands

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(commands, ["explain", *arguments], input=stdin)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.id))
def test_a_rule_is_explained_by_its_name(rule: object) -> None:
    result = run(getattr(rule, "id", ""))
    words = " ".join(result.stdout.split())
    assert result.exit_code == 0
    for key in ("title", "why", "example", "remedy", "source"):
        assert getattr(rule, key) in words
    assert f"ConnectionBudget::{getattr(rule, 'id', '')}" in words


@pytest.mark.parametrize("name", ["No_Room", "ConnectionBudget::no-room", "no room"])
def test_a_name_is_taken_as_people_write_it(name: str) -> None:
    assert run(name).stdout.startswith("no-room (error):")


def test_a_pasted_report_explains_the_rules_that_are_in_it() -> None:
    report = "ERROR orders …\n   Acknowledge with 'ConnectionBudget::overcommitted'\n"
    assert run("-", stdin=report).stdout.startswith("overcommitted (error):")


def test_an_error_message_is_explained_with_cause_and_remedy() -> None:
    result = run("FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute")
    assert result.exit_code == 0
    assert "  Cause " in result.stdout
    assert "max_connections − 9" in result.stdout
    assert "  Remedy " in result.stdout


def test_a_message_may_come_without_quotes_and_from_standard_input() -> None:
    quoted = run("too many clients already").stdout
    assert run("too", "many", "clients", "already").stdout == quoted
    assert run("-", stdin="2026 FATAL: sorry, too many clients already\n").stdout == quoted


@pytest.mark.parametrize("message", ERROR_MESSAGES, ids=lambda message: str(message.id))
def test_a_message_is_explained_by_its_name(message: object) -> None:
    assert run(getattr(message, "id", "")).stdout.startswith(getattr(message, "text", ""))


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: str(sign.id))
def test_what_verify_sees_is_explained_by_its_name(sign: Sign) -> None:
    words = " ".join(run(sign.id).stdout.split())
    assert f"{sign.id}, as connection-budget verify sees it: {sign.title}" in words
    assert sign.when in words
    assert sign.remedy in words


def test_a_name_that_a_rule_has_too_is_explained_as_both() -> None:
    found = run("unbudgeted-client").stdout
    assert found.startswith("unbudgeted-client (warning):")
    assert "as connection-budget verify sees it" in found


def test_without_an_argument_everything_is_listed() -> None:
    lines = run().stdout.splitlines()
    for item in (*RULES, *SIGNS, *ERROR_MESSAGES):
        assert any(line.split()[:1] == [item.id] for line in lines)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("overcomitted", "the nearest rules are overcommitted"),
        ("pool", "the nearest rules are unbounded-pool, starved-pool"),
        ("\x1b[31m", "without WHAT, explain lists all that it knows"),
        ("x" * 5000, "without WHAT, explain lists all that it knows"),
    ],
)
def test_what_is_not_known_exits_2_with_the_nearest_rules(words: str, hint: str) -> None:
    result = run(words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert hint in result.stderr
    assert "\x1b" not in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_committed_page_is_what_the_rules_say() -> None:
    """`connection-budget explain --format markdown > docs/rules.md` brings it up to date."""
    assert run("--format", "markdown").stdout == PAGE.read_text(encoding="utf-8")


def test_the_page_is_whole_or_not_at_all() -> None:
    assert run("--format", "markdown", "no-room").exit_code == 2
