"""What people call a resource."""

import pytest

from constructs_lib.template.assembly import Assembly
from constructs_lib.template.names import readable_name
from constructs_lib.template.template import Template
from tests.template.app_templates import resource


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Shop/Api/Service/Service", "Api"),
        ("Shop/Api/Service", "Api"),
        ("Shop/Service", "Service"),
        ("Shop/Data/Orders/Resource", "Data/Orders"),
        ("Shop/Vpc/Default", "Vpc"),
        ("Shop", "ApiService123"),
        ("", "ApiService123"),
        ("/", "ApiService123"),
        ("a\nb/c", "ApiService123"),
        (5, "ApiService123"),
        (None, "ApiService123"),
    ],
)
def test_the_path_below_the_stack_without_what_every_construct_has(path: object, name: str) -> None:
    service = {"Type": "AWS::ECS::Service", "Metadata": {"aws:cdk:path": path}}
    assert readable_name(Template({"Resources": {"ApiService123": service}}), "ApiService123") == name


def test_what_several_stacks_have_is_called_by_its_stack_in_each_of_them() -> None:
    """The first as much as every further one: which of them comes first is nobody's choice."""
    child = {"Resources": {"Api": resource("AWS::ECS::Service"), "Group": resource("AWS::EC2::SecurityGroup")}}
    nested = resource("AWS::CloudFormation::Stack", TemplateURL="./child.json")
    path = {"aws:cdk:path": "Prod/Jobs/Service"}
    app = Assembly(
        {
            "root.json": {"Resources": {"Blue": nested, "Green": nested, "Only": resource("AWS::ECS::Service")}},
            "child.json": child,
            "a.json": {"Resources": {"J": {**resource("AWS::ECS::Service"), "Metadata": path}}},
            "b.json": {"Resources": {"Jobs": resource("AWS::ECS::Service")}},
        }
    )
    names = {
        readable_name(template, logical_id)
        for template in app.values()
        for logical_id in template.kinds.get("AWS::ECS::Service", ())
    }
    assert names == {"Blue/Api", "Green/Api", "Only", "Prod/Jobs", "b.json/Jobs"}
    assert readable_name(app["child.json"], "Group") == "Group"
