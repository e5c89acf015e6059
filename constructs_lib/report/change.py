"""Words for a change of budgets."""

import json
from collections.abc import Callable, Iterator, Mapping
from textwrap import fill
from typing import Any

from constructs_lib.budget.difference import Difference, differences
from constructs_lib.budget.finding import Severity
from constructs_lib.budget.plan import Plan
from constructs_lib.budget.transition import Bound, deployable, transition
from constructs_lib.limits import Unknown

WIDTH = 100
TITLES = {"databases": "database", "proxies": "proxy", "workloads": "workload"}
ONCE = " once it is deployed, and is no worse on the way than what is deployed"
"""What follows the word for a fit where the way there holds no better than what is deployed."""


def _bounds(base: Plan, head: Plan) -> Mapping[str, list[tuple[Bound, bool]]]:
    """Every bound of a database, and whether it does not hold and is no worse than what is deployed."""
    return {
        name: [(bound, not bound.holds and deployable(bounds, head.tally.databases[name])) for bound in bounds]
        for name, bounds in transition(base.tally, head.tally).databases.items()
    }


def _mends(base: Plan, head: Plan) -> bool:
    """Whether the new budget fits, and the way to it only as well as what is deployed."""
    return head.fits and any(no_worse for bounds in _bounds(base, head).values() for _, no_worse in bounds)


def _json(base: Plan, head: Plan) -> str:
    content = {
        "schema": 1,
        "fits": head.fits,
        "changes": [difference.to_json() for difference in differences(base, head)],
        "transition": {
            name: [_bound(bound, no_worse=no_worse) for bound, no_worse in bounds]
            for name, bounds in _bounds(base, head).items()
        },
        "findings": head.to_json()["findings"],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _bound(bound: Bound, *, no_worse: bool) -> dict[str, Any]:
    total, accepts = bound.total, bound.accepts
    return {
        "name": bound.name,
        "accepts": None if isinstance(accepts, Unknown) else accepts,
        "peak": None if isinstance(total, Unknown) else total,
        "holds": bound.holds,
        "deployed_peak": bound.old and bound.old.peak,
        "no_worse": no_worse,
        "arithmetic": bound.arithmetic,
    }


def _text(base: Plan, head: Plan) -> str:
    lines = ["Changes", *(_wrapped(line, "  ") for line in _changes(base, head)), "", "While the change deploys"]
    bounds = [bound for bounds in _bounds(base, head).values() for bound in bounds]
    lines += [_wrapped(_verdict(bound, no_worse=no_worse), "  ") for bound, no_worse in bounds]
    for finding in head.findings:
        if finding.severity is not Severity.INFO:
            said = _wrapped(f"{finding.severity.value.upper()} {finding.id}: {finding.message}", "")
            lines += ["", said, _wrapped(f"fix: {finding.fix}", "      ", more="")]
    once = ONCE if _mends(base, head) else ""
    lines += ["", f"FITS{once}" if head.fits else "DOES NOT FIT"]
    return "\n".join(lines) + "\n"


def _wrapped(words: str, indent: str, *, more: str = "  ") -> str:
    """The words in lines of at most `WIDTH` columns; `more` sets the second and further ones in."""
    return fill(
        words,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}{more if indent else ''}",
        break_on_hyphens=False,
        break_long_words=False,
    )


def _changes(base: Plan, head: Plan) -> Iterator[str]:
    found = differences(base, head)
    if not found:
        yield "none"
    for difference in found:
        yield f"{difference.what} {TITLES[difference.kind]} {difference.name}: {_values(difference)}"


def _values(difference: Difference) -> str:
    if difference.what == "changed":
        said = [f"{value.key} {_shown(value.before)} → {_shown(value.after)}" for value in difference.values]
    else:
        side = "after" if difference.what == "added" else "before"
        said = [f"{value.key} {_shown(getattr(value, side))}" for value in difference.values]
    return ", ".join(said)


def _verdict(bound: Bound, *, no_worse: bool) -> str:
    if bound.holds:
        return f"{bound.name}: at most {bound.total} of {bound.accepts_words}: {bound.arithmetic or 'nothing connects'}"
    return bound.message("too much, but no worse than now" if no_worse else "too much")


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        return f"unknown ({value.get('unknown')})"
    return str(value)


def _markdown(base: Plan, head: Plan) -> str:
    found = differences(base, head)
    once = ONCE if _mends(base, head) else ""
    verdict = f"fits{once}" if head.fits else "**does not fit**"
    lines = [f"### Connection budget: the change {verdict}", ""]
    if found:
        lines += ["| | | before | after |", "|---|---|---:|---:|"]
        for difference in found:
            title = f"{difference.what} {TITLES[difference.kind]} {_cell(difference.name)}"
            for value in difference.values:
                lines.append(f"| {title} | {_cell(value.key)} | {_cell(value.before)} | {_cell(value.after)} |")
                title = ""
            if not difference.values:
                lines.append(f"| {title} | | | |")
    else:
        lines.append("No change.")
    lines += ["", "| while the change deploys | at most | accepts | |", "|---|---:|---:|---|"]
    for bounds in _bounds(base, head).values():
        for bound, no_worse in bounds:
            total = "unknown" if isinstance(bound.total, Unknown) else bound.total
            accepts = "unknown" if isinstance(bound.accepts, Unknown) else bound.accepts
            fits = "fits" if bound.holds else "**does not fit**"
            if no_worse and bound.old is not None:
                fits = f"**does not fit**, no worse than the {bound.old.peak} of what is deployed"
            lines.append(f"| {_cell(bound.name)} | {total} | {accepts} | {fits}: {_cell(bound.arithmetic)} |")
    for finding in head.findings:
        if finding.severity is not Severity.INFO:
            lines += ["", f"- **{finding.severity.value} {finding.id}**: {_cell(finding.message)}"]
            lines += [f"  - fix: {_cell(finding.fix)}"]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    """Text that Markdown and the HTML in it take as text."""
    words = _shown(value)
    for letter, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        words = words.replace(letter, name)
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()#+!|~" else letter for letter in words)


FORMATS: Mapping[str, Callable[[Plan, Plan], str]] = {"text": _text, "markdown": _markdown, "json": _json}
"""The formats that a change can be printed in; the new plan has the old document as its `deployed`."""
