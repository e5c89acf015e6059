"""Values of a template: plain ones as they are, intrinsic functions as Unknown with a reason."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.substitution import names
from constructs_lib.template.unresolved import DEEPEST, PLAIN, Unresolved

IMPORTS = ("Fn::ImportValue", "Fn::GetStackOutput")
OUTPUTS = "Outputs."
"""How the attribute begins that is an output of a nested stack."""
_EXACT = 2**53
"""Beyond that a floating-point number stands for several whole ones."""


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is an object, otherwise an empty one: a strange template has no such properties."""
    if isinstance(value, dict):
        return value
    # what else there is, it is quickly told that most of it is no object
    return {} if value.__class__ in PLAIN or not isinstance(value, Mapping) else value


def members(value: object, what: str) -> Mapping[str, Any] | Unknown:
    """An object's own members; Unknown where it is an intrinsic function, whose result may have any."""
    found = mapping(value)
    if len(found) == 1 and str(next(iter(found))).startswith(("Fn::", "Ref")):
        return Unknown(f"{what} is {described(value)}")
    return found


def imported(value: object) -> bool:
    """Whether a value comes from another stack of the app."""
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in IMPORTS


def number(value: object, what: str) -> int | Unknown:
    """A whole number that is not negative, also in a string as CloudFormation allows."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:  # noqa: PLR2004 - enough for any count
        value = int(value)
    if isinstance(value, float) and value.is_integer() and value < _EXACT:
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
    found = mapping(value)
    if len(found) != 1:
        return None
    target = found.get("Ref")
    if target is None:
        attribute = found.get("Fn::GetAtt")
        target = attribute[0] if isinstance(attribute, list) and attribute else attribute
        target = target.partition(".")[0] if isinstance(target, str) else None
    return target if isinstance(target, str) else None


def references(value: object) -> Iterator[str]:
    """Every logical id that is referred to anywhere in a value, including inside `Fn::Sub` text."""
    return (logical_id for logical_id, _ in mentions(value))


def mentions(value: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every logical id that a value refers to, with the attribute that it takes: empty for a `Ref`."""
    if depth > DEEPEST:
        return
    if (logical_id := reference(value)) is not None:
        yield logical_id, attribute(mapping(value).get("Fn::GetAtt"))
    elif isinstance(value, list):
        for item in value:
            if item.__class__ not in PLAIN:
                yield from mentions(item, depth + 1)
    else:
        for key, item in mapping(value).items():
            if key == "Fn::Sub":
                yield from _substituted(item)
            if item.__class__ not in PLAIN:
                yield from mentions(item, depth + 1)


def attribute(argument: object) -> str:
    """The attribute that the argument of a Fn::GetAtt names."""
    if isinstance(argument, list):
        return ".".join(part for part in argument[1:] if isinstance(part, str))
    return argument.partition(".")[2] if isinstance(argument, str) else ""


def imports(value: object, depth: int = 0) -> Iterator[tuple[str, object]]:
    """Every function in a value that takes another stack's output by its name, with its argument."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            if item.__class__ not in PLAIN:
                yield from imports(item, depth + 1)
        return
    for key, item in mapping(value).items():
        if key in IMPORTS:
            yield key, item
        elif item.__class__ not in PLAIN:
            yield from imports(item, depth + 1)


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
        simple = argument if isinstance(argument, str) else _simple(function, argument)
        words = f"{function} {simple}"[:80]
        words = words if words.isprintable() else ascii(words)
        return f"{words}: {value.reason}" if isinstance(value, Unresolved) and value.reason else words
    if isinstance(value, (str, int, float)):
        return ascii(value)[:80]
    return "not given" if value is None else "neither a number nor a name"


def in_words(name: object) -> str:
    """A name as it is, or the function that computes it, without the reason why it is not known yet."""
    return name if isinstance(name, str) else described(name).partition(": ")[0]


def _simple(function: str, argument: object) -> str:
    """The argument of a function, as far as one line shows it: an attribute, or how a computed text ends."""
    if function == "Fn::GetAtt" and isinstance(argument, list) and all(isinstance(part, str) for part in argument):
        return ".".join(argument)
    return f"…{last_text(argument)}"


def _substituted(argument: object) -> Iterator[tuple[str, str]]:
    whole = argument if isinstance(argument, list) and argument else [argument]
    text, own = whole[0], mapping(whole[1] if len(whole) > 1 else None)
    if isinstance(text, str):
        for name in names(text):
            if name not in own:
                logical_id, _, taken = name.partition(".")
                yield logical_id, taken
