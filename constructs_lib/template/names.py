"""What people call a resource."""

from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.template import Template

_INNERMOST = ("Resource", "Default", "Service")
"""The ids that the CDK gives the one resource of a construct: the construct's own id says more."""


def readable_name(template: Template, logical_id: str) -> str:
    """The path of the construct below its stack, as the CDK notes it; otherwise the logical id."""
    path = mapping(template.resource(logical_id).get("Metadata")).get("aws:cdk:path")
    if not isinstance(path, str) or not path.isprintable() or not path.strip("/ "):
        return logical_id
    _, *steps = path.split("/")
    while len(steps) > 1 and steps[-1] in _INNERMOST:
        steps.pop()
    return "/".join(steps) or logical_id


def full_name(template: Template, logical_id: str) -> str:
    """The logical id below its nested stacks, such as `Jobs/Api`; of another template, below its file."""
    steps = [logical_id]
    current = template
    while current.parent is not None:
        current, stack = current.parent
        steps.append(stack)
    return "/".join(reversed(steps if len(steps) > 1 else [*steps, template.name]))
