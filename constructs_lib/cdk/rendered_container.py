"""The definition that a container has before the template is written."""

from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ecs as ecs

from constructs_lib.cdk.tokens import capitals
from constructs_lib.limits import Unknown
from constructs_lib.template.containers import environments


def environment_of(container: ecs.ContainerDefinition) -> dict[str, str | Unknown]:
    """The variables of a container, secrets among them.

    Rendered afresh: the task definition's own list is a lazy value that is computed once, and reading it here would
    freeze it.
    """
    return environments({"ContainerDefinitions": [definition_of(container)]}).get(container.container_name, {})


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
