"""`connection-budget plan`."""

import click

from constructs_lib.budget.plan import plan as make_plan
from constructs_lib.cli.document_file import read_document
from constructs_lib.cli.shown_path import shown
from constructs_lib.report.formats import FORMATS
from constructs_lib.report.places import Places


@click.command()
@click.argument("file")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
def plan(file: str, form: str) -> None:
    """Plan the budget document FILE, or standard input for -: in JSON or YAML, or in the Metadata of a template.

    It is planned as it was written; `check` reads the resources again, of folders and assemblies as well.

    Exit status: 0 the budget fits, 1 it has an error finding, 2 the document cannot be used.
    """
    result = make_plan(read_document(file))
    click.echo(FORMATS[form](result, Places(file=None if file == "-" else shown(file))), nl=False)
    raise SystemExit(0 if result.fits else 1)
