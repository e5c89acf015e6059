"""Clients of a database that are neither services nor functions of the budget."""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from constructs import IConstruct

from constructs_lib.budget.schema import shown
from constructs_lib.cdk.described_service import l1_service
from constructs_lib.cdk.misuse import MisuseError


def l1_client(client: IConstruct, owner: str) -> cdk.CfnResource:
    """The resource of a construct, as security groups know it."""
    if isinstance(client, ecs.BaseService):
        return l1_service(client)
    node = getattr(client, "node", None)  # absent where it is no construct at all
    resource = client if isinstance(client, cdk.CfnResource) else getattr(node, "default_child", None)
    if not isinstance(resource, cdk.CfnResource):
        got = shown(client) if node is None else node.path
        raise MisuseError(
            f"client must be a construct with one resource that this app defines, got {got} ({owner});"
            " leave it out for a client that is defined elsewhere"
        )
    return resource
