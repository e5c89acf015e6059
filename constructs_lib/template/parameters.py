"""The value of a template's parameter: given, or its default where defaults may be assumed."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.limits import Unknown

_LISTS = ("List<", "CommaDelimitedList")
STORED = "AWS::SSM::Parameter::Value<"
"""What is given is the name of a stored parameter, not its value."""


def parameter_value(
    name: str, declaration: Mapping[str, Any], given: object, *, defaults: bool
) -> str | list[str] | Unknown:
    """The value as `Ref` gives it: a text, or a list of them.

    `given` is None where nothing is given. A parameter's default is only what a deployment starts from: the value in
    force may be another, so that `defaults` says whether it may be assumed.
    """
    kind = str(declaration.get("Type", "String"))
    if str(declaration.get("NoEcho", "false")).lower() != "false":
        return Unknown(f"the parameter {name} is secret (NoEcho)")
    if kind.startswith(STORED):
        what = "" if given is None else ", and what is given for it is its name there"
        return Unknown(f"the parameter {name} is read from the Parameter Store when the stack is deployed{what}")
    value = given if given is not None else declaration.get("Default")
    if value is None or (given is None and not defaults):
        lacks = "has no default" if value is None else "may be set to something else than its default"
        return Unknown(f"the parameter {name} {lacks}")
    parts = [scalar_text(item) for item in (value if isinstance(value, list) else [value])]
    texts = [part for part in parts if part is not None]
    if len(texts) < len(parts):
        return Unknown(f"the parameter {name} is neither a text nor a number")
    if isinstance(value, list):
        return texts
    return [part.strip() for part in texts[0].split(",")] if kind.startswith(_LISTS) else texts[0]


def scalar_text(value: object) -> str | None:
    """A plain value as the text that CloudFormation makes of it; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        # str() of a very large integer is an error in itself
        return None if isinstance(value, int) and value.bit_length() > _LONGEST_BITS else str(value)
    return None


_LONGEST_BITS = 1024
