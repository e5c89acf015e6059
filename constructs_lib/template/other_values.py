"""Values that a parameter may have instead of its default, where more is decided by them than by knowing none."""

from collections.abc import Iterable, Iterator
from itertools import islice

from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.parameters import scalar_text
from constructs_lib.template.template import STACKS, Template
from constructs_lib.template.unresolved import DEEPEST

MOST_VALUES = 3
"""Values of one parameter that are tried: most decide the same."""
_WORDS = (
    ("COMPLETE", "START"),
    ("ENABLED", "DISABLED"),
    ("RUNNING", "STOPPED"),
    ("SUCCESS", "HEALTHY"),
    ("ecs", "lambda"),
    ("true", "false"),
)
"""What properties take: one of each pair is what a value counts as that nobody knows."""
_OTHER_WORDS = {word.lower(): other for pair in _WORDS for word, other in (pair, pair[::-1])}


def other_values(name: str, templates: Iterable[Template]) -> list[str]:
    """Values of the parameter of a name, each of which may decide what is not decided where it is unknown.

    What is unknown counts for the worst: a resource whose condition is unknown is there, and a rule whose state is
    unknown is on. Where that is what the default says as well, only another value shows that it does.
    """
    found = dict.fromkeys(
        value for template in templates if name in template.parameters for value in _values(name, template)
    )
    return list(islice(found, MOST_VALUES))


def _values(name: str, template: Template) -> Iterator[str]:
    declared = mapping(template.parameters[name])
    default, allowed = scalar_text(declared.get("Default")), declared.get("AllowedValues")
    if default is None:
        return
    proposed = [_OTHER_WORDS[default.lower()]] if default.lower() in _OTHER_WORDS else []
    texts = [scalar_text(item) for item in allowed] if isinstance(allowed, list) else []
    if _decides(name, template):
        proposed += [*_compared(template.content.get("Conditions"), name, 0), f"not {default}"]
        proposed += [text for text in texts if text is not None]
    yield from (value for value in proposed if value != default and (not texts or value in texts))


def _decides(name: str, template: Template) -> bool:
    """Whether a parameter stands in a condition, or is passed to a nested stack, which may have some."""
    stacks = [template.resource(logical_id) for kind in STACKS for logical_id in template.kinds.get(kind, ())]
    passed = [mapping(stack.get("Properties")).get("Parameters") for stack in stacks]
    # as a part of another name it costs a reading, and nothing else
    return name in str([template.content.get("Conditions"), passed])


def _compared(expression: object, name: str, depth: int) -> Iterator[str]:
    """The texts that a parameter is compared with."""
    if depth > DEEPEST:
        return
    if isinstance(expression, list):
        for item in expression:
            yield from _compared(item, name, depth + 1)
    for function, argument in mapping(expression).items():
        if function == "Fn::Equals" and isinstance(argument, list) and {"Ref": name} in argument:
            yield from (text for item in argument if (text := scalar_text(item)) is not None)
        else:
            yield from _compared(argument, name, depth + 1)
