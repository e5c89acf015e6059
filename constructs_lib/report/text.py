"""A plan as a table for a terminal."""

from collections.abc import Iterator
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from constructs_lib.budget.finding import Severity
from constructs_lib.budget.plan import Plan
from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.source import Source
from constructs_lib.budget.tally import Allotment, DatabaseTally, ProxyTally
from constructs_lib.limits import Unknown
from constructs_lib.report.factors import factors

WIDTH = 100
NAME_WIDTH = 24
UNKNOWN = "?"
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def text(plan: Plan, *, findings: bool = True, colour: bool = False) -> str:
    """The budget of every database as a table of at most 100 columns, the verdict, and what was assumed.

    `findings` adds the errors and warnings in full, for where nothing else prints them.
    """
    blocks = [_database(plan, database) for database in plan.tally.databases.values()]
    if findings:
        blocks += _findings(plan)
    stream = StringIO()
    console = Console(
        file=stream,
        width=WIDTH,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    console.print(Group(*blocks))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def _database(plan: Plan, database: DatabaseTally) -> RenderableType:
    described = plan.document.databases[database.name]
    what = " ".join(
        str(part)
        for part in (described.engine, described.engine_version)
        if part is not None and not isinstance(part, Unknown)
    )
    where = f" on {described.instance_class}" if isinstance(described.instance_class, str) else ""
    title = f"Connection budget of {database.name}" + (f": {what}{where}" if what or where else "")
    parts: list[RenderableType] = [Text(title, style="bold"), _capacity(database), _workloads(database)]
    parts += [Padding(line, (0, 0, 0, 2)) for line in (_verdict(database), *_assumptions(plan, database))]
    return Group(*parts, Text())


def _capacity(database: DatabaseTally) -> RenderableType:
    capacity = database.capacity
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    if isinstance(capacity.limit, Unknown):
        grid.add_row("  max_connections", UNKNOWN, Text(f"unknown: {capacity.limit.reason}"))
    else:
        first, *steps = capacity.limit.steps
        mark = "*" if capacity.limit.assumption else " "
        words = "\n".join([f"{capacity.limit.basis.value}: {first}", *steps])
        grid.add_row("  max_connections", f"{capacity.limit.max_connections}{mark}", Text(words))
    reserves = (
        (
            "reserved by the engine",
            capacity.engine_reserve,
            capacity.engine_reserve_source,
            capacity.engine_reserve_reason,
        ),
        (
            "administrative reserve",
            capacity.admin_reserve,
            capacity.admin_reserve_source,
            "migrations, psql, monitoring",
        ),
    )
    for name, number, source, reason in reserves:
        mark = "*" if source is Source.ASSUMED else " "
        grid.add_row(f"− {name}", f"{number}{mark}", Text(f"{source.value}: {reason}"))
    usable = UNKNOWN if capacity.usable is None else str(capacity.usable)
    if capacity.per_role is not None:
        grid.add_row("  at most", f"{capacity.per_role} ", Text(capacity.per_role_reason))
    grid.add_row("= usable", f"{usable} ", "")
    return Padding(grid, (1, 0, 0, 2))


def _workloads(database: DatabaseTally) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_footer=False)
    table.add_column("Workload", overflow="fold", max_width=NAME_WIDTH)
    table.add_column("Tasks × surge × processes", overflow="fold")
    for heading in ("Pools", "Pool +\noverflow", "Steady", "Scaled\nout", "Deploying", "Share"):
        table.add_column(heading, justify="right", no_wrap=True)
    usable = database.capacity.usable
    for allotment in database.direct:
        table.add_row(*_row(allotment, usable))
    for proxy in database.proxies:
        table.add_row(*_proxy_row(proxy, usable))
        for allotment in proxy.clients:
            table.add_row(*_row(allotment, None, indent="  "))
    table.add_section()
    at_least = "" if database.complete else "≥ "
    table.add_row("Total", "", "", "", *(f"{at_least}{number}" for number in database.total), "")
    if usable is not None:
        left = [usable - number for number in database.total]
        headroom = [str(number) if database.complete or number < 0 else UNKNOWN for number in left]
        table.add_row("Headroom", f"of {usable} usable", "", "", *headroom, "")
    return Padding(table, (0, 0, 0, 2))


def _row(allotment: Allotment, usable: int | None, indent: str = "") -> Iterator[Text]:
    size, pools = allotment.in_force, allotment.demand.pools
    yield Text(indent + allotment.workload.name)
    yield Text(factors(allotment.workload))
    yield Text((UNKNOWN if isinstance(pools, Unknown) else str(pools.peak)) if allotment.demand.pooled else "")
    given = "none" if size is None else f"{size.pool_size} + {size.max_overflow}"
    yield Text(given if allotment.demand.pooled else "")
    for scenario in Scenario:
        yield Text(UNKNOWN if allotment.connections is None else str(allotment.connections[scenario]))
    yield Text(_share(allotment.connections, usable))


def _proxy_row(proxy: ProxyTally, usable: int | None) -> Iterator[Text]:
    ceiling = UNKNOWN if isinstance(proxy.ceiling, Unknown) else str(proxy.ceiling)
    percent = proxy.proxy.max_connections_percent
    yield Text(proxy.proxy.name)
    where = "the server" if proxy.proxy.targets == 1 else f"each of {proxy.proxy.targets} readers"
    yield Text(f"proxy, {UNKNOWN if isinstance(percent, Unknown) else percent} % of {where}")
    yield from (Text(""), Text(""))
    yield from (Text(ceiling) for _ in Scenario)
    known = None if isinstance(proxy.ceiling, Unknown) else PerScenario(proxy.ceiling, proxy.ceiling, proxy.ceiling)
    yield Text(_share(known, usable))


def _share(connections: PerScenario | None, usable: int | None) -> str:
    """The peak as a percentage of what is usable, rounded down to a tenth."""
    if connections is None or not usable:
        return ""
    tenths = connections.peak * 1000 // usable
    return f"{tenths // 10}.{tenths % 10} %"


def _verdict(database: DatabaseTally) -> Text:
    usable, peak = database.capacity.usable, database.total.peak
    scenario = Scenario(database.total.index(peak)).title
    if database.holds:
        return Text(
            f"FITS: at most {peak} of {usable} connections ({scenario}), {database.headroom} to spare", "bold green"
        )
    if usable is None:
        return Text("CANNOT BE SHOWN TO FIT: max_connections is unknown", "bold red")
    if peak > usable:
        return Text(
            f"DOES NOT FIT: {peak} connections ({scenario}), {usable} usable, {peak - usable} too many", "bold red"
        )
    if not database.complete:
        return Text("CANNOT BE SHOWN TO FIT: not every workload has a number", "bold red")
    return Text("DOES NOT FIT: a proxy, or the reserves, take more than there is", "bold red")


def _assumptions(plan: Plan, database: DatabaseTally) -> Iterator[Text]:
    names = {database.name, *(proxy.proxy.name for proxy in database.proxies)}
    names |= {
        name for name, item in plan.document.workloads.items() if plan.document.database_of(item) == database.name
    }
    for finding in plan.findings:
        if finding.id == "assumed" and finding.subject in names:
            yield Text(f"* {finding.message}", _STYLES[Severity.INFO])


def _findings(plan: Plan) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for finding in plan.findings:
        if finding.severity is not Severity.INFO:
            label = Text(f"{finding.severity.value.upper()} {finding.id}: ", _STYLES[finding.severity])
            lines.append(label.append(Text(finding.message, "default")))
            lines.append(Padding(Text(f"fix: {finding.fix}"), (0, 0, 1, 6)))
    return lines
