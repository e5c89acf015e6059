"""Asking AWS for an instance, or for the writer and the readers of a cluster."""

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from constructs_lib.limits.facts import ServerFacts
from constructs_lib.limits.unknown import quoted
from constructs_lib.lookups.aws_errors import aws_errors
from constructs_lib.lookups.aws_server import AwsServer
from constructs_lib.lookups.failure import LookupFailedError
from constructs_lib.lookups.highest_connections import highest_connections
from constructs_lib.lookups.parameters import ParameterGroups
from constructs_lib.lookups.proxies import all_proxies, proxies_of

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_rds.type_defs import DBClusterTypeDef


def look_up_instance(
    identifier: str, *, rds_client: "RDSClient", cloudwatch_client: "CloudWatchClient", now: datetime
) -> dict[str, ServerFacts]:
    """Read one DB instance; a member of a cluster with what the cluster decides."""
    subject = f"DB instance {quoted(identifier)}"
    with aws_errors(subject):
        instances = rds_client.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
        if not instances:
            raise LookupFailedError(f"{subject} was not found in this account and region")
        name = instances[0].get("DBClusterIdentifier")
        server = AwsServer(instances[0], _cluster(rds_client, name) if name else None)
        return _facts([server], rds_client, cloudwatch_client, now)


def look_up_cluster(
    identifier: str, *, rds_client: "RDSClient", cloudwatch_client: "CloudWatchClient", now: datetime
) -> dict[str, ServerFacts]:
    """Read all instances of a DB cluster, each under its own identifier: each has a limit of its own."""
    subject = f"DB cluster {quoted(identifier)}"
    with aws_errors(subject):
        cluster = _cluster(rds_client, identifier)
        if cluster is None:
            raise LookupFailedError(f"{subject} was not found in this account and region")
        pages = rds_client.get_paginator("describe_db_instances").paginate(
            Filters=[{"Name": "db-cluster-id", "Values": [cluster["DBClusterIdentifier"]]}]
        )
        servers = [AwsServer(instance, cluster) for page in pages for instance in page["DBInstances"]]
        if not servers:
            raise LookupFailedError(f"{subject} has no instances")
        return _facts(servers, rds_client, cloudwatch_client, now)


def _cluster(rds_client: "RDSClient", identifier: str) -> "DBClusterTypeDef | None":
    return next(iter(rds_client.describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"]), None)


def _facts(
    servers: Sequence[AwsServer], rds_client: "RDSClient", cloudwatch_client: "CloudWatchClient", now: datetime
) -> dict[str, ServerFacts]:
    groups = ParameterGroups(rds_client, engine=servers[0].instance["Engine"])
    proxies = all_proxies(rds_client=rds_client)
    return {
        server.identifier: server.facts(
            looked_up=now.astimezone(timezone.utc).date().isoformat(),
            parameter=server.parameter(groups),
            proxies=proxies_of(proxies, instance=server.identifier, cluster=server.cluster_identifier),
            highest_connections=highest_connections(
                cloudwatch_client=cloudwatch_client, identifier=server.identifier, now=now
            ),
        )
        for server in servers
    }
