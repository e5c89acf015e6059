"""The definition that a container has before the template is written."""

from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_

from constructs_lib.cdk.tokens import capitals, properties
from constructs_lib.limits import Unknown
from constructs_lib.template.containers import environments
from constructs_lib.template.functions import function_variables


def environment_of(holder: ecs.ContainerDefinition | lambda_.Function) -> dict[str, str | Unknown]:
    """The variables of a container, secrets among them, or of a function.

    Rendered afresh: the task definition's own list is a lazy value that is computed once, and reading it here would
    freeze it.
    """
    if isinstance(holder, lambda_.Function):
        child = holder.node.default_child
        return function_variables(
            properties(child, "Environment.Variables") if isinstance(child, cdk.CfnResource) else {}
        )
    return environments({"ContainerDefinitions": [definition_of(holder)]}).get(holder.container_name, {})


def definition_of(container: ecs.ContainerDefinition) -> Any:
    """The container as its template will have it, rendered afresh."""
    return capitals(_rendered(container))


def _rendered(container: ecs.ContainerDefinition) -> Any:
    """The container's definition, by a reference that JavaScript resolves in one call.

    The typed result costs a call for each of its sixty properties, ten times as much; it is the fallback should jsii
    change what lies below.
    """
    stack = cdk.Stack.of(container)
    kernel = jsii.kernel
    by_reference = getattr(type(kernel).invoke, "__wrapped__", None)
    if by_reference is None:
        return stack.resolve(container.render_container_definition())
    reference = by_reference(kernel, container, "renderContainerDefinition", [])
    return kernel.invoke(stack, "resolve", [_Reference(reference)])


class _Reference:
    """An object of JavaScript's that is only passed on."""

    __jsii_type__ = "Object"

    def __init__(self, reference: object) -> None:
        self.__jsii_ref__ = reference
