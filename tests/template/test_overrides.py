"""What scheduled runs change of a task definition."""

import json
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.containers import environments
from constructs_lib.template.links import Links
from constructs_lib.template.overrides import Overrides, overridden, overrides_by_task
from constructs_lib.template.template import Template
from constructs_lib.template.unresolved import Unresolved

Json = dict[str, Any]
TASK: Json = {
    "ContainerDefinitions": [
        {"Name": "web", "Command": ["a"], "Environment": [{"Name": "A", "Value": "1"}, {"Name": "B", "Value": "2"}]},
        {"Name": "side", "Command": ["s"]},
    ]
}


def read(passed_on: object) -> list[Overrides]:
    ecs = {"TaskDefinitionArn": {"Ref": "Tasks"}}
    rule = {"Targets": [{"EcsParameters": ecs, "Input": passed_on}]}
    template = Template(
        {
            "Resources": {
                "Tasks": {"Type": "AWS::ECS::TaskDefinition", "Properties": TASK},
                "Rule": {"Type": "AWS::Events::Rule", "Properties": rule},
            }
        }
    )
    return overrides_by_task([template], Links([template])).get((id(template), "Tasks"), [])


def test_commands_replace_and_variables_join_those_of_the_container_of_that_name() -> None:
    item = {"name": "web", "command": ["b"], "environment": [{"name": "B", "value": "3"}, {"name": "C", "value": "4"}]}
    (found,) = read(json.dumps({"containerOverrides": [item]}))
    run = overridden(TASK, found)
    assert [container["Command"] for container in run["ContainerDefinitions"]] == [["b"], ["s"]]
    assert environments(run)["web"] == {"A": "1", "B": "3", "C": "4"}


def test_what_overrides_nothing_is_no_run_of_its_own() -> None:
    assert read(None) == read("{}") == read('{"containerOverrides": []}') == read("[1]") == []


def test_what_cannot_be_read_hides_every_container() -> None:
    (found,) = read("no json")
    assert isinstance(found, Unknown)
    run = overridden(TASK, found)
    assert [container["Name"] for container in run["ContainerDefinitions"]] == ["web", "side"]
    assert environments(run)["web"].others is not None


def test_a_container_that_may_be_the_one_that_is_meant_is_hidden() -> None:
    """One of the two names is computed, here the container's and there the override's."""
    (found,) = read(json.dumps({"containerOverrides": [{"name": "web", "command": ["b"]}]}))
    run = overridden({"ContainerDefinitions": [{"Name": {"Ref": "AWS::StackName"}}, {"Name": "side"}]}, found)
    hidden, side = run["ContainerDefinitions"]
    assert isinstance(hidden["Command"], Unresolved)
    assert "Command" not in side
    meant = {"ContainerDefinitions": [{"Name": {"Ref": "AWS::StackName"}, "Command": ["a"]}, {"Name": "web"}]}
    assert [item["Command"] for item in overridden(meant, found)["ContainerDefinitions"]] == [["a"], ["b"]]
    (found,) = read({"Fn::Sub": json.dumps({"containerOverrides": [{"name": "${Name}", "command": ["b"]}]})})
    assert all(isinstance(item["Command"], Unresolved) for item in overridden(TASK, found)["ContainerDefinitions"])
