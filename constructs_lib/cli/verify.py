"""`connection-budget verify`."""

import math
import os

import click

from constructs_lib.budget.plan import Plan
from constructs_lib.budget.plan import plan as make_plan
from constructs_lib.budget.verification import Verification
from constructs_lib.budget.verification import verify as compare
from constructs_lib.cli.budget_path import read_budget
from constructs_lib.cli.unusable import unusable
from constructs_lib.lookups.activity import activity_at
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.server_url import Protocol, ServerUrl, read_url
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
    own: workloads that are not connected are taken to use its role. One connection is used, and it only reads.

    \b
    limit-lower-than-budgeted  the server, role or database accepts less than the budget counts on
    leak                       more than its pools can account for; as a warning: a deployment, or a leak
    unbudgeted-client          connected under a name that the budget does not have
    overflow-in-use            more than the steady pools keep, and within the budget

    Exit status: 0 the budget fits and nothing is seen that it rules out, 1 otherwise, 2 the server or the budget cannot
    be read.
    """
    if math.isnan(interval):
        unusable("--interval must be a number of seconds from 0.5 to 3600, got nan")
    if watch and form != "text":
        unusable("--watch shows a table: leave --format out")
    if database is not None and budget is None:
        unusable("--database names a database of the budget: give --budget too")
    plan = make_plan(read_budget(budget)) if budget is not None else None
    name = _database(plan, database) if plan is not None else None
    try:
        address = _url(url)
        if plan is not None and name is not None:
            _same_engine(address, plan, name)
        if watch:
            from constructs_lib.cli.watched import watched

            verification = watched(address, lambda activity: compare(activity, plan, name), interval)
        else:
            verification = _once(address, plan, name)
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


def _same_engine(url: ServerUrl, plan: Plan, database: str) -> None:
    """A budget for another kind of server compares nothing."""
    engine = plan.document.databases[database].engine
    if not isinstance(engine, str):
        return
    protocol = Protocol.POSTGRESQL if "postgres" in engine else Protocol.MYSQL
    if url.protocol is not protocol:
        unusable(
            f"the database {database} of the budget is {engine}, and the URL is one of {url.protocol.value}: give the"
            f" URL of that server, or another budget"
        )


def _once(url: ServerUrl, plan: Plan | None, database: str | None) -> Verification:
    with activity_at(url) as look:
        return compare(look(), plan, database)
