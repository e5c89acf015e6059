"""The validation plugin: reads the finished templates again, prints the budget, and reports what is wrong."""

import os
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import aws_cdk as cdk
import jsii
from constructs import Construct

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Finding, Severity
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.rules import RULES
from constructs_lib.cdk.acknowledgments import Acknowledgments
from constructs_lib.cdk.assembly_folder import NESTED, AssemblyFolder
from constructs_lib.cdk.claims import claims
from constructs_lib.cdk.notes import notes
from constructs_lib.cdk.seal import broken
from constructs_lib.report.acknowledged import Reason
from constructs_lib.report.text import text
from constructs_lib.template.reread import reread_all

NAME = "ConnectionBudget"
"""Public: findings are acknowledged as `ConnectionBudget::<rule id>`."""
PLUGIN = "connection-budget:plugin"
_IN_A_STAGE = "cdk synth fails on this only where it selects the stacks of the stage: cdk synth '**'"
_WHY = {rule.id: rule.why for rule in RULES}


def register(budget: Construct) -> None:
    """Register the plugin with the budget's app, unless another budget of the app has done so."""
    root = budget.node.root
    if not any(entry.type == PLUGIN for entry in root.node.metadata):
        root.node.add_metadata(PLUGIN, NAME)
        cdk.Validations.of(root).add_plugins(Plugin())


@jsii.implements(cdk.IPolicyValidationPlugin)
class Plugin:
    """Plans every budget document of the assembly with the numbers that the finished templates have."""

    @property
    def name(self) -> str:
        """The plugin's name."""
        return NAME

    @property
    def version(self) -> str:
        """The version of this package."""
        return version("rds-connection-budget")

    @property
    def rule_ids(self) -> list[str]:
        """The rules that it checks."""
        return [rule.id for rule in RULES]

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Check, print, report. The assembly is only read."""
        paths = [Path(stack.template_path) for stack in context.stack_templates]
        violations: list[cdk.PolicyViolation] = []
        noted = notes(context.app_construct)
        budgets = set(claims(noted).values())
        missing = set(budgets)
        success = True
        acknowledged = Acknowledgments(context.app_construct, noted, NAME)
        for folder in AssemblyFolder.of(paths):
            documents: dict[str, Document] = {}
            for home, content in folder.documents():
                documents[home] = Document.read(content)
                if broken(noted, home, content):
                    raise RuntimeError(
                        f"the budget document in the Metadata of {home} is not as the budget wrote it: an aspect, or"
                        " the stack's own code, changed it later; give the values to the ConnectionBudget instead"
                    )
            for home, document in list(documents.items()):
                owners = {database.construct_path for database in document.databases.values()}
                missing -= owners
                if home.endswith(NESTED) and not owners & budgets:
                    del documents[home]  # left behind by an earlier synth
            for home, document in reread_all(documents, folder).items():
                result = plan(document)
                reason = acknowledged.of(result, home)
                _print(result, reason)
                errors = (finding for finding in result.findings if finding.severity is Severity.ERROR)
                if folder.of_a_stage and any(reason(finding) is None for finding in errors):
                    sys.stderr.write(f"  {_IN_A_STAGE}\n\n")
                success = success and result.fits
                violations += _violations(result, folder.path(home), folder, acknowledged)
        if missing:
            raise RuntimeError(
                f"the budget document of {', '.join(sorted(missing))} is missing from the template's Metadata"
            )
        return cdk.PolicyValidationPluginReport(success=success, violations=violations)


def _print(result: Plan, acknowledged: Reason) -> None:
    colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ
    sys.stderr.write(text(result, findings=False, colour=colour, acknowledged=acknowledged))
    sys.stderr.flush()


def _violations(
    result: Plan, path: Path, folder: AssemblyFolder, acknowledged: Acknowledgments
) -> Iterator[cdk.PolicyViolation]:
    for finding in result.findings:
        yield cdk.PolicyViolation(
            rule_name=finding.id,
            description=finding.message,
            fix=finding.fix,
            severity=finding.severity.value,
            rule_metadata={"subject": finding.subject, "why": _WHY[finding.id]},
            violating_resources=[_resource(finding, result.document, path, folder, acknowledged)],
        )


def _resource(
    finding: Finding, document: Document, path: Path, folder: AssemblyFolder, acknowledged: Acknowledgments
) -> cdk.PolicyViolatingResource:
    """The resource that the finding is about; the budget where there is none, or where it was acknowledged."""
    entry = getattr(document, finding.kind).get(finding.subject)
    resource = finding.resource or getattr(entry, "resource", None)
    budget = getattr(entry, "construct_path", None)
    if budget is not None and (resource is None or acknowledged.at(budget, finding) is not None):
        return cdk.PolicyViolatingResource(construct_path=budget, locations=[])
    if resource is None:
        return cdk.PolicyViolatingResource(template_path=str(path), locations=[])
    template = folder.path(resource.template) if resource.template else path
    return cdk.PolicyViolatingResource(
        resource_logical_id=resource.logical_id, template_path=str(template), locations=["Properties"]
    )
