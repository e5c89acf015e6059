"""The reasons with which findings are acknowledged in an app."""

from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
from constructs import IConstruct

from constructs_lib.budget.finding import Finding
from constructs_lib.budget.plan import Plan
from constructs_lib.cdk.notes import Notes, notes
from constructs_lib.report.acknowledged import Reason
from constructs_lib.report.escaped import printable

ACKNOWLEDGED = "aws:cdk:acknowledged-rules"


class Acknowledgments:
    """What is noted on the constructs of an app, each read once, for a look at one is several calls to Node."""

    def __init__(self, app: IConstruct, noted: Notes, plugin: str) -> None:
        """`noted` is what is noted on the app itself."""
        self._plugin = plugin
        self._constructs: dict[str, IConstruct | None] = {"": app}
        self._noted: dict[str, Mapping[str, str]] = {"": _reasons(noted)}
        self._paths: dict[tuple[str, str], str | None] = {}

    def at(self, path: str, finding: Finding) -> str | None:
        """The reason with which a finding is acknowledged on the construct at a path or above it; None if it is not."""
        rule = f"{self._plugin}::{finding.id}"
        steps = path.split("/")
        for length in range(len(steps) + 1):
            noted = self._notes("/".join(steps[:length]))
            if rule in noted:
                return noted[rule]
        return None

    def of(self, plan: Plan, home: str) -> Reason:
        """Why a finding of a plan was acknowledged, on its budget or its resource, or above them."""

        def reason(finding: Finding) -> str | None:
            entry = getattr(plan.document, finding.kind).get(finding.subject)
            resource = finding.resource or getattr(entry, "resource", None)
            budget = getattr(entry, "construct_path", None)
            words = self.at(budget, finding) if budget is not None else None
            if words is None and resource is not None:
                path = self._path(resource.template or home, resource.logical_id)
                words = self.at(path, finding) if path is not None else None
            return words

        return reason

    def _notes(self, path: str) -> Mapping[str, str]:
        if path not in self._noted:
            construct = self._construct(path)
            self._noted[path] = {} if construct is None else _reasons(notes(construct))
        return self._noted[path]

    def _construct(self, path: str) -> IConstruct | None:
        if path not in self._constructs:
            parent = self._construct(path.rpartition("/")[0])
            self._constructs[path] = None if parent is None else parent.node.try_find_child(path.rpartition("/")[2])
        return self._constructs[path]

    def _path(self, template: str, logical_id: str) -> str | None:
        """The construct of a resource, looked for in its stack: only under the CLI does the template say it."""
        if (template, logical_id) not in self._paths:
            app = self._constructs[""]
            stacks = [] if app is None else [item for item in app.node.find_all() if isinstance(item, cdk.Stack)]
            named = [stack for stack in stacks if Path(stack.template_file).name == template]
            self._paths[template, logical_id] = next(
                (
                    item.node.path
                    for stack in named
                    for item in stack.node.find_all()
                    if isinstance(item, cdk.CfnResource) and stack.resolve(item.logical_id) == logical_id
                ),
                None,
            )
        return self._paths[template, logical_id]


def _reasons(noted: Notes) -> dict[str, str]:
    """The reasons by rule, of which the first counts."""
    found = [data or {} for kind, data in noted if kind == ACKNOWLEDGED]
    return {rule: printable(str(reason)) for entry in reversed(found) for rule, reason in entry.items()}
