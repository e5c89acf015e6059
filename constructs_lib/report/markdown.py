"""A plan as a comment on a pull request: the verdict first, what to do about it, and the rest folded away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from constructs_lib.budget.finding import Finding, Severity
from constructs_lib.budget.plan import Plan
from constructs_lib.budget.tally import DatabaseTally
from constructs_lib.limits import Unknown
from constructs_lib.report import cells
from constructs_lib.report.acknowledged import Reason, beside, nothing, passes
from constructs_lib.report.escaped import in_html, in_markdown
from constructs_lib.report.evidence import evidence_of
from constructs_lib.report.places import NOWHERE, Places
from constructs_lib.report.verdict import at_least, errors_of, verdict

LONGEST = 60_000
"""Bytes: GitHub takes comments of 65,536 characters, and whoever posts it may add some of their own."""
_HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings"}
_WORKLOADS = (
    "| Workload | Tasks × surge × processes | Pools | Pool + overflow | Steady | Scaled out | Deploying | Share |",
    "|---|---|--:|--:|--:|--:|--:|--:|",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """Lines that belong together; where there is no room for all of its rows, the rest is counted."""

    head: Sequence[str]
    rows: Sequence[str]
    foot: Sequence[str] = ()


def markdown(plan: Plan, places: Places = NOWHERE, acknowledged: Reason = nothing) -> str:  # noqa: ARG001 - as Writer
    """The budget of every database in GitHub's Markdown, at most `LONGEST` bytes; all that is named is escaped."""
    lines: list[str] = []
    left = LONGEST
    for section in _sections(plan, acknowledged):
        taken = _within(section, left)
        left -= sum(_bytes(line) for line in taken)
        lines += taken
    return "\n".join(lines).rstrip("\n") + "\n"


def _sections(plan: Plan, acknowledged: Reason) -> Iterator[_Section]:
    uncounted = plan.uncounted()
    yield _verdict(plan, uncounted, acknowledged)
    for severity, heading in _HEADINGS.items():
        found = [finding for finding in plan.findings if finding.severity is severity]
        if found:
            rows = [_finding(finding, acknowledged(finding)) for finding in found]
            yield _Section(head=(f"### {heading}", ""), rows=rows, foot=("",))
    # of the others their row above says that nothing connects
    databases = plan.tally.databases.values()
    shown = [item for item in databases if item.direct or item.proxies or errors_of(plan, item)]
    for database in shown:
        yield _workloads(database)
        yield _limit(database)
    evidence = [
        f"- {in_markdown(words)}"
        for database in shown
        for words in evidence_of(database, plan.document, uncounted[database.name])
    ]
    if evidence:
        yield _folded("What connects, and how that is known", evidence)
    assumed = [finding for finding in plan.findings if finding.severity is Severity.INFO]
    if assumed:
        rows = [f"- {in_markdown(finding.message + beside(finding, acknowledged))}" for finding in assumed]
        yield _folded(f"What the plan assumes ({len(assumed)})", rows)


def _verdict(plan: Plan, uncounted: Mapping[str, int], acknowledged: Reason) -> _Section:
    holds = "fits" if plan.fits else f"does not fit{' (acknowledged)' if passes(plan, acknowledged) else ''}"
    rows = []
    for name, database in plan.tally.databases.items():
        usable = database.capacity.usable
        peak = f"{'' if database.complete else '≥ '}{at_least(database).peak}"
        what = f" ({in_markdown(server)})" if (server := cells.server(plan, name)) else ""
        numbers = (cells.UNKNOWN if usable is None else str(usable), peak)
        empty = not (database.direct or database.proxies or errors_of(plan, database))
        words = in_markdown(cells.of_nothing(database, uncounted[name]) if empty else verdict(plan, database))
        rows.append(f"| {in_markdown(cells.placed(plan, name))}{what} | {' | '.join(numbers)} | {words} |")
    table = ("| Database | Usable | Worst case | |", "|---|--:|--:|---|")
    return _Section(head=(f"## Connection budget: {holds}", "", *table), rows=rows, foot=("",))


def _finding(finding: Finding, reason: str | None) -> str:
    acknowledged = "" if reason is None else f"<br>_Acknowledged:_ {in_markdown(reason)}"
    return f"- **`{finding.id}`** {in_markdown(finding.message)}<br>_Fix:_ {in_markdown(finding.fix)}{acknowledged}"


def _workloads(database: DatabaseTally) -> _Section:
    usable = database.capacity.usable
    rows = [_row(cells.of_workload(allotment, usable)) for allotment in database.direct]
    for proxy in database.proxies:
        rows.append(_row(cells.of_proxy(proxy, usable)))
        rows += [_row(cells.of_workload(client, None), indent="&emsp;") for client in proxy.clients]
    rows.append(_row(["Total", "", "", "", *cells.of_total(database), ""], bold=True))
    if usable is not None:
        headroom = cells.of_headroom(database, usable)
        rows.append(_row(["Headroom", f"of {usable} usable", "", "", *headroom, ""], bold=True))
    return _folded(f"Workloads of {database.name}", rows, *_WORKLOADS)


def _limit(database: DatabaseTally) -> _Section:
    capacity = database.capacity
    limit = capacity.limit
    if isinstance(limit, Unknown):
        rows = [f"- `max_connections`: unknown: {in_markdown(limit.reason)}"]
    else:
        steps = "<br>".join(in_markdown(step) for step in limit.steps)
        rows = [f"- `max_connections` **{limit.max_connections}**, {limit.basis.value}: {steps}"]
    engine, admin = capacity.engine_reserve_source.value, capacity.admin_reserve_source.value
    reason, others = in_markdown(capacity.engine_reserve_reason), in_markdown(capacity.unseen_too)
    rows += [
        f"- reserved by the engine **{capacity.engine_reserve}**, {engine}: {reason}",
        f"- administrative reserve **{capacity.admin_reserve}**, {admin}: migrations, psql, monitoring{others}",
    ]
    if capacity.per_role is not None:
        rows.append(f"- at most **{capacity.per_role}**: {in_markdown(capacity.per_role_reason)}")
    if capacity.usable is not None:
        rows.append(f"- usable **{capacity.usable}**")
    return _folded(f"What {database.name} accepts", rows)


def _row(row: Iterator[str] | Sequence[str], *, indent: str = "", bold: bool = False) -> str:
    words = [in_markdown(cell) for cell in row]
    words = [f"**{word}**" if bold and word else word for word in words]
    return f"| {indent}{' | '.join(words)} |"


def _folded(summary: str, rows: Sequence[str], *table: str) -> _Section:
    head = ("<details>", f"<summary>{in_html(summary)}</summary>", "", *table)
    return _Section(head=head, rows=rows, foot=("", "</details>", ""))


def _within(section: _Section, left: int) -> list[str]:
    """The section in so many bytes: rows are left out from the end, and their number is said; or nothing."""
    left -= sum(_bytes(line) for line in (*section.head, *section.foot, *_rest(len(section.rows))))
    shown = 0
    while shown < len(section.rows) and (left := left - _bytes(section.rows[shown])) >= 0:
        shown += 1
    if shown == 0:
        return []
    return [*section.head, *section.rows[:shown], *_rest(len(section.rows) - shown), *section.foot]


def _rest(rows: int) -> Sequence[str]:
    return ("", f"_{rows} more are left out here: `--format text` has all of them_") if rows else ()


def _bytes(line: str) -> int:
    return len(line.encode()) + 1
