"""The catalogue."""

import re
from pathlib import Path

from constructs_lib.budget.rules import RULES

PUBLIC = {
    "overcommitted": "error",
    "no-room": "error",
    "unbounded-pool": "error",
    "proxy-oversubscribed": "error",
    "unknown-limit": "error",
    "unknown-tasks": "error",
    "unread-template": "error",
    "uncounted-tasks": "error",
    "uncounted-container": "error",
    "budgeted-twice": "error",
    "stale-facts": "error",
    "unbudgeted-proxy": "error",
    "environment-conflict": "error",
    "command-conflict": "warning",
    "transition-overcommitted": "error",
    "low-headroom": "warning",
    "failover-too-small": "warning",
    "transition-from-overcommitted": "warning",
    "rollback-overcommitted": "warning",
    "starved-pool": "warning",
    "proxy-pinning": "warning",
    "recycle-beyond-timeout": "warning",
    "incoherent-timeouts": "warning",
    "low-proxy-percent": "warning",
    "serverless-without-proxy": "warning",
    "never-pauses": "warning",
    "iam-memory": "info",
    "unbudgeted-client": "warning",
    "assumed": "info",
}
"""Public names: people acknowledge findings, and write scripts, by them."""


def test_every_rule_has_a_name_of_its_own() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert all(name == name.lower() and name.replace("-", "").isalpha() for name in ids)


def test_every_rule_has_the_name_and_the_severity_that_people_know_it_by() -> None:
    severities = {rule.id: rule.severity.value for rule in RULES}
    assert severities == PUBLIC


def test_every_rule_says_what_is_wrong_and_why_it_matters() -> None:
    for rule in RULES:
        assert rule.title
        assert rule.why
        assert not rule.title.endswith(".")
        assert not rule.why.endswith(".")


def test_every_rule_has_an_example_with_a_number_a_remedy_and_the_title_of_its_source() -> None:
    for rule in RULES:
        assert re.search(r"\d", rule.example), rule.id
        assert rule.remedy, rule.id
        assert re.search(r'^[A-Z].+, ".+"', rule.source), rule.id
        assert not any(words.endswith(".") for words in (rule.example, rule.remedy, rule.source)), rule.id


def test_the_readme_has_a_row_for_every_rule_in_the_order_of_the_rules_and_no_other() -> None:
    """What is missing is shown first, as the row to write."""
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    rows = [row for row in readme.splitlines() if re.match(r"\| `[a-z-]+` \| (error|warning|info) \|", row)]
    wanted = [f"| `{rule.id}` | {rule.severity.value} | {rule.title} |" for rule in RULES]
    assert [row for row in wanted if row not in rows] == []
    assert rows == wanted
