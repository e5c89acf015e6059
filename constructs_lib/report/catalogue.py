"""Words for the rules, and for the error messages that people come with."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from constructs_lib.budget.error_messages import ERROR_MESSAGES, ErrorMessage
from constructs_lib.budget.observation import SIGNS, Sign
from constructs_lib.budget.rules import RULES
from constructs_lib.budget.rules.rule import Rule

PLUGIN = "ConnectionBudget"
"""The name before `::` under which a finding is acknowledged."""
WIDTH = 100
PLAIN = (
    "in a template without the construct nothing is acknowledged: a warning leaves the exit status at 0, an error is"
    " settled in the template, or by a connection-budget.yml, with a number that it does not have or a reservation"
)
HOW = "connection-budget explain --format markdown > docs/rules.md"


def text(rules: Sequence[Rule], messages: Sequence[ErrorMessage], signs: Sequence[Sign] = ()) -> str:
    """Everything about some rules, messages and signs of a live server, for a terminal."""
    parts = [*map(_rule, rules), *map(_sign, signs), *map(_message, messages)]
    return "\n\n".join(parts) + "\n"


def listing() -> str:
    """One line for each rule and each message."""
    width = max(len(item.id) for item in (*RULES, *ERROR_MESSAGES, *SIGNS)) + 2
    lines = ["Rules: connection-budget explain RULE", ""]
    lines += [f"  {rule.id:{width}}{rule.severity.value:9}{rule.title}" for rule in RULES]
    lines += ["", "What verify sees at a live server", ""]
    lines += [f"  {sign.id:{width}}{sign.title}" for sign in SIGNS]
    lines += ["", 'Error messages: connection-budget explain "the message as you have it"', ""]
    lines += [f"  {message.id:{width}}{message.text}" for message in ERROR_MESSAGES]
    return "\n".join(lines) + "\n"


def markdown() -> str:
    """The whole catalogue as one page."""
    lines = [
        "# Rules",
        "",
        f"Generated from the rules themselves: `{HOW}`.",
        "",
        "An error keeps a budget from fitting, and fails the synth; a warning and an information do not. Any of them",
        "can be acknowledged with a reason, on the resource, the budget or above; the report keeps it:",
        "",
        "```python",
        "from aws_cdk import Acknowledgment, Validations",
        "",
        _acknowledgment("low-headroom"),
        "```",
        "",
        f"{PLAIN[0].upper()}{PLAIN[1:]}.",
        "",
        "| rule | severity | |",
        "|---|---|---|",
        *(f"| [`{rule.id}`](#{rule.id}) | {rule.severity.value} | {_escaped(rule.title)} |" for rule in RULES),
    ]
    for rule in RULES:
        lines += ["", f"## {rule.id}", "", f"{_sentence(rule.title)} ({rule.severity.value})", ""]
        lines += [f"- **{title}**: {_escaped(_sentence(words))}" for title, words in _parts(rule)]
    lines += ["", "# What `connection-budget verify` sees", ""]
    for sign in SIGNS:
        lines += [f"- **`{sign.id}`**: {_escaped(_sentence(sign.title))} {_escaped(_sentence(sign.when))}"]
        lines += [f"  What to do: {_escaped(_sentence(sign.remedy))}"]
    lines += ["", "# Error messages", ""]
    lines += ['`connection-budget explain "…"` knows them by what is pasted from a log, whatever stands around it.']
    for message in ERROR_MESSAGES:
        lines += ["", f"## {message.id}", "", "```text", message.text, "```", ""]
        lines += [f"- **{title}**: {_escaped(_sentence(words))}" for title, words in _told(message)]
    return "\n".join(lines) + "\n"


def _rule(rule: Rule) -> str:
    lines = [f"{rule.id} ({rule.severity.value}): {rule.title}", ""]
    for title, words in _parts(rule):
        lines += [_filled(title, words)]
    lines += ["", f"    {_acknowledgment(rule.id)}", ""]
    return "\n".join([*lines, fill(PLAIN, WIDTH, initial_indent="  ", subsequent_indent="  ")])


def _sign(sign: Sign) -> str:
    head = f"{sign.id}, as connection-budget verify sees it: {sign.title}"
    return "\n".join([head, "", _filled("When", sign.when), _filled("Remedy", sign.remedy)])


def _message(message: ErrorMessage) -> str:
    return "\n".join([message.text, "", *(_filled(title, words) for title, words in _told(message))])


def _parts(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "Why", rule.why
    yield "Example", rule.example
    yield "Fix", rule.remedy
    yield "Acknowledge", f"{PLUGIN}::{rule.id}"
    yield "Source", rule.source


def _told(message: ErrorMessage) -> Iterator[tuple[str, str]]:
    yield "Raised by", message.raised_by
    yield "Cause", message.cause
    yield "Remedy", message.remedy
    yield "Source", message.source


def _filled(title: str, words: str) -> str:
    head = f"  {title}"
    return fill(words, WIDTH, initial_indent=f"{head:15}", subsequent_indent=" " * 15, break_on_hyphens=False)


def _acknowledgment(rule: str) -> str:
    acknowledgment = f'Acknowledgment(id="{PLUGIN}::{rule}", reason="why it may stand")'
    return f"Validations.of(budget).acknowledge({acknowledgment})"


def _sentence(words: str) -> str:
    """The words as a sentence; a name that begins in lower case, such as pool_size, stays as it is."""
    first = words.split(" ", 1)[0]
    begun = words[0].upper() + words[1:] if first.isalpha() else words
    return begun if "::" in words or words.endswith(("!", "?")) else f"{begun}."


def _escaped(words: str) -> str:
    for letter, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "\\|"), ("*", "\\*"), ("_", "\\_")):
        words = words.replace(letter, name)
    return words
