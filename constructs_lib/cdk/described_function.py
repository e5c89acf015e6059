"""Lambda functions of the CDK in the budget's terms."""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from constructs_lib.cdk.misuse import MisuseError
from constructs_lib.cdk.tokens import properties
from constructs_lib.limits import Unknown
from constructs_lib.template.functions import reserved_concurrency


def read_concurrency(function: lambda_.Function) -> int | Unknown:
    """The function's reserved concurrency as it is now."""
    return reserved_concurrency(properties(l1_function(function), "ReservedConcurrentExecutions"))


def l1_function(function: lambda_.Function) -> cdk.CfnResource:
    """The function's L1 construct."""
    child = function.node.default_child
    if not isinstance(child, lambda_.CfnFunction):
        raise MisuseError(f"function must be defined in this app, got {function.node.path}, which has no CfnFunction")
    return child


def check_function(function: object, owner: str) -> None:
    """Raise MisuseError for anything that is no function of this app."""
    if not isinstance(function, lambda_.Function):
        raise MisuseError(
            f"function must be a lambda_.Function defined in this app, got {type(function).__name__} ({owner}); pass"
            " the function itself, not an alias, a version or an imported one, and cover what is defined elsewhere with"
            " add_reservation"
        )
