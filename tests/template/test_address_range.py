"""Ranges of addresses, and what may have an address of one."""

from typing import Any

import pytest

from tests.template.app_templates import resource
from tests.template.reachable_shop import SHOP, group, group_id, let_in, service
from tests.template.test_access import access, names

Json = dict[str, Any]


def possible(peer: Json, subnets: object = None, **more: Json) -> list[str]:
    """Who may connect to a database that lets in the peer: the API, which no security group lets in."""
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, **peer}
    settings = {"AwsvpcConfiguration": {"SecurityGroups": [group_id("ApiGroup")], "Subnets": subnets}}
    api = service("ApiTask", NetworkConfiguration=settings)
    found = access({**SHOP, "DbGroup": group(SecurityGroupIngress=[rule]), "Api": api, **more})
    assert names(found) == []
    return [client.name for client in found.possible]


@pytest.mark.parametrize(
    ("peer", "may"),
    [
        ({"CidrIp": "10.0.0.0/8"}, True),
        ({"CidrIp": "0.0.0.0/0"}, True),
        ({"CidrIp": {"Fn::GetAtt": ["Vpc", "CidrBlock"]}}, True),
        ({"CidrIpv6": "::/0"}, True),
        ({"SourcePrefixListId": "pl-1"}, True),
        ({"CidrIp": "no range"}, True),
        ({"CidrIp": "203.0.113.7/32"}, False),
    ],
)
def test_subnets_that_cannot_be_read_may_lie_in_every_range_but_one_of_public_addresses(
    peer: Json, *, may: bool
) -> None:
    assert bool(possible(peer)) is may
    assert bool(possible(peer, [{"Ref": "NotHere"}, "subnet-1"])) is may


def test_a_subnet_that_can_be_read_lies_in_a_range_or_does_not() -> None:
    subnets = {
        "A": resource("AWS::EC2::Subnet", CidrBlock="10.0.0.0/24"),
        "B": resource("AWS::EC2::Subnet", CidrBlock="10.0.1.0/24"),
    }
    refs = [{"Ref": "A"}, {"Ref": "B"}]
    assert possible({"CidrIp": "10.0.1.0/28"}, refs, **subnets) == ["Api"]
    assert possible({"CidrIp": "10.9.0.0/16"}, refs, **subnets) == []
    assert possible({"CidrIp": "10.9.0.0/16"}, [*refs, "subnet-1"], **subnets) == ["Api"], "one cannot be read"


def test_a_function_outside_of_every_vpc_has_no_address_in_one() -> None:
    outside, inside = resource("AWS::Lambda::Function"), resource("AWS::Lambda::Function", VpcConfig={"SubnetIds": []})
    assert possible({"CidrIp": "10.0.0.0/8"}, Outside=outside) == ["Api"]
    assert possible({"CidrIp": "10.0.0.0/8"}, Inside=inside) == ["Api", "Inside"]


def test_the_path_names_the_range_and_the_group() -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/8"}
    found = access({**SHOP, "DbGroup": group(SecurityGroupIngress=[rule])})
    (client,) = found.possible
    assert client.path == "Api → 10.0.0.0/8 → DbGroup (tcp 5432)"
    assert client.close == "the ingress of DbGroup from 10.0.0.0/8"
    assert found.unseen == ("10.0.0.0/8",)


def test_whoever_a_group_lets_in_as_well_is_a_client_and_not_only_a_possible_one() -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/8"}
    found = access({**SHOP, "DbGroup": group(SecurityGroupIngress=[rule, let_in("ApiGroup")])})
    assert (names(found), found.possible) == (["Api"], ())


@pytest.mark.parametrize(
    "strange", [None, 5, "x", [], [None, 5, {}], {"Ref": 5}, {"Fn::If": []}, {"Subnets": {"a": 1}}]
)
def test_strange_network_settings_do_no_harm(strange: object) -> None:
    made = {
        "Fn": resource("AWS::Lambda::Function", VpcConfig=strange),
        "Host": resource("AWS::EC2::Instance", SubnetId=strange, NetworkInterfaces=strange),
        "Run": resource("AWS::Events::Rule", Targets=strange),
        "Net": resource("AWS::EC2::Subnet", CidrBlock=strange),
    }
    assert "Api" in possible({"CidrIp": "10.0.0.0/8"}, strange, **made)
    assert "Api" in possible({"CidrIp": "10.0.0.0/8"}, [{"Ref": "Net"}], **made)
