"""The construct, its validation plugin and the wiring: the only part that knows the AWS CDK."""

try:
    from constructs_lib.cdk.cdk_version import require_cdk

    require_cdk()  # first of all: older ones lack names that the modules below use
    from constructs_lib.cdk.connection_budget import ConnectionBudget
    from constructs_lib.cdk.misuse import MisuseError
except ModuleNotFoundError as error:
    if error.name not in {"aws-cdk-lib", "aws_cdk", "constructs", "jsii", "rich"}:
        raise
    raise ModuleNotFoundError(
        f"constructs_lib.cdk needs {error.name}: pip install 'rds-connection-budget[cdk]'", name=error.name
    ) from error

__all__ = ["ConnectionBudget", "MisuseError"]
