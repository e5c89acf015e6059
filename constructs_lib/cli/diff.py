"""`connection-budget diff`."""

from collections.abc import Collection, Mapping, Sequence
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
@click.option(
    "--base-parameter", "deployed", metavar="KEY=VALUE", multiple=True, help="Its value in BASE, where it is another."
)
def diff(base: str, head: str, form: str, parameters: Sequence[str], deployed: Sequence[str]) -> None:
    """Say what changes from the budget BASE, as deployed, to HEAD, and whether both fit while the change deploys.

    Each is what `check` takes: a cloud assembly such as cdk.out, a template or a folder of them, read as `check` reads
    it; or what `plan` takes: a budget document, - for standard input.

    Exit status: 0 HEAD and the way to it fit, 1 there is an error finding, 2 one of them cannot be used.
    """
    given, own = given_parameters(parameters), given_parameters(deployed, "--base-parameter")
    sides = (Compared(base), Compared(head))
    _check(given, sides[0].parameters | sides[1].parameters, "neither side has")
    _check(own, sides[0].parameters, "BASE does not have")
    before, after = replace(sides[0].document(given | own), deployed=None), sides[1].document(given)
    result = plan(replace(after, deployed=before))
    click.echo(FORMATS[form](plan(before), result), nl=False)
    raise SystemExit(0 if result.fits else 1)


def _check(given: Mapping[str, str], known: Collection[str], lacking: str) -> None:
    """Refuse a parameter that no template has, as the default would stand in silence."""
    for key in given:
        if key not in known and not key.startswith("AWS::"):
            unusable(f"{lacking} the parameter {key!a}; there are: {', '.join(sorted(known)) or 'none'}")
