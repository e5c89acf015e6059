"""`connection-budget check`."""

from collections.abc import Sequence

import click

from constructs_lib.budget.merge import merged
from constructs_lib.budget.plan import plan
from constructs_lib.budget.schema import DocumentError
from constructs_lib.cli.acknowledged import Acknowledged
from constructs_lib.cli.app_files import read_assemblies
from constructs_lib.cli.checked_app import CheckedApp
from constructs_lib.cli.given_parameters import given_parameters
from constructs_lib.cli.overlay_file import overlay_for
from constructs_lib.cli.template_file import TemplateError
from constructs_lib.cli.unusable import unusable
from constructs_lib.report.acknowledged import passes
from constructs_lib.report.formats import FORMATS
from constructs_lib.report.places import Places, spoken_of
from constructs_lib.template.app import App


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--parameter", "parameters", metavar="KEY=VALUE", multiple=True, help="The value of a parameter.")
@click.option("--budget", metavar="FILE", help="Instead of a connection-budget.yml beside the templates.")
def check(paths: Sequence[str], form: str, parameters: Sequence[str], budget: str | None) -> None:
    """Check CloudFormation templates: files, a folder of them, or a cloud assembly such as cdk.out.

    Templates that a ConnectionBudget was written into get the verdict that their synth gave, with the acknowledgements
    in the validation-report.json of their assembly. In all others the databases, whatever can reach them and the sizes
    of its pools are discovered, and every format says why a workload counts (SARIF beside what is found of it); a
    connection-budget.yml beside them adds what templates cannot say: the same document, entry by entry, under the
    discovered names.

    Exit status: 0 the budget fits, 1 it has an error finding that is not acknowledged, 2 the templates cannot be used.
    """
    given = given_parameters(parameters)
    try:
        apps = [CheckedApp(assembly=item, parameters=given) for item in read_assemblies(*paths, parameters=given)]
        overlays = [overlay_for(app.folder, budget, app.files) for app in apps]
        found = [(app, *item) for app, overlay in zip(apps, overlays, strict=True) for item in app.documents(overlay)]
    except (TemplateError, DocumentError) as error:
        unusable(str(error))
    if not found:
        unusable(
            f"no database is defined in {', '.join(paths)}{_unread(apps)}; one that is defined elsewhere can be"
            " named, with what connects to it, in a connection-budget.yml"
        )
    result = plan(merged([document for _, _, document in found]))
    acknowledged = Acknowledged(found, result.document)
    spoken = {resource for finding in result.findings for resource in spoken_of(finding, result.document)}
    lines = {resource: line for app in apps for resource, line in app.lines(spoken)}
    places = Places(file=apps[0].shown(next(iter(apps[0].assembly))), lines=lines)
    click.echo(FORMATS[form](result, places, acknowledged), nl=False)
    raise SystemExit(0 if passes(result, acknowledged) else 1)


def _unread(apps: Sequence[CheckedApp]) -> str:
    """Where a database may still be, as none was found in what can be read."""
    return "".join(f"; {part.words}: {part.remedy}" for app in apps for part in App(app.assembly).unread[:1])
