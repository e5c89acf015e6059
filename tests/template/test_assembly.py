"""The templates of one app, and the references between them."""

import time
from typing import Any

import pytest
from hypothesis import given

from constructs_lib.limits import Unknown
from constructs_lib.template.assembly import MOST_STACKS, Assembly
from constructs_lib.template.links import Target
from constructs_lib.template.template import STACK, Template
from tests.laws.strategies import LAW, json_values
from tests.template.app_templates import resource

Json = dict[str, Any]


def stack(url: str, **parameters: Any) -> Json:
    return resource(STACK, TemplateURL=url, Parameters=parameters)


def found(assembly: Assembly, name: str, value: object) -> tuple[str, str, str] | str:
    """Where a reference ends: file, logical id and attribute, or the reason why nowhere."""
    target = assembly.target(assembly[name], value)
    if isinstance(target, Unknown):
        return target.reason
    return (target.template.name, target.logical_id, target.attribute)


DATA: Json = {
    "Resources": {"Db": resource("AWS::RDS::DBInstance")},
    "Outputs": {
        "Address": {"Value": {"Fn::GetAtt": ["Db", "Endpoint.Address"]}, "Export": {"Name": "db-address"}},
        "Computed": {"Value": {"Ref": "Db"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-Db"}}},
        "Tasks": {"Value": 7, "Export": {"Name": "tasks"}},
        "Circle": {"Value": {"Fn::ImportValue": "circle"}, "Export": {"Name": "circle"}},
    },
}


def test_a_reference_in_the_same_template_ends_there() -> None:
    app = Assembly({"a": DATA})
    assert found(app, "a", {"Ref": "Db"}) == ("a", "Db", "")
    assert found(app, "a", {"Fn::GetAtt": "Db.Endpoint.Port"}) == ("a", "Db", "Endpoint.Port")
    assert found(app, "a", {"Fn::Sub": "${Db.Arn}"}) == ("a", "Db", "Arn")


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        ({"Fn::ImportValue": "db-address"}, "Endpoint.Address"),
        ({"Fn::ImportValue": {"Fn::Sub": "${DataStack}-Db"}}, ""),
        ({"Fn::ImportValue": "data-Db"}, ""),
        ({"Fn::GetStackOutput": {"StackName": "data", "OutputName": "Address"}}, "Endpoint.Address"),
    ],
)
def test_an_import_ends_at_what_the_exporting_stack_defines(value: Json, attribute: str) -> None:
    app = Assembly({"data": DATA, "b": {"Parameters": {"DataStack": {}}}})
    assert found(app, "b", value) == ("data", "Db", attribute)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("sg-1", "it is 'sg-1', which is no reference to a resource"),
        (None, "it is not given, which is no reference to a resource"),
        ({"Ref": "Gone"}, "it is Ref Gone, which is not defined in this app"),
        ({"Fn::ImportValue": "gone"}, "it is Fn::ImportValue gone, which is not defined in this app"),
        ({"Fn::ImportValue": "circle"}, "it is Fn::ImportValue circle, which is not defined in this app"),
        ({"Fn::If": ["A", {"Ref": "Db"}, "x"]}, "it is Fn::If …, which is no reference to a resource"),
        ({"Fn::Sub": "${Db}:5432"}, "it is Fn::Sub ${Db}:5432, which is no reference to a resource"),
    ],
)
def test_what_ends_nowhere_says_why(value: object, reason: str) -> None:
    assert found(Assembly({"a": DATA}), "a", value) == reason


def test_two_exports_that_an_import_may_mean_are_both_told_and_neither_chosen() -> None:
    other = {
        "Resources": {"Other": resource("AWS::RDS::DBInstance")},
        "Outputs": {"O": {"Value": {"Ref": "Other"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-Db"}}}},
    }
    app = Assembly({"a": DATA, "b": other, "c": {}})
    value = {"Fn::ImportValue": {"Fn::Sub": "${Which}-Db"}}
    assert {target.logical_id for target in app.targets(app["c"], value)} == {"Db", "Other"}
    assert "which may be " in str(found(app, "c", value))


def test_everything_that_a_value_speaks_of_is_found_once() -> None:
    app = Assembly({"a": DATA, "b": {"Resources": {"C": resource("X")}}})
    value = ["x", {"Fn::Join": ["", [{"Ref": "C"}, {"Fn::ImportValue": "db-address"}, {"Fn::Sub": "${C}${C}"}]]}]
    assert sorted(target.logical_id for target in app.targets(app["b"], value)) == ["C", "Db"]


ROOT: Json = {
    "Parameters": {"Tasks": {"Default": 4}},
    "Resources": {
        "Cluster": resource("AWS::ECS::Cluster"),
        "Data": stack("./data.json"),
        "Api": stack("./service.json", Db={"Fn::GetAtt": ["Data", "Outputs.Address"]}, Tasks={"Ref": "Tasks"}),
        "Jobs": stack(
            "https://s3.amazonaws.com/bucket/service.json",
            Db={"Fn::GetAtt": ["Data", "Outputs.Computed"]},
            Tasks={"Fn::GetAtt": ["Data", "Outputs.Tasks"]},
        ),
        "Gone": stack("https://example.com/gone.json"),
    },
}
SERVICE: Json = {
    "Parameters": {"Db": {}, "Tasks": {"Default": 1}, "Pool": {"Default": 5}},
    "Resources": {
        "Service": resource("AWS::ECS::Service", DesiredCount={"Ref": "Tasks"}, Pool={"Ref": "Pool"}, Db={"Ref": "Db"})
    },
    "Outputs": {"Service": {"Value": {"Ref": "Service"}}},
}


def nested(**options: Any) -> Assembly:
    return Assembly({"app/root.json": ROOT, "app/data.json": DATA, "app/service.json": SERVICE}, **options)


def test_a_template_that_two_nested_stacks_use_is_there_twice_each_with_its_own_parameters() -> None:
    app = nested()
    assert list(app) == ["app/root.json", "app/data.json", "app/service.json", "app/service.json#Jobs"]
    counts = {
        target.template.name: (target.template.properties(target.logical_id) or {})["DesiredCount"]
        for target in app.of_type("AWS::ECS::Service")
    }
    assert counts == {"app/service.json": "4", "app/service.json#Jobs": "7"}
    assert [logical_id for _, logical_id in app.unlinked] == ["Gone"]


def test_a_reference_follows_parameters_into_and_outputs_out_of_nested_stacks() -> None:
    app = nested()
    assert found(app, "app/service.json", {"Ref": "Db"}) == ("app/data.json", "Db", "Endpoint.Address")
    assert found(app, "app/service.json#Jobs", {"Ref": "Db"}) == ("app/data.json", "Db", "")
    output = {"Fn::GetAtt": ["Jobs", "Outputs.Service"]}
    assert found(app, "app/root.json", output) == ("app/service.json#Jobs", "Service", "")


def test_a_nested_stacks_default_is_certain_and_the_apps_own_is_an_assumption() -> None:
    app = nested(defaults=False)
    properties = app["app/service.json"].properties("Service") or {}
    assert properties["Pool"] == "5"
    assert properties["DesiredCount"].reason == (
        "the parameter Tasks is Ref Tasks: the parameter Tasks may be set to something else than its default"
        " of the parent stack"
    )
    assert nested(defaults=False, given={"Tasks": "9"})["app/service.json"].properties("Service") == {
        **properties,
        "DesiredCount": "9",
    }
    assumed = nested()
    assumed["app/service.json"].properties("Service")
    assert assumed["app/root.json"].assumed_parameters == {"Tasks"}
    assert not assumed["app/service.json"].assumed_parameters


def test_a_region_that_is_known_holds_for_nested_stacks_too() -> None:
    child = {"Resources": {"A": resource("X", In={"Ref": "AWS::Region"}, Name={"Ref": "AWS::StackName"})}}
    app = Assembly(
        {"root": {"Resources": {"S": stack("child")}}, "child": child},
        pseudo={"root": {"AWS::Region": "eu-west-1", "AWS::StackName": "root"}},
    )
    properties = app["child"].properties("A") or {}
    assert properties["In"] == "eu-west-1"
    assert properties["Name"] == {"Ref": "AWS::StackName"}


CONDITIONAL: Json = {
    "root": {
        "Parameters": {"Stage": {"Type": "String", "Default": "test"}},
        "Conditions": {
            "Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
            "Here": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
        },
        "Resources": {
            "Always": stack("child", Big="no"),
            "InProd": {**stack("child", Big="yes"), "Condition": "Prod"},
            "Regional": {**stack("child", Big="no"), "Condition": "Here"},
        },
    },
    "child": {
        "Parameters": {"Big": {"Type": "String"}},
        "Conditions": {"IsBig": {"Fn::Equals": [{"Ref": "Big"}, "yes"]}},
        "Resources": {"Own": resource("X"), "More": {**stack("inner"), "Condition": "IsBig"}},
        "Outputs": {"Own": {"Value": {"Ref": "Own"}, "Export": {"Name": {"Fn::Sub": "own-${Big}"}}}},
    },
    "inner": {"Transform": "Some::Macro", "Resources": {"Deep": resource("Y")}},
}


def there(**options: Any) -> list[str]:
    """The resources of the nested stacks that are there, each with its stacks."""
    app = Assembly(CONDITIONAL, **options)
    found = []
    for template in app.values():
        for kind in ("X", "Y"):
            for logical_id, _ in template.of_type(kind):
                steps, at = [logical_id], template.parent
                while at is not None:
                    steps, at = [at[1], *steps], at[0].parent
                found.append("/".join(steps))
    return sorted(found)


def test_a_nested_stack_whose_condition_is_false_has_nothing_in_it_nor_have_those_in_it() -> None:
    """A condition that cannot be evaluated takes nothing away; the inner stack's is told by what its parent passes."""
    here, other = ({"root": {"AWS::Region": region}} for region in ("eu-west-1", "us-east-1"))
    assert there(pseudo=other) == ["Always/Own"]
    assert there(pseudo=here) == ["Always/Own", "Regional/Own"]
    prod = {"given": {"Stage": "prod"}, "pseudo": other}
    assert there(**prod) == ["Always/Own", "InProd/More/Deep", "InProd/Own"]
    assert there(defaults=False) == ["Always/Own", "InProd/More/Deep", "InProd/Own", "Regional/Own"]


def test_what_a_stack_that_is_not_there_exports_or_cannot_be_read_of_it_is_not_there_either() -> None:
    for stage, exported, macros in (("test", False, 0), ("prod", True, 1)):
        app = Assembly(CONDITIONAL, given={"Stage": stage})
        target = app.target(app["root"], {"Fn::ImportValue": "own-yes"})
        assert isinstance(target, Unknown) is not exported
        assert sum(len(list(template.unread())) for template in app.values()) == macros


def test_ever_deeper_stacks_are_there_without_end() -> None:
    """Fifteen hundred, each in the one before."""
    app = Assembly({f"t{n}": {"Resources": {"R": resource("X"), "S": stack(f"t{n + 1}")}} for n in range(1500)})
    assert app["t1499"].properties("R") is not None


def test_an_asset_names_the_file_of_a_nested_stack() -> None:
    by_path = {**stack("x"), "Metadata": {"aws:asset:path": "child.json"}}
    by_hash = stack("https://s3.amazonaws.com/assets/abc123.json")
    app = Assembly(
        {"root": {"Resources": {"One": by_path, "Two": by_hash}}, "child.json": SERVICE, "other.json": DATA},
        assets={"abc123": "other.json"},
    )
    assert {name: child.name for name, child in app["root"].children.items()} == {
        "One": "child.json",
        "Two": "other.json",
    }


def test_an_address_means_the_file_that_it_ends_in_and_never_one_of_several() -> None:
    stacks = {
        "Api": stack("https://s3.amazonaws.com/bucket/services/api/service.yaml"),
        "Bucket": stack(""),
        "Either": stack("https://s3.amazonaws.com/bucket/service.yaml"),
    }
    stacks["Bucket"]["Properties"]["TemplateURL"] = {"Fn::Sub": "https://${Bucket}.s3.amazonaws.com/network.yaml"}
    files = ("services/api/service.yaml", "services/web/service.yaml", "infrastructure/network.yaml")
    app = Assembly({"root.yaml": {"Resources": stacks}, **dict.fromkeys(files, SERVICE)})
    assert {name: child.name for name, child in app["root.yaml"].children.items()} == {
        "Api": "services/api/service.yaml",
        "Bucket": "infrastructure/network.yaml",
    }
    assert [name for _, name in app.unlinked] == ["Either"]


def test_templates_that_nest_themselves_end() -> None:
    selfish = {"Resources": {f"S{number}": stack("a") for number in range(5)}}
    app = Assembly({"a": selfish})
    assert len(app) == 1
    assert len(app.unlinked) == 5
    one, other = ({"Resources": {"S": stack(name)}} for name in ("b", "a"))
    assert len(Assembly({"a": one, "b": other})) == 2


def test_nested_stacks_that_multiply_are_followed_only_so_far() -> None:
    """Ten stacks of ten stacks of ten …: the further ones are told as missing, never left out in silence."""
    contents = {f"t{level}": {"Resources": {f"S{n}": stack(f"t{level + 1}") for n in range(10)}} for level in range(6)}
    app = Assembly({**contents, "t6": {}})
    assert len(app) <= MOST_STACKS
    assert app.unlinked


def test_outputs_that_are_made_of_outputs_are_followed_once() -> None:
    """Each of sixty is ten times the next: 10 to the power of 60 ways to the end."""
    outputs = {
        f"O{n}": {"Value": {"Fn::Join": ["", [{"Fn::ImportValue": f"e{n + 1}"}] * 10]}, "Export": {"Name": f"e{n}"}}
        for n in range(60)
    }
    app = Assembly({"a": {"Outputs": outputs, "Resources": {"R": resource("X", P={"Fn::ImportValue": "e0"})}}})
    started = time.process_time()
    app["a"].properties("R")
    assert list(app.targets(app["a"], {"Fn::ImportValue": "e0"})) == []
    assert time.process_time() - started < 1


@LAW
@given(json_values, json_values, json_values)
def test_any_values_as_parameters_outputs_and_urls_are_read(one: Any, two: Any, three: Any) -> None:
    root = {
        "Resources": {"S": {"Type": STACK, "Properties": {"TemplateURL": one, "Parameters": two}, "Metadata": three}}
    }
    app = Assembly({"root": root, "child": {"Parameters": one, "Outputs": two, "Resources": three}})
    for value in (one, two, {"Ref": "S"}, {"Fn::GetAtt": ["S", "Outputs.A"]}, {"Fn::ImportValue": three}):
        assert isinstance(app.target(app["root"], value), (Target, Unknown))
    assert isinstance(app["child"], Template)
