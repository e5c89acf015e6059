"""`connection-budget diff`."""

from dataclasses import replace

import click

from constructs_lib.budget.plan import plan
from constructs_lib.cli.document_file import read_document
from constructs_lib.report.change import FORMATS


@click.command()
@click.argument("base")
@click.argument("head")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
def diff(base: str, head: str, form: str) -> None:
    """Say what changes from the budget BASE, as deployed, to HEAD, and whether both fit while the change deploys.

    Each is what `plan` takes: a document, or a template that carries one; - is standard input.

    Exit status: 0 HEAD and the way to it fit, 1 there is an error finding, 2 a document cannot be used.
    """
    before = replace(read_document(base), deployed=None)
    result = plan(replace(read_document(head), deployed=before))
    click.echo(FORMATS[form](plan(before), result), nl=False)
    raise SystemExit(0 if result.fits else 1)
