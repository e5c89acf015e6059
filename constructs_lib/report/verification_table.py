"""A look at a live server as a table for a terminal."""

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from constructs_lib.budget.finding import Severity
from constructs_lib.budget.verification import Verification
from constructs_lib.report.verification import COLUMNS, NUMBERS, heading, printable, rows, verdict

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def table(verification: Verification) -> RenderableType:
    """The server, a row for each application, and what is to be seen in them."""
    grid = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for name in COLUMNS:
        number = name in {"Open", *NUMBERS}
        grid.add_column(name, justify="right" if number else "left", no_wrap=number, overflow="fold")
    for row in rows(verification):
        grid.add_row(*(Text(cell) for cell in row))
    observations: list[RenderableType] = []
    for item in verification.observations:
        label = Text(f"{item.severity.value.upper()} {item.id}: ", _STYLES[item.severity])
        observations.append(label.append(Text(printable(item.message), "default")))
    style = "bold green" if verification.holds else "bold red"
    return Group(
        Text(printable(heading(verification)), style="bold"),
        grid,
        *observations,
        Text(verdict(verification), style=style),
    )
