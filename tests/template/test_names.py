"""What people call a resource."""

import pytest

from constructs_lib.template.names import full_name, readable_name
from constructs_lib.template.template import Template


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
    resource = {"Type": "AWS::ECS::Service", "Metadata": {"aws:cdk:path": path}}
    assert readable_name(Template({"Resources": {"ApiService123": resource}}), "ApiService123") == name


def test_a_resource_of_a_nested_stack_is_named_below_the_stack_and_any_other_below_its_file() -> None:
    outer, inner = (Template({"Resources": {}}, name=name) for name in ("main.yaml", "service.yaml#Jobs"))
    inner.parent = (outer, "Jobs")
    assert full_name(inner, "Api") == "Jobs/Api"
    assert full_name(outer, "Api") == "main.yaml/Api"
