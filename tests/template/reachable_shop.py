"""A shop whose API may reach its database, as a template that knows nothing of budgets."""

from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.discover import discover
from constructs_lib.template.discovery import Discovery
from tests.template.app_templates import instance, resource

Json = dict[str, Any]
ADDRESS = {"Fn::GetAtt": ["Db", "Endpoint.Address"]}


def group(**properties: Any) -> Json:
    return resource("AWS::EC2::SecurityGroup", GroupDescription="of the shop", **properties)


def group_id(logical_id: str) -> Json:
    return {"Fn::GetAtt": [logical_id, "GroupId"]}


def let_in(source: str, port: int = 5432, **more: Any) -> Json:
    """A rule of a group, as it stands in the group itself."""
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "SourceSecurityGroupId": group_id(source), **more}


def ingress(to: str, source: str, port: int = 5432) -> Json:
    """A rule as a resource of its own."""
    return resource("AWS::EC2::SecurityGroupIngress", GroupId=group_id(to), **let_in(source, port))


def network(*groups: str) -> Json:
    return {"AwsvpcConfiguration": {"SecurityGroups": [group_id(name) for name in groups]}}


def container(name: str = "web", *, command: list[str] | None = None, secrets: Json | None = None, **env: Any) -> Json:
    return {
        "Name": name,
        "Environment": [{"Name": key, "Value": value} for key, value in env.items()],
        "Secrets": [{"Name": key, "ValueFrom": value} for key, value in (secrets or {}).items()],
        **({"Command": command} if command else {}),
    }


def tasks(*containers: Json) -> Json:
    return resource("AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers))


def service(definition: str = "ApiTask", *groups: str, **properties: Any) -> Json:
    given = {"NetworkConfiguration": network(*groups)} if groups else {}
    return resource("AWS::ECS::Service", **{"TaskDefinition": {"Ref": definition}, **given, **properties})


DATABASE: Json = {
    "Db": instance(VPCSecurityGroups=[group_id("DbGroup")]),
    "DbGroup": group(SecurityGroupIngress=[let_in("ApiGroup")]),
    "ApiGroup": group(),
}
SHOP: Json = {
    **DATABASE,
    "Api": service("ApiTask", "ApiGroup", DesiredCount=2),
    "ApiTask": tasks(container(DB_HOST=ADDRESS)),
}


def assembly(resources: Json, **others: Json) -> Assembly:
    """The templates of an app: `app.json`, and others by their names before the dot."""
    contents: Json = {"app.json": {"Resources": resources}}
    return Assembly(contents | {f"{name}.json": {"Resources": content} for name, content in others.items()})


def discovered(resources: Json, **others: Json) -> Discovery:
    return discover(assembly(resources, **others))


def evidence(resources: Json, **others: Json) -> dict[str, str]:
    """Why each workload counts that is discovered."""
    return {name: item["evidence"] for name, item in discovered(resources, **others).entries["workloads"].items()}


def document_of(resources: Json, **others: Json) -> Document:
    templates = assembly(resources, **others)
    return discover(templates).document(templates)
