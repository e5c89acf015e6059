"""Words for a change of budgets."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from textwrap import fill
from typing import Any

from constructs_lib.budget.difference import Difference, Value, differences
from constructs_lib.budget.finding import Severity
from constructs_lib.budget.plan import Plan
from constructs_lib.budget.transition import Bound, deployable, transition
from constructs_lib.limits import Unknown
from constructs_lib.report.escaped import in_markdown

WIDTH = 100
TITLES = {"databases": "database", "proxies": "proxy", "workloads": "workload"}
LONGEST = 40
"""Characters of a property that are shown of it; what is written longer in a template tells a reader nothing."""
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
        said = _values(difference)
        yield f"{difference.what} {TITLES[difference.kind]} {_name(difference)}{': ' if said else ''}{said}"


def _name(difference: Difference) -> str:
    return f"{difference.name} ({difference.where})" if difference.where else difference.name


def _values(difference: Difference) -> str:
    if difference.what in {"added", "removed"}:
        side = 1 if difference.what == "added" else 0
        return ", ".join(f"{value.key} {_sides(value)[side]}" for value in difference.values)
    return ", ".join(f"{value.key} {' → '.join(_sides(value))}" for value in difference.values)


def _sides(value: Value) -> tuple[str, str]:
    """Both values in words."""
    if not value.of_template:
        return _shown(value.before), _shown(value.after)
    before, after = _property(value.before) or "…", _property(value.after) or "another"
    return before, "another" if after == before else after


def _property(text: str | None) -> str | None:
    """A property of a template as a reader calls it: itself, or the resource that it refers to; None if it is long."""
    if text is None:
        return "none"
    with suppress(ValueError):
        match json.loads(text):
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
                return name
            case {} | [*_]:
                return None
    return text if len(text) <= LONGEST else None


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
            title = f"{difference.what} {TITLES[difference.kind]} {in_markdown(_name(difference))}"
            for value in difference.values:
                lines.append(f"| {title} | {in_markdown(value.key)} | {' | '.join(map(in_markdown, _sides(value)))} |")
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
            lines.append(
                f"| {in_markdown(bound.name)} | {total} | {accepts} | {fits}: {in_markdown(bound.arithmetic)} |"
            )
    for finding in head.findings:
        if finding.severity is not Severity.INFO:
            lines += ["", f"- **{finding.severity.value} {finding.id}**: {in_markdown(finding.message)}"]
            lines += [f"  - fix: {in_markdown(finding.fix)}"]
    return "\n".join(lines) + "\n"


FORMATS: Mapping[str, Callable[[Plan, Plan], str]] = {"text": _text, "markdown": _markdown, "json": _json}
"""The formats that a change can be printed in; the new plan has the old document as its `deployed`."""
