"""What people call a resource."""

from collections.abc import Iterable

from constructs_lib.template.functions import FUNCTIONS
from constructs_lib.template.identifiers import CLUSTER, INSTANCE, PROXY
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.members import SERVICE, TASK_DEFINITION
from constructs_lib.template.template import Template

_INNERMOST = ("Resource", "Default", "Service")
"""The ids that the CDK gives the one resource of a construct: the construct's own id says more."""
_OWN = (SERVICE, TASK_DEFINITION, *FUNCTIONS, INSTANCE, CLUSTER, PROXY)
"""The types of what a budget has entries for, whose names are told apart."""


def readable_name(template: Template, logical_id: str) -> str:
    """The path of the construct below its stack, as the CDK notes it; otherwise the logical id.

    Where several stacks of the app have the same, each with its stack.
    """
    found = template.readable.get(logical_id)
    if found is None:
        stack, name = _split(template, logical_id)
        found = template.readable[logical_id] = f"{stack}/{name}" if name in template.also_elsewhere else name
    return found


def note_names(templates: Iterable[Template]) -> None:
    """Tell each template of an app which names the others have as well."""
    known: dict[str, set[int]] = {}
    by_template = [
        (template, {_split(template, name)[1] for kind in _OWN for name in template.kinds.get(kind, ())})
        for template in templates
    ]
    for template, names in by_template:
        for name in names:
            known.setdefault(name, set()).add(id(template))
    for template, names in by_template:
        template.also_elsewhere = frozenset(name for name in names if len(known[name]) > 1)


def _split(template: Template, logical_id: str) -> tuple[str, str]:
    """The name of a resource's stack, and its own within that."""
    path = mapping(template.resource(logical_id).get("Metadata")).get("aws:cdk:path")
    if not isinstance(path, str) or not path.isprintable() or not path.strip("/ "):
        return _stack(template), logical_id
    stack, *steps = path.split("/")
    while len(steps) > 1 and steps[-1] in _INNERMOST:
        steps.pop()
    return stack, "/".join(steps) or logical_id


def _stack(template: Template) -> str:
    """A nested stack by its logical ids from the outermost on; any other by its file."""
    steps: list[str] = []
    while template.parent is not None:
        template, logical_id = template.parent
        steps.append(logical_id)
    return "/".join(reversed(steps)) or template.name
