"""The IAM actions of a look-up: these, and no others. docs/lookup-policy.json allows them."""

ACTIONS = (
    "cloudwatch:GetMetricStatistics",
    "rds:DescribeDBClusterParameters",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeDBParameters",
    "rds:DescribeDBProxies",
    "rds:DescribeDBProxyTargetGroups",
    "rds:DescribeDBProxyTargets",
)


def action_of(operation: str) -> str | None:
    """Find the action that an operation of the AWS API needs; None where it is no operation of a look-up."""
    return next((action for action in ACTIONS if action.endswith(f":{operation}")), None)
