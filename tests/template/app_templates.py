"""A template of the parts that these tests read, as the CDK writes them."""

from dataclasses import replace
from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.workloads import PooledWorkload, Workload
from constructs_lib.template.reread import reread
from constructs_lib.template.template import Template

Json = dict[str, Any]
HOME = "app.template.json"


def resource(kind: str, **properties: Any) -> Json:
    return {"Type": kind, "Properties": properties}


def service(**properties: Any) -> Json:
    return resource("AWS::ECS::Service", **{"TaskDefinition": {"Ref": "Tasks"}, **properties})


def scaling(**properties: Any) -> Json:
    target = {"Fn::Join": ["", ["service/", {"Ref": "Cluster"}, "/", {"Fn::GetAtt": ["Api", "Name"]}]]}
    return resource(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        **{"ResourceId": target, "MinCapacity": 1, "MaxCapacity": 8, **properties},
    )


def tasks(*containers: Json) -> Json:
    return resource("AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers))


def instance(**properties: Any) -> Json:
    given = {"DBInstanceClass": "db.r6g.large", "Engine": "postgres", "EngineVersion": "16.4"}
    return resource("AWS::RDS::DBInstance", **{**given, **properties})


def document(*, api: Json | None = None, database: Json | None = None, proxies: Json | None = None) -> Json:
    """A document that knows nothing but where everything stands."""
    return {
        "schema": 1,
        "databases": {"db": {"resource": {"logical_id": "Db"}, **(database or {})}},
        "proxies": proxies or {},
        "workloads": {"api": {"database": "db", "resource": {"logical_id": "Api"}, **(api or {})}},
    }


def read_again(value: Json, resources: Json, **others: Json) -> Document:
    """The document, brought up to its template; other templates go by their names before the dot."""
    templates = {HOME: Template({"Resources": resources})}
    templates |= {f"{name}.template.json": Template(content) for name, content in others.items()}
    return reread(Document.read(value), HOME, templates)


def planned(value: Json, resources: Json, **others: Json) -> Plan:
    return plan(read_again(value, resources, **others))


def counted(value: Json, resources: Json, **others: Json) -> Plan:
    """The plan where containers that show no pool size have the budget's: these templates are about everything else."""
    read = read_again(value, resources, **others)
    return plan(replace(read, workloads={name: _wired(item) for name, item in read.workloads.items()}))


def _wired(workload: Workload) -> Workload:
    if not isinstance(workload, PooledWorkload):
        return workload
    shown = [name for variables in (workload.found or {}).values() for name in variables if name.endswith("POOL_SIZE")]
    return workload if shown else replace(workload, found=None)
