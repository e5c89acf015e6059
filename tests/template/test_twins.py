"""Entries that stand for one and the same server."""

from typing import Any

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from constructs_lib.template.reread import reread_all
from constructs_lib.template.template import Template
from tests.template.app_templates import instance, resource

Json = dict[str, Any]
IN_CLUSTER = {"Engine": "aurora-postgresql", "DBClusterIdentifier": {"Ref": "Cluster"}}
RESOURCES: Json = {
    "Db": instance(),
    "Cluster": resource("AWS::RDS::DBCluster", Engine="aurora-postgresql", EngineVersion="16.4"),
    "Writer": instance(**IN_CLUSTER),
    "Reader": instance(**IN_CLUSTER),
    "MultiAz": resource("AWS::RDS::DBCluster", Engine="postgres", DBClusterInstanceClass="db.r6gd.large"),
}


def twice(*documents: Json) -> list[str]:
    """The databases that are budgeted twice, over one document in each stack; all resources are in the first."""
    templates = {f"{number}.json": Template({"Resources": {} if number else RESOURCES}) for number in range(3)}
    read = {f"{number}.json": Document.read(item) for number, item in enumerate(documents)}
    plans = [plan(item) for item in reread_all(read, templates).values()]
    return [item.subject for made in plans for item in made.findings if item.id == "budgeted-twice"]


def entry(logical_id: str, budget: str, **more: Any) -> Json:
    return {"resource": {"logical_id": logical_id, "template": "0.json"}, "construct_path": budget, **more}


def of(**databases: Json) -> Json:
    return {"schema": 1, "databases": databases}


def test_one_instance_in_two_entries_is_one_server_in_one_document_or_in_two() -> None:
    assert twice(of(a=entry("Db", "A"), b=entry("Db", "B"))) == ["b"]
    assert twice(of(a=entry("Db", "A")), of(b=entry("Db", "B"))) == ["b"]
    assert twice(of(a=entry("Db", "A")), of(b=entry("Writer", "B"))) == []


def test_the_writer_and_the_readers_of_a_cluster_are_two_servers() -> None:
    failover = {"failover": {"logical_id": "Reader", "template": "0.json"}}
    both = of(a=entry("Writer", "A", **failover), reader=entry("Reader", "A"))
    assert twice(both) == []
    assert twice(both, of(b=entry("Reader", "B"))) == ["b"]
    assert twice(both, of(b=entry("Writer", "B", **failover))) == ["b"]


def test_two_instances_of_a_cluster_for_the_same_role_are_one_server() -> None:
    assert twice(of(a=entry("Writer", "A")), of(b=entry("Reader", "B"))) == ["b"]


def test_a_multi_az_cluster_has_a_writer_and_readers_in_one_budget() -> None:
    both = of(a=entry("MultiAz", "A"), reader=entry("MultiAz", "A"))
    assert twice(both) == []
    assert twice(both, of(b=entry("MultiAz", "B"))) == ["b"]
