"""The RDS Proxies in front of a server."""

from typing import TYPE_CHECKING, NamedTuple

from constructs_lib.limits.facts import ProxyFacts

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient


class ProxyTargets(NamedTuple):
    """A proxy with the instances and clusters that it opens connections to."""

    name: str
    facts: ProxyFacts
    instances: frozenset[str]
    clusters: frozenset[str]


def all_proxies(*, rds_client: "RDSClient") -> tuple[ProxyTargets, ...]:
    """Read every proxy of the account and region: AWS does not find them by their targets."""
    pages = rds_client.get_paginator("describe_db_proxies").paginate()
    return tuple(
        proxy
        for page in pages
        for item in page["DBProxies"]
        for proxy in _proxy(rds_client, item["DBProxyName"], item.get("IdleClientTimeout"))
    )


def proxies_of(proxies: tuple[ProxyTargets, ...], *, instance: str, cluster: str | None) -> dict[str, ProxyFacts]:
    """Choose the proxies that open connections to a server, now or after a failover within its cluster."""
    return {
        proxy.name: proxy.facts
        for proxy in proxies
        if instance in proxy.instances or (cluster is not None and cluster in proxy.clusters)
    }


def _proxy(rds_client: "RDSClient", name: str, idle_client_timeout: int | None) -> list[ProxyTargets]:
    """Read the target groups of a proxy: one, as yet, but the API has a list."""
    found = []
    for page in rds_client.get_paginator("describe_db_proxy_target_groups").paginate(DBProxyName=name):
        for group in page["TargetGroups"]:
            instances, clusters = _targets(rds_client, name, group["TargetGroupName"])
            facts = ProxyFacts(
                max_connections_percent=group.get("ConnectionPoolConfig", {}).get("MaxConnectionsPercent"),
                idle_client_timeout=idle_client_timeout,
            )
            found.append(ProxyTargets(name=name, facts=facts, instances=instances, clusters=clusters))
    return found


def _targets(rds_client: "RDSClient", name: str, group: str) -> tuple[frozenset[str], frozenset[str]]:
    instances: set[str] = set()
    clusters: set[str] = set()
    pages = rds_client.get_paginator("describe_db_proxy_targets").paginate(DBProxyName=name, TargetGroupName=group)
    for page in pages:
        for target in page["Targets"]:
            resource = target.get("RdsResourceId", "")
            (clusters if target.get("Type") == "TRACKED_CLUSTER" else instances).add(resource)
            clusters.add(target.get("TrackedClusterId", ""))
    return frozenset(instances - {""}), frozenset(clusters - {""})
