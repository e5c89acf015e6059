"""Which scalable target acts on which service, where names are computed."""

from typing import Any

import pytest

from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.limits import Unknown
from constructs_lib.template.app import App
from constructs_lib.template.scaled_services import last_piece
from constructs_lib.template.template import Template
from tests.template.app_templates import document, instance, read_again, resource, scaling, service, tasks

Json = dict[str, Any]
BY_PARAMETER: Json = {"Fn::Join": ["/", ["service", {"Ref": "Cluster"}, {"Ref": "Name"}]]}


def app(*services: Json, **target: Any) -> tuple[Template, App]:
    """Services `Api0`, `Api1` … and one scalable target, in a template with a parameter."""
    resources = {f"Api{number}": item for number, item in enumerate(services)} | {"Target": scaling(**target)}
    template = Template({"Parameters": {"Name": {"Type": "String"}}, "Resources": resources})
    return template, App({"app.template.json": template})


@pytest.mark.parametrize(
    ("resource_id", "last"),
    [
        ("service/main/api", "api"),
        ({"Fn::Join": ["/", ["service", "main", {"Ref": "Name"}]]}, {"Ref": "Name"}),
        ({"Fn::Join": ["", ["service/", {"Ref": "Cluster"}, "/", {"Ref": "Name"}]]}, {"Ref": "Name"}),
        ({"Fn::Join": ["", ["service/", {"Ref": "Cluster"}, "/api"]]}, "api"),
        ({"Fn::Sub": "service/${Cluster}/${Name}"}, {"Fn::Sub": "${Name}"}),
        ({"Fn::Sub": "service/${Cluster}/api"}, "api"),
        ({"Ref": "Whole"}, {"Ref": "Whole"}),
    ],
    ids=repr,
)
def test_the_last_piece_of_a_resource_id_is_the_service(resource_id: object, last: object) -> None:
    assert last_piece(resource_id) == last


def test_half_a_name_is_no_last_piece() -> None:
    half = {"Fn::Join": ["", ["service/main/", {"Ref": "Stage"}, "-api"]]}
    assert last_piece(half) == half


@pytest.mark.parametrize("resource_id", [BY_PARAMETER, {"Fn::Sub": "service/${Cluster}/${Name}"}], ids=repr)
def test_a_service_that_is_called_by_the_same_parameter_is_the_one_that_is_scaled(resource_id: Json) -> None:
    template, found = app(service(ServiceName={"Ref": "Name"}), service(ServiceName="other"), ResourceId=resource_id)
    assert [item["MaxCapacity"] for item in found.scaling.of(template, "Api0")] == [8]
    assert (found.scaling.of(template, "Api1"), found.scaling.doubt(template, "Api1")) == ((), None)


def test_a_target_of_no_service_makes_the_maximum_of_those_unknown_that_it_may_mean() -> None:
    """A service with a name of its own, written out, is not meant; nor is one that another target scales."""
    template, found = app(service(), service(ServiceName={"Ref": "Else"}), service(ServiceName="api"), ResourceId="x")
    assert found.scaling.doubt(template, "Api0") is None
    template, found = app(service(), service(ServiceName={"Ref": "Else"}), ResourceId=BY_PARAMETER)
    assert found.scaling.doubt(template, "Api0") == Unknown(
        "the scalable target Target may be that of Api0: it names its service by Ref Name: the parameter Name has no"
        " default"
    )
    assert isinstance(found.scaling.doubt(template, "Api1"), Unknown)
    by_name = {"ResourceId": "service/main/shop-Api0-AB12"}
    template, found = app(service(), service(), **by_name)
    assert isinstance(found.scaling.doubt(template, "Api0"), Unknown)
    assert found.scaling.doubt(template, "Api1") is None


@pytest.mark.parametrize(
    "target",
    [
        {"ResourceId": BY_PARAMETER, "ServiceNamespace": "dynamodb"},
        {"ResourceId": {"Fn::Sub": "table/${Name}"}},
        {"ResourceId": {"Fn::Join": ["/", ["service", "main", {"Fn::ImportValue": "another-apps-service"}]]}},
    ],
    ids=repr,
)
def test_a_target_of_something_else_makes_nothing_unknown(target: Json) -> None:
    template, found = app(service(), **target)
    assert found.scaling.doubt(template, "Api0") is None


def test_an_unknown_maximum_is_the_users_to_give() -> None:
    resources = {"Db": instance(), "Api": service(DesiredCount=4), "Tasks": tasks({"Name": "web"})}
    resources["Target"] = resource("AWS::ApplicationAutoScaling::ScalableTarget", ResourceId={"Ref": "Id"})
    read, said = (read_again(document(api=api), resources).workloads["api"] for api in ({}, {"max_tasks": 9}))
    assert isinstance(read, TaskWorkload)
    assert isinstance(said, TaskWorkload)
    assert isinstance(read.max_tasks, Unknown)
    assert said.max_tasks == 9
