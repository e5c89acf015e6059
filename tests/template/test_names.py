"""What people call a resource."""

import pytest

from constructs_lib.template.names import readable_name
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
