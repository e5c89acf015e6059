"""Lambda functions, also as SAM writes them."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.budget.workloads.function import UNRESERVED
from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, mapping, number


def reserved_concurrency(function: Mapping[str, Any]) -> int | Unknown:
    """The most execution environments that can run at once."""
    value = function.get("ReservedConcurrentExecutions")
    if value is None or value == {"Ref": "AWS::NoValue"}:
        return UNRESERVED
    return number(value, "ReservedConcurrentExecutions")


def function_variables(function: Mapping[str, Any]) -> dict[str, str | Unknown]:
    """The variables of the function; a value that is no plain string is Unknown."""
    variables = mapping(mapping(function.get("Environment")).get("Variables"))
    return {
        str(name): value if isinstance(value, str) else Unknown(f"its value is {described(value)}")
        for name, value in variables.items()
    }
