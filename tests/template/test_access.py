"""What can reach a database through security groups."""

from typing import Any

import pytest

from constructs_lib.budget.client import Access
from constructs_lib.budget.document import Document
from constructs_lib.template.access import access_of
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.located import located
from constructs_lib.template.network import Network
from constructs_lib.template.reread import reread
from constructs_lib.template.template import Template
from tests.template.app_templates import instance, resource
from tests.template.reachable_shop import DATABASE, SHOP, assembly, group, group_id, ingress, let_in, network, service

Json = dict[str, Any]


def access(resources: Json, server: str = "Db", proxies: tuple[str, ...] = (), **others: Json) -> Access:
    app = assembly(resources, **others)
    found = {target.logical_id: target for target in _all(app)}
    fronts = [found[name] for name in proxies]
    return access_of(found[server], fronts, Network(app, app.links))


def _all(app: Assembly) -> Any:
    for kind in ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::RDS::DBProxy"):
        yield from app.of_type(kind)


def names(found: Access) -> list[str]:
    return [client.name for client in found.clients]


def with_rules(*rules: Json, **more: Json) -> Json:
    return {**SHOP, "DbGroup": group(SecurityGroupIngress=list(rules)), **more}


def test_a_service_is_found_with_the_path_from_its_group_to_the_databases() -> None:
    found = access(SHOP)
    (client,) = found.clients
    assert (client.name, client.type, client.resource.logical_id) == ("Api", "AWS::ECS::Service", "Api")
    assert client.path == "Api → ApiGroup → DbGroup (tcp 5432)"
    assert client.close == "the ingress of DbGroup from ApiGroup"
    assert (found.port, found.unseen) == ("port 5432", ())


def test_a_rule_may_be_a_resource_of_its_own() -> None:
    (client,) = access(with_rules(Rule=ingress("DbGroup", "ApiGroup"))).clients
    assert client.close == "the ingress rule Rule"


@pytest.mark.parametrize(
    ("rule", "reaches"),
    [
        ({}, ["Api"]),
        ({"FromPort": 5000, "ToPort": 6000}, ["Api"]),
        ({"FromPort": 80, "ToPort": 80}, []),
        ({"FromPort": "5432", "ToPort": "5432"}, ["Api"]),
        ({"IpProtocol": "-1"}, ["Api"]),
        ({"IpProtocol": "udp"}, []),
        ({"IpProtocol": "6"}, ["Api"]),
        ({"FromPort": {"Ref": "Port"}, "ToPort": {"Ref": "Port"}}, ["Api"]),
    ],
)
def test_only_rules_for_the_servers_port_count_and_one_that_cannot_be_read_may_be_for_it(
    rule: Json, reaches: list[str]
) -> None:
    assert names(access(with_rules({**let_in("ApiGroup"), **rule}))) == reaches


@pytest.mark.parametrize(
    ("database", "port"),
    [
        ({}, 5432),
        ({"Engine": "mysql"}, 3306),
        ({"Engine": "MariaDB"}, 3306),
        ({"Engine": "sqlserver-se"}, 1433),
        ({"Engine": "oracle-ee"}, 1521),
        ({"Port": "6543"}, 6543),
    ],
)
def test_the_port_is_the_one_that_is_written_or_the_engines(database: Json, port: int) -> None:
    groups = {"VPCSecurityGroups": [group_id("DbGroup")]}
    for offered, reached in ((port, ["Api"]), (port + 1, [])):
        made = with_rules(let_in("ApiGroup", offered), Db=instance(**groups, **database))
        assert names(access(made)) == reached


def test_everything_that_stands_in_a_group_that_is_let_in_is_a_client() -> None:
    in_group = {"SecurityGroupIds": [group_id("ApiGroup")]}
    more = {
        "Report": resource("AWS::Lambda::Function", VpcConfig=in_group),
        "Sam": resource("AWS::Serverless::Function", VpcConfig=in_group),
        "Build": resource("AWS::CodeBuild::Project", VpcConfig=in_group),
        "Host": resource("AWS::EC2::Instance", **in_group),
        "Batch": resource("AWS::Batch::ComputeEnvironment", ComputeResources=in_group),
        "Elsewhere": resource("AWS::Lambda::Function", VpcConfig={"SecurityGroupIds": [group_id("Other")]}),
        "Other": group(),
        "Balancer": resource("AWS::ElasticLoadBalancingV2::LoadBalancer", SecurityGroups=[group_id("ApiGroup")]),
    }
    assert sorted(names(access({**SHOP, **more}))) == ["Api", "Batch", "Build", "Host", "Report", "Sam"]


def test_of_a_schedule_the_task_that_it_starts_is_the_client() -> None:
    parameters = {"TaskDefinitionArn": {"Ref": "ApiTask"}, "NetworkConfiguration": network("ApiGroup")}
    nightly = resource("AWS::Events::Rule", Targets=[{"Arn": {"Ref": "Cluster"}, "EcsParameters": parameters}])
    (client,) = access({**DATABASE, "Nightly": nightly, "ApiTask": SHOP["ApiTask"]}).clients
    assert (client.name, client.resource.logical_id) == ("ApiTask", "ApiTask")
    assert client.path == "ApiTask → Nightly → ApiGroup → DbGroup (tcp 5432)"


JOIN = {"Fn::Sub": "echo ECS_CLUSTER=${Cluster}"}
IN_GROUP = {"SecurityGroupIds": [group_id("ApiGroup")]}


@pytest.mark.parametrize(
    "hosts",
    [
        resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={**IN_GROUP, "UserData": JOIN}),
        {
            **resource("AWS::AutoScaling::LaunchConfiguration", SecurityGroups=[group_id("ApiGroup")]),
            "Metadata": {
                "AWS::CloudFormation::Init": {"config": {"files": {"/etc/ecs/ecs.config": {"content": JOIN}}}}
            },
        },
        {
            **resource("AWS::EC2::Instance", **IN_GROUP, UserData="cfn-init"),
            "Metadata": {"AWS::CloudFormation::Init": {"config": {"commands": {"join": {"command": JOIN}}}}},
        },
    ],
    ids=["script", "file", "command"],
)
def test_services_without_interfaces_of_their_own_connect_as_their_instances_do(hosts: Json) -> None:
    made = {"Hosts": hosts, "OnHost": service("ApiTask"), "ApiTask": SHOP["ApiTask"]}
    (client,) = access({**DATABASE, **made}).clients
    assert client.path == "OnHost → Hosts → ApiGroup → DbGroup (tcp 5432)"


def test_what_stands_in_no_template_is_said_in_words() -> None:
    made = with_rules(
        {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.9.0.0/16"},
        {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.8.0.0/16"},
        {**let_in("ApiGroup"), "SourceSecurityGroupId": "sg-0123"},
        {**let_in("ApiGroup"), "SourceSecurityGroupId": {"Ref": "VpnGroup"}},
        let_in("Empty"),
        let_in("Ops"),
        Empty=group(),
        Ops=group(),
        BastionHost=resource("AWS::EC2::Instance", SecurityGroupIds=[group_id("Ops")]),
    )
    found = access(made)
    assert names(found) == []
    assert found.unseen == (
        "10.9.0.0/16",
        "the bastion BastionHost",
        "sg-0123",
        "Ref VpnGroup",
        "Empty (nothing here is in it)",
    )


def test_a_bastion_whose_addresses_are_let_in_is_named_beside_them() -> None:
    made = with_rules(
        {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": {"Fn::GetAtt": ["Vpc", "CidrBlock"]}},
        Vpc=resource("AWS::EC2::VPC", CidrBlock="10.9.0.0/16"),
        Bastion=resource("AWS::EC2::Instance", SubnetId="subnet-1"),
    )
    assert access(made).unseen == ("the CidrBlock of Vpc", "the bastion Bastion")


def test_a_group_that_lets_itself_in_makes_its_members_clients_and_says_who_else_may_be_in_it() -> None:
    shared = {**SHOP, "DbGroup": group(), "Self": ingress("DbGroup", "DbGroup"), "Api": service("ApiTask", "DbGroup")}
    found = access(shared)
    assert (names(found), found.unseen) == (["Api"], ())
    without = access({key: value for key, value in shared.items() if key != "Api"})
    assert (names(without), without.unseen) == ([], ("DbGroup (nothing else here is in it)",))


def test_a_member_of_a_cluster_has_the_clusters_groups_and_port() -> None:
    cluster = resource("AWS::RDS::DBCluster", Engine="aurora-mysql", VpcSecurityGroupIds=[group_id("DbGroup")])
    member = resource("AWS::RDS::DBInstance", DBClusterIdentifier={"Ref": "Cluster"}, Engine="aurora-mysql")
    made = with_rules(let_in("ApiGroup", 3306), Db=member, Cluster=cluster)
    assert names(access(made)) == ["Api"]


def test_a_client_of_a_proxy_is_a_client_of_the_database_and_so_is_the_proxy() -> None:
    front = resource("AWS::RDS::DBProxy", EngineFamily="POSTGRESQL", VpcSecurityGroupIds=[group_id("FrontGroup")])
    made = with_rules(let_in("FrontGroup"), Front=front, FrontGroup=group(SecurityGroupIngress=[let_in("ApiGroup")]))
    found = access(made, proxies=("Front",))
    assert [client.path for client in found.clients] == [
        "Front → FrontGroup → DbGroup (tcp 5432)",
        "Api → ApiGroup → FrontGroup (tcp 5432) → proxy Front",
    ]
    assert names(access(made)) == ["Front"], "a proxy that is in no budget"


def test_groups_are_followed_into_other_stacks_and_resources_named_with_their_file() -> None:
    there = {"Db": DATABASE["Db"], "DbGroup": group()}
    rule = ingress("DbGroup", "ApiGroup")
    rule["Properties"]["GroupId"] = {"Fn::ImportValue": "db-group"}
    app = Assembly(
        {
            "app.json": {
                "Resources": {"Api": SHOP["Api"], "ApiTask": SHOP["ApiTask"], "ApiGroup": group(), "Rule": rule}
            },
            "data.json": {
                "Resources": there,
                "Outputs": {"Group": {"Value": group_id("DbGroup"), "Export": {"Name": "db-group"}}},
            },
        }
    )
    (server,) = app.of_type("AWS::RDS::DBInstance")
    (client,) = access_of(server, (), Network(app, app.links)).clients
    assert (client.resource.logical_id, client.resource.template) == ("Api", "app.json")


@pytest.mark.parametrize("strange", [None, 5, "x", [], [None, 5, {}], {"Ref": 5}, {"Fn::If": []}, {"a": {"b": []}}])
def test_strange_groups_and_rules_do_no_harm(strange: object) -> None:
    made = {
        "Db": instance(VPCSecurityGroups=strange),
        "DbGroup": group(SecurityGroupIngress=strange),
        "Rule": resource("AWS::EC2::SecurityGroupIngress", GroupId=strange, SourceSecurityGroupId=strange),
        "Api": resource("AWS::ECS::Service", NetworkConfiguration=strange, TaskDefinition=strange),
        "Host": resource("AWS::EC2::Instance", SecurityGroupIds=strange, Tags=strange, UserData=strange),
        "Run": resource("AWS::Events::Rule", Targets=strange),
    }
    for resources in (made, {**made, "Db": DATABASE["Db"], "ApiGroup": group()}):
        assert all(client.path for client in access(resources).clients)


def test_groups_that_are_not_here_or_not_wholly_readable_let_in_what_nobody_sees() -> None:
    elsewhere = access({**SHOP, "Db": instance(VPCSecurityGroups=["sg-1"])})
    assert elsewhere.unseen == ("what sg-1 lets in, which is not defined here",)
    nowhere = access({**SHOP, "Db": instance()})
    assert nowhere.unseen == ("the default security group of its VPC",)
    computed = access(with_rules({"Fn::Transform": {"Name": "Rules"}}))
    assert computed.unseen == ("what else DbGroup lets in (SecurityGroupIngress is Fn::Transform …)",)


def test_a_replica_listens_where_its_source_does() -> None:
    replica = resource(
        "AWS::RDS::DBInstance", SourceDBInstanceIdentifier={"Ref": "Db"}, VPCSecurityGroups=[group_id("DbGroup")]
    )
    found = access(with_rules(let_in("ApiGroup", 3306), Replica=replica), server="Replica")
    assert (found.port, names(found)) == ("port 5432", [])


def test_a_cluster_may_be_named_and_one_that_is_not_here_lets_in_what_nobody_sees() -> None:
    cluster = resource(
        "AWS::RDS::DBCluster",
        Engine="aurora-postgresql",
        DBClusterIdentifier="shop",
        VpcSecurityGroupIds=[group_id("DbGroup")],
    )
    named = resource("AWS::RDS::DBInstance", DBClusterIdentifier="shop", Engine="aurora-postgresql")
    assert names(access({**SHOP, "Db": named, "Cluster": cluster})) == ["Api"]
    elsewhere = access({**SHOP, "Db": named})
    assert (names(elsewhere), elsewhere.unseen) == ([], ("what shop lets in, which is not defined here",))


def test_what_reaches_servers_that_share_their_groups_is_looked_for_once() -> None:
    """Each of the databases has the same clients: the same object, which nobody has to go through again."""
    shop = {**SHOP, **{f"Db{number}": instance(VPCSecurityGroups=[group_id("DbGroup")]) for number in range(3)}}
    value = {"schema": 1, "databases": {name: {"resource": {"logical_id": name}} for name in ("Db0", "Db1", "Db2")}}
    read = reread(Document.read(value), "app.json", {"app.json": Template({"Resources": shop})})
    first, *others = located(read, lambda file: file or "app.json").databases.values()
    assert [client.name for client in first.access.clients] == ["Api"]
    assert all(other.access is first.access for other in others)


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
