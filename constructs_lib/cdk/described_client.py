"""Clients of a database that are neither services nor functions of the budget."""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from constructs import IConstruct

from constructs_lib.cdk.described_service import l1_service
from constructs_lib.cdk.misuse import MisuseError


def l1_client(client: IConstruct, owner: str) -> cdk.CfnResource:
    """The resource of a construct, as security groups know it."""
    if isinstance(client, ecs.BaseService):
        return l1_service(client)
    resource = client if isinstance(client, cdk.CfnResource) else client.node.default_child
    if not isinstance(resource, cdk.CfnResource):
        raise MisuseError(
            f"client must be a construct with one resource that this app defines, got {client.node.path} ({owner});"
            " leave it out for a client that is defined elsewhere"
        )
    return resource
