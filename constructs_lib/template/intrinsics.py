"""Values of a template: plain ones as they are, intrinsic functions as Unknown with a reason."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.limits import Unknown

DEEPEST = 50
"""Levels of nesting that are followed; CloudFormation itself allows fewer."""
_IMPORTS = {"Fn::ImportValue", "Fn::GetStackOutput"}


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is an object, otherwise an empty one: a strange template has no such properties."""
    return value if isinstance(value, Mapping) else {}


def members(value: object, what: str) -> Mapping[str, Any] | Unknown:
    """An object's own members; Unknown where it is an intrinsic function, whose result may have any."""
    if isinstance(value, Mapping) and len(value) == 1 and str(next(iter(value))).startswith(("Fn::", "Ref")):
        return Unknown(f"{what} is {described(value)}")
    return mapping(value)


def imported(value: object) -> bool:
    """Whether a value comes from another stack of the app."""
    return (
        isinstance(value, Mapping)
        and len(value) == 1
        and next(iter(value)) in {"Fn::ImportValue", "Fn::GetStackOutput"}
    )


def number(value: object, what: str) -> int | Unknown:
    """A whole number that is not negative, also in a string as CloudFormation allows."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:  # noqa: PLR2004 - enough for any count
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return Unknown(f"{what} is {described(value)}")


def text(value: object, what: str) -> str | Unknown:
    """A string that can be printed."""
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value
    return Unknown(f"{what} is {described(value)}")


def reference(value: object) -> str | None:
    """The logical id that a Ref or Fn::GetAtt points at; None for anything else."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    target = value.get("Ref")
    if target is None:
        attribute = value.get("Fn::GetAtt")
        target = attribute[0] if isinstance(attribute, list) and attribute else attribute
        target = target.partition(".")[0] if isinstance(target, str) else None
    return target if isinstance(target, str) else None


def references(value: object, depth: int = 0) -> Iterator[str]:
    """Every logical id that is referred to anywhere in a value, including inside `Fn::Sub` text."""
    if depth > DEEPEST:
        return
    if (target := reference(value)) is not None:
        yield target
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key == "Fn::Sub":
                yield from _substituted(item[0] if isinstance(item, list) and item else item)
            yield from references(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from references(item, depth + 1)


def outputs(value: object, depth: int = 0) -> Iterator[str]:
    """The names of the outputs of other stacks that a value is made of."""
    if depth > DEEPEST:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == "Fn::ImportValue" and isinstance(item, str):
                yield item
            elif key == "Fn::GetStackOutput":
                yield str(mapping(item).get("OutputName"))
            elif key == "Fn::GetAtt" and isinstance(item, list) and str(item[1:2]).startswith("['Outputs."):
                yield str(item[1]).removeprefix("Outputs.")
            else:
                yield from outputs(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from outputs(item, depth + 1)


def last_text(value: object) -> str:
    """How a string ends, as far as it is written out: the last piece of a Join or a Sub."""
    if isinstance(value, Mapping) and len(value) == 1:
        function, argument = next(iter(value.items()))
        if function == "Fn::Join" and isinstance(argument, list) and argument and isinstance(argument[-1], list):
            return last_text(argument[-1][-1]) if argument[-1] else ""
        if function == "Fn::Sub":
            argument = argument[0] if isinstance(argument, list) and argument else argument
            return argument.rpartition("}")[2] if isinstance(argument, str) else ""
    return value if isinstance(value, str) else ""


def described(value: object) -> str:
    """A value as a reason shows it."""
    if isinstance(value, Mapping) and len(value) == 1:
        function, argument = next(iter(value.items()))
        simple = argument if isinstance(argument, str) else "…"
        words = f"{function} {simple}"[:80]
        return words if words.isprintable() else ascii(words)
    if isinstance(value, (str, int, float)):
        return ascii(value)[:80]
    return "not given" if value is None else "neither a number nor a name"


def _substituted(template: object) -> Iterator[str]:
    if isinstance(template, str):
        for part in template.split("${")[1:]:
            yield part.partition("}")[0].partition(".")[0]
