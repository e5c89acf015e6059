"""Which security groups an expression speaks of, where they are not defined in the app."""

from typing import Any

import pytest

from constructs_lib.template.access import access_of
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.network import Network
from tests.template.app_templates import instance, resource
from tests.template.reachable_shop import DATABASE, SHOP, group, group_id, let_in
from tests.template.test_access import access, names, with_rules

Json = dict[str, Any]
IMPORTED: Json = {"Fn::ImportValue": {"Fn::Sub": "${Net}-app-sg"}}
"""A group whose name nobody knows before the deployment: the parameter is given then."""
JOINED: Json = {"Fn::ImportValue": {"Fn::Join": ["-", [{"Ref": "Net"}, "app-sg"]]}}


def _let_in_by(source: object) -> Json:
    return {**let_in(""), "SourceSecurityGroupId": source}


def _in_groups(*groups: object) -> Json:
    settings = {"AwsvpcConfiguration": {"SecurityGroups": list(groups)}}
    return resource("AWS::ECS::Service", TaskDefinition={"Ref": "ApiTask"}, NetworkConfiguration=settings)


@pytest.mark.parametrize(
    ("source", "group_of_api"),
    [
        (IMPORTED, IMPORTED),
        (IMPORTED, JOINED),
        ({"Fn::If": ["Wide", "sg-1", IMPORTED]}, {"Fn::If": ["Wide", "sg-1", IMPORTED]}),
        (IMPORTED, {"Fn::If": ["Wide", group_id("ApiGroup"), IMPORTED]}),
        ({"Fn::Select": [0, {"Ref": "Groups"}]}, {"Fn::Select": [0, {"Ref": "Groups"}]}),
        ({"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}, {"Fn::GetAtt": "Vpc.DefaultSecurityGroup"}),
    ],
)
def test_one_expression_in_two_places_of_a_template_is_one_group(source: object, group_of_api: object) -> None:
    made = with_rules(_let_in_by(source), Api=_in_groups(group_of_api))
    assert names(access(made)) == ["Api"]


def _has(groups: object) -> Json:
    """A service whose groups are a list as a whole."""
    settings = {"AwsvpcConfiguration": {"SecurityGroups": groups}}
    return resource("AWS::ECS::Service", TaskDefinition={"Ref": "ApiTask"}, NetworkConfiguration=settings)


SPLIT: Json = {"Fn::Split": [",", IMPORTED]}


@pytest.mark.parametrize(
    ("source", "groups_of_api", "found"),
    [
        ({"Fn::Select": [0, {"Ref": "Groups"}]}, {"Ref": "Groups"}, ["Api"]),
        ({"Fn::Select": ["15", SPLIT]}, SPLIT, ["Api"]),
        ({"Fn::Select": [1, SPLIT]}, {"Fn::If": ["Wide", SPLIT, ["sg-1"]]}, ["Api"]),
        ({"Fn::Select": [0, SPLIT]}, [{"Fn::Select": ["0", SPLIT]}], ["Api"]),
        ({"Fn::Select": [0, SPLIT]}, [{"Fn::Select": [1, SPLIT]}], []),
        ({"Fn::Select": [0, SPLIT]}, {"Fn::Split": [";", IMPORTED]}, []),
        ({"Fn::Select": [{"Ref": "Place"}, SPLIT]}, [{"Fn::Select": [{"Ref": "Place"}, SPLIT]}], ["Api"]),
        ({"Fn::Select": [{"Ref": "Place"}, SPLIT]}, SPLIT, ["Api"]),
    ],
)
def test_a_list_that_is_not_known_has_whatever_is_taken_from_it(
    source: object, groups_of_api: object, found: list[str]
) -> None:
    assert names(access(with_rules(_let_in_by(source), Api=_has(groups_of_api)))) == found


def test_what_a_list_that_is_not_known_lets_in_reaches_a_server_that_has_the_list() -> None:
    first: Json = {"Fn::Select": [0, {"Ref": "Groups"}]}
    rule = resource("AWS::EC2::SecurityGroupIngress", IpProtocol="-1", GroupId=first, SourceSecurityGroupId=first)
    found = access(
        {**SHOP, "Db": instance(VPCSecurityGroups={"Ref": "Groups"}), "Rule": rule, "Api": _has({"Ref": "Groups"})}
    )
    assert names(found) == ["Api"]
    assert found.unseen == ("what Ref Groups lets in, which is not defined here",)


def test_a_nested_stack_that_takes_an_item_from_a_list_means_the_one_of_the_stack_that_gives_it() -> None:
    nested = {
        "data.json": (
            "Source",
            {
                "Db": DATABASE["Db"],
                "DbGroup": group(SecurityGroupIngress=[_let_in_by({"Fn::Select": [0, {"Ref": "Source"}]})]),
            },
        ),
        "app.json": ("Own", {"Api": _has({"Ref": "Own"}), "ApiTask": SHOP["ApiTask"]}),
    }
    kind = "List<AWS::EC2::SecurityGroup::Id>"
    given = {"Fn::Join": [",", {"Ref": "Groups"}]}
    stacks = {
        "Data": resource("AWS::CloudFormation::Stack", TemplateURL="data.json", Parameters={"Source": given}),
        "App": resource("AWS::CloudFormation::Stack", TemplateURL="app.json", Parameters={"Own": given}),
    }
    app = Assembly(
        {
            "root.json": {"Parameters": {"Groups": {"Type": kind}}, "Resources": stacks},
            **{
                name: {"Parameters": {parameter: {"Type": kind}}, "Resources": resources}
                for name, (parameter, resources) in nested.items()
            },
        }
    )
    (server,) = app.of_type("AWS::RDS::DBInstance")
    assert names(access_of(server, (), Network(app, app.links))) == ["Api"]


def test_another_expression_may_be_another_group_and_is_no_client() -> None:
    other = {"Fn::ImportValue": {"Fn::Sub": "${Net}-web-sg"}}
    found = access(with_rules(_let_in_by(IMPORTED), Api=_in_groups(other)))
    assert (names(found), found.unseen) == ([], ("Fn::ImportValue …-app-sg",))


def test_a_group_of_another_stack_is_one_group_beside_one_that_is_defined_here() -> None:
    assert names(access(with_rules(_let_in_by(IMPORTED), Api=_in_groups(group_id("ApiGroup"), IMPORTED)))) == ["Api"]


@pytest.mark.parametrize(
    ("source", "reaches"),
    [
        (IMPORTED, ["Api"]),
        ({"Ref": "AppGroupId"}, ["Api"]),
        ({"Fn::Select": [0, {"Ref": "AppGroupId"}]}, ["Api"]),
        ({"Fn::ImportValue": "app-sg"}, ["Api"]),
        ({"Ref": "Elsewhere"}, []),
        ({"Ref": "AWS::StackName"}, []),
        ({"Fn::Transform": {"Name": "Groups"}}, []),
        ({"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}, []),
    ],
)
def test_in_several_templates_an_import_is_the_same_and_a_parameter_of_the_same_name(
    source: object, reaches: list[str]
) -> None:
    """One is given to all templates by its name; what a stack has of its own is another in each."""
    data = {"Db": DATABASE["Db"], "DbGroup": group(SecurityGroupIngress=[_let_in_by(source)])}
    parameters = {"AppGroupId": {"Type": "String"}, "Net": {"Type": "String"}}
    app = Assembly(
        {
            "data.json": {"Parameters": parameters, "Resources": data},
            "app.json": {
                "Parameters": parameters,
                "Resources": {"Api": _in_groups(source), "ApiTask": SHOP["ApiTask"]},
            },
        }
    )
    (server,) = app.of_type("AWS::RDS::DBInstance")
    assert names(access_of(server, (), Network(app, app.links))) == reaches


def test_two_nested_stacks_that_are_passed_one_import_have_one_group() -> None:
    data = {"Db": DATABASE["Db"], "DbGroup": group(SecurityGroupIngress=[_let_in_by({"Ref": "Source"})])}
    nested = {
        name: {
            "Parameters": {parameter: {"Type": "String"}},
            "Resources": resources,
        }
        for name, parameter, resources in (
            ("data.json", "Source", data),
            ("app.json", "Own", {"Api": _in_groups({"Ref": "Own"}), "ApiTask": SHOP["ApiTask"]}),
        )
    }
    stacks = {
        "Data": resource("AWS::CloudFormation::Stack", TemplateURL="data.json", Parameters={"Source": IMPORTED}),
        "App": resource("AWS::CloudFormation::Stack", TemplateURL="app.json", Parameters={"Own": IMPORTED}),
    }
    root = {"Parameters": {"Net": {"Type": "String"}}, "Resources": stacks}
    app = Assembly({"root.json": root, **nested})
    (server,) = app.of_type("AWS::RDS::DBInstance")
    assert names(access_of(server, (), Network(app, app.links))) == ["Api"]


def test_a_parameter_that_two_nested_stacks_have_of_their_own_is_another_in_each() -> None:
    made = {
        "data.json": {"Db": DATABASE["Db"], "DbGroup": group(SecurityGroupIngress=[_let_in_by({"Ref": "Own"})])},
        "app.json": {"Api": _in_groups({"Ref": "Own"}), "ApiTask": SHOP["ApiTask"]},
    }
    nested = {
        name: {"Parameters": {"Own": {"Type": "String"}}, "Resources": resources} for name, resources in made.items()
    }
    stacks = {name[:-5].title(): resource("AWS::CloudFormation::Stack", TemplateURL=name) for name in made}
    app = Assembly({"root.json": {"Resources": stacks}, **nested})
    (server,) = app.of_type("AWS::RDS::DBInstance")
    assert names(access_of(server, (), Network(app, app.links))) == []


def test_a_schedule_in_a_group_of_another_stack_is_a_client_as_well() -> None:
    settings = {"AwsVpcConfiguration": {"SecurityGroups": [IMPORTED]}}
    parameters = {"TaskDefinitionArn": {"Ref": "ApiTask"}, "NetworkConfiguration": settings}
    nightly = resource("AWS::Events::Rule", Targets=[{"Arn": "cluster", "EcsParameters": parameters}])
    made = {**DATABASE, "DbGroup": group(SecurityGroupIngress=[_let_in_by(IMPORTED)]), "ApiTask": SHOP["ApiTask"]}
    assert names(access({**made, "Nightly": nightly})) == ["ApiTask"]


def test_what_takes_a_group_away_is_no_group() -> None:
    nothing = {"Fn::If": ["Wide", group_id("ApiGroup"), {"Ref": "AWS::NoValue"}]}
    made = with_rules(_let_in_by(nothing), Other=_in_groups({"Fn::If": ["Wide", "sg-2", {"Ref": "AWS::NoValue"}]}))
    assert names(access(made)) == ["Api"]
