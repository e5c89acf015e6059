"""`connection-budget explain`."""

import re

import click

from constructs_lib.budget.error_messages import ERROR_MESSAGES, ErrorMessage, recognized
from constructs_lib.budget.observation import SIGNS
from constructs_lib.budget.rules import RULES
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.cli.unusable import unusable
from constructs_lib.limits.nearest import nearest
from constructs_lib.report import catalogue

LARGEST = 1_000_000
"""Bytes of a log that are read."""


@click.command()
@click.argument("what", nargs=-1)
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
def explain(what: tuple[str, ...], form: str) -> None:
    """Explain a rule, or what verify sees, by its id, or an error message as a log has it; - takes standard input.

    Without WHAT every rule and message is listed; as Markdown, the whole catalogue is one page.

    Exit status: 0 it is known, 2 it is not.
    """
    if form == "markdown":
        if what:
            unusable("--format markdown is the whole catalogue: leave the rule out")
        click.echo(catalogue.markdown(), nl=False)
        return
    if not what:
        click.echo(catalogue.listing(), nl=False)
        return
    words = " ".join(what)
    if words == "-":
        with click.open_file("-", "rb") as stream:
            words = stream.read(LARGEST).decode(errors="replace")
    rules = _rules(words)
    signs = tuple(sign for sign in SIGNS if sign.id == _id(words))
    messages = () if rules or signs else _named(words) or recognized(words)
    if not rules and not signs and not messages:
        unusable(_unknown(words))
    click.echo(catalogue.text(rules, messages, signs), nl=False)


def _rules(words: str) -> tuple[Rule, ...]:
    """The rule of this name, or those whose findings are in a pasted report."""
    name = _id(words)
    named = {found.lower() for found in re.findall(r"ConnectionBudget::([a-z-]+)", words, re.IGNORECASE)}
    return tuple(rule for rule in RULES if rule.id == name or rule.id in named)


def _named(words: str) -> tuple[ErrorMessage, ...]:
    return tuple(message for message in ERROR_MESSAGES if message.id == _id(words))


def _id(words: str) -> str:
    return "-".join(words.lower().replace("_", " ").replace("-", " ").split())


def _unknown(words: str) -> str:
    ids = [rule.id for rule in RULES]
    near = nearest(_id(words), ids) or tuple(name for name in ids if set(name.split("-")) & set(_id(words).split("-")))
    shown = ascii(words if len(words) <= 60 else f"{words[:57]}...")  # noqa: PLR2004 - fits a line beside the rest
    hint = f"the nearest rules are {', '.join(near[:3])}" if near else "without WHAT, explain lists all that it knows"
    return f"neither a rule nor a known error message: {shown}; {hint}"
