"""`connection-budget verify`."""

import os
import sys
import time

import click

from constructs_lib.budget.plan import Plan
from constructs_lib.budget.plan import plan as make_plan
from constructs_lib.budget.verification import Verification
from constructs_lib.budget.verification import verify as compare
from constructs_lib.cli.budget_path import read_budget
from constructs_lib.cli.unusable import unusable
from constructs_lib.lookups.activity import activity_at
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.server_url import ServerUrl, read_url
from constructs_lib.report.verification_formats import FORMATS

_VARIABLE = "DATABASE_URL"


@click.command()
@click.argument("url", required=False)
@click.option(
    "--budget", metavar="FILE|ASSEMBLY", help="A budget document, or a cdk.out folder whose templates carry one."
)
@click.option("--database", help="Which database of the budget this server is, where it has several.")
@click.option("--watch", is_flag=True, help="Look again every few seconds, in a table that stays in place.")
@click.option("--interval", type=click.FloatRange(min=0.5, max=3600), default=2, show_default=True, metavar="SECONDS")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
def verify(
    *, url: str | None, budget: str | None, database: str | None, watch: bool, interval: float, form: str
) -> None:
    """Compare who is connected to the server at URL with the budget.

    Without a URL, DATABASE_URL has it: there nobody else on this machine sees the password. Best is the application's
    own: workloads that are not connected are taken to use its role. One connection is used, and it only reads. What is
    seen is named: limit-lower-than-budgeted, leak, unbudgeted-client, overflow-in-use.

    Exit status: 0 nothing is seen that the budget rules out, 1 something is, 2 the server or the budget cannot be read.
    """
    if watch and form != "text":
        unusable("--watch shows a table: leave --format out")
    if database is not None and budget is None:
        unusable("--database names a database of the budget: give --budget too")
    plan = make_plan(read_budget(budget)) if budget is not None else None
    name = _database(plan, database) if plan is not None else None
    try:
        address = _url(url)
        verification = _watch(address, plan, name, interval) if watch else _once(address, plan, name)
    except LookupFailedError as error:
        unusable(str(error))
    if not watch:
        click.echo(FORMATS[form](verification), nl=False)
    raise SystemExit(0 if verification.holds else 1)


def _url(given: str | None) -> ServerUrl:
    text = os.environ.get(_VARIABLE, "") if given is None else given
    if not text.strip():
        unusable(f"verify needs the URL of a server: give it, or set {_VARIABLE}")
    return read_url(text)


def _database(plan: Plan, given: str | None) -> str:
    names = list(plan.document.databases)
    if given is None and len(names) == 1:
        return names[0]
    if given not in names:
        known = ", ".join(names)
        unusable(
            f"the budget has no database {given!a}: it has {known}"
            if given is not None
            else f"the budget has several databases: say which this server is, by --database, of {known}"
        )
    return given


def _once(url: ServerUrl, plan: Plan | None, database: str | None) -> Verification:
    with activity_at(url) as look:
        return compare(look(), plan, database)


def _watch(url: ServerUrl, plan: Plan | None, database: str | None, interval: float) -> Verification:
    """Look until the user has seen enough; the last look counts."""
    from rich.console import Console
    from rich.live import Live

    from constructs_lib.report.verification_table import table

    with activity_at(url) as look:
        verification = compare(look(), plan, database)
        console = Console(file=sys.stdout, highlight=False, emoji=False, markup=False)
        with Live(table(verification), console=console, auto_refresh=False) as live:
            try:
                while True:
                    time.sleep(interval)
                    verification = compare(look(), plan, database)
                    live.update(table(verification), refresh=True)
            except KeyboardInterrupt:
                return verification
