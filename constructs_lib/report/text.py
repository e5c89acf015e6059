"""A plan as a table for a terminal."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from constructs_lib.budget.finding import Severity
from constructs_lib.budget.plan import Plan
from constructs_lib.budget.source import Source
from constructs_lib.budget.tally import DatabaseTally
from constructs_lib.limits import Unknown
from constructs_lib.report import cells
from constructs_lib.report.acknowledged import Reason, beside, nothing
from constructs_lib.report.columns import columns, folded
from constructs_lib.report.evidence import evidence_of
from constructs_lib.report.places import NOWHERE, Places
from constructs_lib.report.terminal import WIDTH, rendered
from constructs_lib.report.verdict import errors_of, findings_of, verdict

NAME_WIDTH = 24
INDENT, EDGE = "  ", "   "
_HEADINGS = (
    "Workload",
    "Tasks × surge × processes",
    "Pools",
    "Pool +\noverflow",
    "Steady",
    "Scaled\nout",
    "Deploying",
    "Share",
)
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def text(
    plan: Plan,
    places: Places = NOWHERE,  # noqa: ARG001 - as Writer
    acknowledged: Reason = nothing,
    *,
    findings: bool = True,
    colour: bool = False,
) -> str:
    """The budget of every database as a table of at most 100 columns, the verdict, why each workload that was
    discovered counts, and what was assumed.

    `findings` adds what was found and assumed in full, for where nothing else prints it.
    """
    uncounted = plan.uncounted()
    blocks = [
        _database(plan, database, uncounted[name], acknowledged, findings=findings)
        for name, database in plan.tally.databases.items()
    ]
    if findings:
        blocks += _findings(plan, acknowledged)
    return rendered(Group(*blocks), colour=colour)


def _database(
    plan: Plan, database: DatabaseTally, uncounted: int, acknowledged: Reason, *, findings: bool
) -> RenderableType:
    what = cells.server(plan, database.name)
    title = f"Connection budget of {cells.placed(plan, database.name)}" + (f": {what}" if what else "")
    errors, empty = errors_of(plan, database), not (database.direct or database.proxies)
    if empty and not errors:
        assumed = [_indented(line) for line in _assumptions(plan, database, acknowledged, findings=findings)]
        return Group(Text(f"{title}: {cells.of_nothing(database, uncounted)}", style="bold"), *assumed, Text())
    parts: list[RenderableType] = [Text(title, style="bold"), _capacity(database)]
    parts.append(Text() if empty else _workloads(database))
    lines = [Text(verdict(plan, database), "bold red" if errors or not database.holds else "bold green")]
    lines += [
        Text(f"acknowledged: {finding.id} ({finding.subject}): {reason}")
        for finding in errors
        if (reason := acknowledged(finding)) is not None
    ]
    lines += _evidence(plan, database, uncounted)
    lines += _assumptions(plan, database, acknowledged, findings=findings)
    parts += map(_indented, lines)
    return Group(*parts, Text())


def _indented(line: Text) -> RenderableType:
    return Padding(line, (0, 0, 0, len(INDENT)))


def _capacity(database: DatabaseTally) -> RenderableType:
    capacity = database.capacity
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    if isinstance(capacity.limit, Unknown):
        grid.add_row("  max_connections", cells.UNKNOWN, Text(f"unknown: {capacity.limit.reason}"))
    else:
        first, *steps = capacity.limit.steps
        mark = "*" if capacity.limit_assumed else " "
        words = "\n".join([f"{capacity.limit.basis.value}: {first}", *steps])
        grid.add_row("  max_connections", f"{capacity.limit.max_connections}{mark}", Text(words))
    reserves = (
        (
            "reserved by the engine",
            capacity.engine_reserve,
            capacity.engine_reserve_source,
            capacity.engine_reserve_assumed,
            capacity.engine_reserve_reason,
        ),
        (
            "administrative reserve",
            capacity.admin_reserve,
            capacity.admin_reserve_source,
            capacity.admin_reserve_source is Source.ASSUMED,
            f"migrations, psql, monitoring{capacity.unseen_too}",
        ),
    )
    for name, number, source, assumed, reason in reserves:
        mark = "*" if assumed else " "
        grid.add_row(f"− {name}", f"{number}{mark}", Text(f"{source.value}: {reason}"))
    usable = cells.UNKNOWN if capacity.usable is None else str(capacity.usable)
    if capacity.per_role is not None:
        mark = "*" if capacity.role_defaults else " "
        grid.add_row("  at most", f"{capacity.per_role}{mark}", Text(capacity.per_role_reason))
    grid.add_row("= usable", f"{usable} ", "")
    return Padding(grid, (1, 0, 0, 2))


def _workloads(database: DatabaseTally) -> RenderableType:
    usable = database.capacity.usable
    rows = [tuple(cells.of_workload(allotment, usable)) for allotment in database.direct]
    for proxy in database.proxies:
        rows.append(tuple(cells.of_proxy(proxy, usable)))
        for allotment in proxy.clients:
            name, *rest = cells.of_workload(allotment, None)
            rows.append((f"{INDENT}{name}", *rest))
    totals = [("Total", "", "", "", *cells.of_total(database), "")]
    if usable is not None:
        totals.append(("Headroom", f"of {usable} usable", "", "", *cells.of_headroom(database, usable), ""))
    table = columns(_HEADINGS, [rows, totals], width=WIDTH - len(EDGE) - 1, name_width=NAME_WIDTH)
    return Padding(table, (0, 0, 0, len(EDGE)))


def _evidence(plan: Plan, database: DatabaseTally, uncounted: int) -> Iterator[Text]:
    """Why each workload counts that was discovered, in one text: there may be a thousand of them."""
    width = WIDTH - 2 * len(INDENT)
    said = evidence_of(database, plan.document, uncounted)
    if found := [f"\n{INDENT}".join(folded(words, width)) for words in said]:
        yield Text("\n".join(found), no_wrap=True, overflow="ignore")


def _assumptions(plan: Plan, database: DatabaseTally, acknowledged: Reason, *, findings: bool) -> Iterator[Text]:
    assumed = [finding for finding in findings_of(plan, database) if finding.id == "assumed"]
    if assumed and not findings:
        yield Text("* assumed: what, and why, is said by the finding of that name", _STYLES[Severity.INFO])
    elif findings:
        for finding in assumed:
            yield Text(f"* {finding.message}{beside(finding, acknowledged)}", _STYLES[Severity.INFO])


def _findings(plan: Plan, acknowledged: Reason) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for finding in plan.findings:
        if finding.id != "assumed":  # said with its database
            label = Text(f"{finding.severity.value.upper()} {finding.id}: ", _STYLES[finding.severity])
            lines.append(label.append(Text(finding.message, "default")))
            under = [f"fix: {finding.fix}"]
            if (reason := acknowledged(finding)) is not None:
                under.append(f"acknowledged: {reason}")
            lines.append(Padding(Text("\n".join(under)), (0, 0, 1, 6)))
    return lines
