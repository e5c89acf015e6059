"""Documents whose resources say which file they are in."""

from dataclasses import replace

from constructs_lib.budget.client import Access, Client
from constructs_lib.budget.document import Document
from constructs_lib.budget.resource import Resource
from constructs_lib.template.located import located


def test_every_resource_gets_its_file_and_everything_else_stays() -> None:
    here, there = {"logical_id": "A"}, {"logical_id": "B", "template": "other.json"}
    read = Document.read(
        {
            "schema": 1,
            "databases": {
                "db": {"resource": here, "failover": there, "parameter_group": there, "max_connections": 100}
            },
            "proxies": {"front": {"database": "db", "resource": there, "endpoint": here}},
            "workloads": {
                "api": {"database": "db", "resource": here, "task_definition": there, "tasks": 3},
                "report": {"kind": "reserved", "database": "db", "connections": 2},
            },
        }
    )
    client = Client(name="C", type="T", resource=Resource(logical_id="C"), path="C", close="it")
    database = replace(read.databases["db"], access=Access(port="port 1", clients=(client,)))

    moved = located(replace(read, databases={"db": database}), lambda file: f"x/{file or 'home.json'}")

    def at(resource: Resource | None) -> str | None:
        return None if resource is None else resource.template

    found = moved.databases["db"]
    assert (at(found.resource), at(found.failover)) == ("x/home.json", "x/other.json")
    assert at(found.parameter_group) == "x/other.json"
    assert at(found.access.clients[0].resource) == "x/home.json"
    front = moved.proxies["front"]
    assert (at(front.resource), at(front.endpoint)) == ("x/other.json", "x/home.json")
    assert moved.workloads["api"].to_json()["task_definition"] == {"logical_id": "B", "template": "x/other.json"}
    assert moved.workloads["report"] == read.workloads["report"]
    assert (found.max_connections, moved.workloads["api"].to_json()["tasks"]) == (100, 3)


def test_what_is_deployed_moves_with_it() -> None:
    """A check that lost it would pass where the synth failed."""
    here = {"schema": 1, "databases": {"db": {"resource": {"logical_id": "A"}}}}
    moved = located(Document.read({**here, "deployed": here}), lambda file: f"x/{file or 'home.json'}")
    assert moved.deployed == replace(moved, deployed=None)
