"""How many connections a server has had at once, as CloudWatch counted them."""

from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

DAYS = 14
# 336 values an answer. CloudWatch gives at most 1440, and minutes for the last 15 days.
_PERIOD_S = 3600


def highest_connections(*, cloudwatch_client: "CloudWatchClient", identifier: str, now: datetime) -> int | None:
    """Read the highest DatabaseConnections of the last 14 days; None where CloudWatch has none, as of a new server."""
    answer = cloudwatch_client.get_metric_statistics(
        Namespace="AWS/RDS",
        MetricName="DatabaseConnections",
        Dimensions=[{"Name": "DBInstanceIdentifier", "Value": identifier}],
        StartTime=now - timedelta(days=DAYS),
        EndTime=now,
        Period=_PERIOD_S,
        Statistics=["Maximum"],
    )
    return max((ceil(point["Maximum"]) for point in answer["Datapoints"]), default=None)
