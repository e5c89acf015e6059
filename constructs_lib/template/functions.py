"""Lambda functions: how many run at once, and with which variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.budget.workloads.function import UNRESERVED
from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, mapping, members, number
from constructs_lib.template.parameters import scalar_text

FUNCTION = "AWS::Lambda::Function"
SERVERLESS_FUNCTION = "AWS::Serverless::Function"
FUNCTIONS = (FUNCTION, SERVERLESS_FUNCTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Lambda function."""

    reserved_concurrency: int | Unknown | None
    """ReservedConcurrentExecutions; None where none are reserved, so that only the account's quota is a bound."""
    environment: Mapping[str, Any] | Unknown
    """The variables, each as it is written: plain, or a function."""


def function(properties: Mapping[str, Any], shared: Mapping[str, Any] | None = None) -> Function:
    """Read an `AWS::Lambda::Function` or an `AWS::Serverless::Function`; `shared` are the Globals of the latter."""
    whole = {**mapping(shared), **properties}
    reserved = whole.get("ReservedConcurrentExecutions")
    return Function(
        reserved_concurrency=None if reserved is None else number(reserved, "ReservedConcurrentExecutions"),
        environment=_environment(mapping(shared), properties),
    )


def reserved_concurrency(properties: Mapping[str, Any], shared: Mapping[str, Any] | None = None) -> int | Unknown:
    """The most execution environments that can run at once; `shared` are the Globals of a SAM template."""
    reserved = function(properties, shared).reserved_concurrency
    return UNRESERVED if reserved is None else reserved


def function_variables(
    properties: Mapping[str, Any], shared: Mapping[str, Any] | None = None
) -> dict[str, str | Unknown]:
    """The variables of the function, with those of a SAM template's Globals; a value that is not plain is Unknown."""
    environment = function(properties, shared).environment
    variables = {} if isinstance(environment, Unknown) else environment
    return {str(name): _readable(value) for name, value in variables.items()}


def _readable(value: object) -> str | Unknown:
    written = scalar_text(value)
    return Unknown(f"its value is {described(value)}") if written is None else written


def _environment(shared: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any] | Unknown:
    """The variables of the Globals and of the function together, as SAM merges them."""
    merged: dict[str, Any] = {}
    for properties in (shared, own):
        environment = members(properties.get("Environment"), "Environment")
        if isinstance(environment, Unknown):
            return environment
        variables = members(environment.get("Variables"), "the variables of Environment")
        if isinstance(variables, Unknown):
            return variables
        merged |= variables
    return merged
