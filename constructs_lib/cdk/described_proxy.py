"""RDS Proxies of the CDK in the budget document's terms."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_rds as rds
from constructs import IConstruct, Node

from constructs_lib.budget.schema import plain
from constructs_lib.cdk.located import located
from constructs_lib.cdk.misuse import MisuseError
from constructs_lib.cdk.tokens import properties
from constructs_lib.template.intrinsics import references
from constructs_lib.template.proxies import proxy_facts, read_only


def read_proxy(proxy: rds.IDatabaseProxy, home: cdk.Stack) -> dict[str, Any]:
    """What can be read of a proxy, as an entry of the document; a proxy of another app has an unknown percentage."""
    child = proxy.node.default_child or proxy.node.try_find_child("Resource")
    if not isinstance(child, rds.CfnDBProxy):
        reason = f"{proxy.node.path} is defined outside this app: give proxy_max_connections_percent"
        return {"max_connections_percent": {"unknown": reason}, "sources": {"max_connections_percent": "read"}}
    groups = [
        properties(group, "ConnectionPoolConfigurationInfo")
        for group in proxy.node.find_all()
        if isinstance(group, rds.CfnDBProxyTargetGroup)
    ]
    facts, sources = proxy_facts(properties(child, "IdleClientTimeout", "EngineFamily"), groups)
    return {
        **{key: plain(value) for key, value in facts.items()},
        "sources": {key: source.value for key, source in sources.items()},
        "resource": located(child, home),
    }


def read_only_endpoint(proxy: rds.IDatabaseProxy) -> rds.CfnDBProxyEndpoint | None:
    """The read-only endpoint of a proxy, if its stack has one."""
    stack = cdk.Stack.of(proxy)
    own = {str(stack.resolve(item.logical_id)) for item in proxy.node.find_all() if isinstance(item, rds.CfnDBProxy)}
    for item in stack.node.find_all():
        if isinstance(item, rds.CfnDBProxyEndpoint):
            found = properties(item, "DBProxyName", "TargetRole")
            if set(references(found.get("DBProxyName"))) & own and read_only(found) is True:
                return item
    return None


def check_proxy(proxy: object, database: IConstruct, owner: str) -> None:
    """Raise MisuseError for anything that is no RDS Proxy, or one that stands in front of another database."""
    if not hasattr(proxy, "db_proxy_arn") or not isinstance(node := getattr(proxy, "node", None), Node):
        raise MisuseError(
            f"proxy must be an rds.DatabaseProxy, got {type(proxy).__name__} ({owner}); "
            "pass what DatabaseProxy(…), add_proxy(…) or from_database_proxy_attributes(…) returns"
        )
    targets = {
        target
        for group in node.find_all()
        if isinstance(group, rds.CfnDBProxyTargetGroup)
        for target in references(list(properties(group, "DBInstanceIdentifiers", "DBClusterIdentifiers").values()))
    }
    servers = [item for item in database.node.find_all() if isinstance(item, (rds.CfnDBInstance, rds.CfnDBCluster))]
    own = {cdk.Stack.of(item).resolve(item.logical_id) for item in servers}
    if targets and own and not targets & own:
        raise MisuseError(
            f"proxy must stand in front of {database.node.path}, got {node.path}, whose target is {min(targets)}"
            f" ({owner}); pass the proxy of this database, or plan it in the budget of its own"
        )


def check_imported(proxy: rds.IDatabaseProxy | None, owner: str) -> None:
    """Raise MisuseError where proxy_max_connections_percent is given for a proxy that says it itself."""
    if proxy is None or any(isinstance(item, rds.CfnDBProxy) for item in proxy.node.find_all()):
        what = "no proxy" if proxy is None else f"it for {proxy.node.path}"
        raise MisuseError(
            f"proxy_max_connections_percent must go with an imported proxy, got {what} ({owner});"
            " leave it out: it is read from the proxy's target group"
        )
