"""The catalogue."""

import re
from pathlib import Path

from constructs_lib.budget.rules import RULES

DESIGN = {
    "overcommitted": "error",
    "no-room": "error",
    "unbounded-pool": "error",
    "proxy-oversubscribed": "error",
    "unknown-limit": "error",
    "unknown-tasks": "error",
    "environment-conflict": "error",
    "unbudgeted-client": "warning",
    "proxy-pinning": "warning",
    "recycle-beyond-timeout": "warning",
    "serverless-without-proxy": "warning",
    "low-headroom": "warning",
    "starved-pool": "warning",
    "failover-too-small": "warning",
    "command-conflict": "warning",
    "incoherent-timeouts": "warning",
    "low-proxy-percent": "warning",
    "never-pauses": "warning",
    "iam-memory": "info",
    "assumed": "info",
}
"""Public names: people acknowledge findings, and write scripts, by them."""


def test_every_rule_has_a_name_of_its_own() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert all(name == name.lower() and name.replace("-", "").isalpha() for name in ids)


def test_a_rule_that_the_design_names_is_as_severe_as_the_design_has_it() -> None:
    severities = {rule.id: rule.severity.value for rule in RULES}
    assert {name: severities[name] for name in severities.keys() & DESIGN.keys()}.items() <= DESIGN.items()


def test_every_error_of_the_design_is_looked_for() -> None:
    assert {name for name, severity in DESIGN.items() if severity == "error"} <= {rule.id for rule in RULES}


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


def test_the_readme_lists_every_rule() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    rows = [f"| `{rule.id}` | {rule.severity.value} | {rule.title} |" for rule in RULES]
    assert "\n".join(rows) in readme
