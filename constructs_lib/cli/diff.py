"""`connection-budget diff`."""

from collections.abc import Sequence
from dataclasses import replace

import click

from constructs_lib.budget.plan import plan
from constructs_lib.cli.compared import Compared
from constructs_lib.cli.given_parameters import given_parameters
from constructs_lib.cli.unusable import unusable
from constructs_lib.report.change import FORMATS


@click.command()
@click.argument("base")
@click.argument("head")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--parameter", "parameters", metavar="KEY=VALUE", multiple=True, help="The value of a parameter.")
def diff(base: str, head: str, form: str, parameters: Sequence[str]) -> None:
    """Say what changes from the budget BASE, as deployed, to HEAD, and whether both fit while the change deploys.

    Each is what `check` takes: a cloud assembly such as cdk.out, a template or a folder of them, read as `check` reads
    it; or what `plan` takes: a budget document, - for standard input.

    Exit status: 0 HEAD and the way to it fit, 1 there is an error finding, 2 one of them cannot be used.
    """
    given = given_parameters(parameters)
    sides = (Compared(base), Compared(head))
    known = sides[0].parameters | sides[1].parameters
    for key in given:
        if key not in known and not key.startswith("AWS::"):
            unusable(f"neither side has the parameter {key!a}; there are: {', '.join(sorted(known)) or 'none'}")
    before, after = (side.document(given) for side in sides)
    before = replace(before, deployed=None)
    result = plan(replace(after, deployed=before))
    click.echo(FORMATS[form](plan(before), result), nl=False)
    raise SystemExit(0 if result.fits else 1)
