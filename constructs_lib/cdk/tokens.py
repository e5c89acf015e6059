"""Values of constructs that may be tokens, in the shape that a template gives them."""

from math import isfinite
from typing import Any

import aws_cdk as cdk

from constructs_lib.cdk.misuse import MisuseError

_FOREIGN = {"Parameters", "Variables"}
"""Maps whose keys are not CloudFormation's: those of a parameter group, and of a function's environment."""


def properties(resource: cdk.CfnResource, *paths: str) -> dict[str, Any]:
    """Some properties of an L1 construct, by paths such as `DeploymentController.Type`, as its template has them.

    All of them are read in one call, for each typed getter costs one and `deployment_configuration` raises; only the
    named ones are resolved, for a lazy value is computed once, and what is added to it later would be lost.
    Overrides are not seen: the validation plugin sees them in the template.
    """
    stack = cdk.Stack.of(resource)
    raw: Any = resource._cfn_properties  # noqa: SLF001 - protected, meant for subclasses: there is no public way to all
    found: dict[str, Any] = {}
    for path in paths:
        value, place = raw, found
        *parents, last = path.split(".")
        for parent in parents:
            value = _resolved(stack, _member(value, parent))
            place = place.setdefault(parent, {})
        if (value := _member(value, last)) is not None and (value := _resolved(stack, value)) is not None:
            place[last] = value if last in _FOREIGN else capitals(value)
    return found


def json_number(value: object, what: str) -> object:
    """A keyword's number in the document's JSON: a token becomes `{"unknown": …}`."""
    if isinstance(value, bool) or (isinstance(value, float) and not isfinite(value)):
        return value  # no token is one, and the CDK's process ends over what JSON has no number for
    if isinstance(value, (int, float, str)) and cdk.Token.is_unresolved(value):
        return {"unknown": f"{what} is a token, whose value is not known at synth"}
    return value


def known_number(value: object, what: str, where: str) -> object:
    """A keyword's number that cannot be left open; raises MisuseError for a token."""
    if isinstance(json_number(value, what), dict):
        raise MisuseError(
            f"{what} must be a number that is known at synth, got a token ({where}); write the number out"
        )
    return value


def capitals(value: object) -> object:
    """The CDK's spelling of keys turned into CloudFormation's, at every level."""
    if isinstance(value, dict):
        return {_capital(key): capitals(item) for key, item in value.items()}
    return [capitals(item) for item in value] if isinstance(value, list) else value


def _member(value: object, name: str) -> object:
    """A property by CloudFormation's name; the CDK's L1 structs spell it `dbInstanceClass`."""
    if not isinstance(value, dict):
        return None
    return next((item for key, item in value.items() if _capital(key) == name), None)


def _resolved(stack: cdk.Stack, value: object) -> object:
    """The value with its tokens resolved; a struct of plain and lazy members is left for its members' turn."""
    plain_number = isinstance(value, int) and not isinstance(value, bool)
    return value if plain_number or isinstance(value, dict) else stack.resolve(value)


def _capital(key: str) -> str:
    return (key[:1].upper() + key[1:]).replace("Db", "DB")
