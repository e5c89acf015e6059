"""Writes the plan into the containers and the document into the template, when the synth begins."""

from collections.abc import Callable, Mapping

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_
from constructs import IConstruct

from constructs_lib.budget.document import Document
from constructs_lib.budget.merge import merged, without
from constructs_lib.cdk.rendered_container import environment_of
from constructs_lib.cdk.seal import seal
from constructs_lib.template.template import DOCUMENT


@jsii.implements(cdk.IAspect)
class Wiring:
    """An aspect of the budget alone: visited once in each synth, after the app has been built."""

    def __init__(self, wire: Callable[[], None]) -> None:
        self._wire = wire

    def visit(self, node: IConstruct) -> None:  # noqa: ARG002 - it is the budget, which `wire` belongs to
        """Wire."""
        self._wire()


class Written:
    """The variables that a budget has put into containers."""

    def __init__(self) -> None:
        self._ours: dict[str, dict[str, str]] = {}
        """By the path of the container."""

    def put(self, container: ecs.ContainerDefinition | lambda_.Function, variables: Mapping[str, str]) -> None:
        """Set the variables; one that the user has set otherwise, if only as a secret, is left to be reported."""
        found, ours = environment_of(container), self._ours.setdefault(container.node.path, {})
        for name, value in variables.items():
            if name not in found or (name in ours and found[name] == ours[name]):
                container.add_environment(name, value)
                ours[name] = value


def write_document(document: Document, by: str, home: cdk.Stack) -> None:
    """Put a budget's document into the metadata of its stack, beside those of the stack's other budgets."""
    metadata = dict(home.template_options.metadata or {})
    present = metadata.get(DOCUMENT)
    others = [without(Document.read(present), by)] if present is not None else []
    metadata[DOCUMENT] = content = merged([*others, document]).to_json()
    home.template_options.metadata = metadata
    seal(home, content)
