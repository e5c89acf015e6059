"""What security groups let out, on the way to a database."""

from typing import Any

import pytest

from tests.template.app_templates import resource
from tests.template.reachable_shop import SHOP, group, group_id, service
from tests.template.test_access import access, names

Json = dict[str, Any]
TCP = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
TO_DATABASE = {**TCP, "DestinationSecurityGroupId": group_id("DbGroup")}
TO_OTHER = {**TCP, "DestinationSecurityGroupId": group_id("Other")}
NOTHING = {"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32"}


def reaches(*egress: Json, **more: Json) -> bool:
    """Whether the API, whose group has these egress rules, is a client."""
    found = access({**SHOP, "ApiGroup": group(SecurityGroupEgress=list(egress)), "Other": group(), **more})
    assert "ApiGroup (nothing here is in it)" not in found.unseen
    return names(found) == ["Api"]


@pytest.mark.parametrize(
    ("rule", "lets_out"),
    [
        (TO_DATABASE, True),
        (TO_OTHER, False),
        (NOTHING, False),
        ({"IpProtocol": "-1", "CidrIp": "127.0.0.1/32"}, False),
        ({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}, True),
        ({**TCP, "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}, False),
        ({**TCP, "CidrIp": {"Ref": "Range"}}, True),
        ({**TCP, "DestinationPrefixListId": "pl-1"}, True),
        ({**TCP, "DestinationSecurityGroupId": "sg-1"}, True),
        ({**TCP, "FromPort": {"Ref": "Port"}, "ToPort": {"Ref": "Port"}, "CidrIp": "10.0.0.0/8"}, True),
        ({"Fn::Transform": {"Name": "Rules"}}, True),
    ],
)
def test_a_rule_that_surely_leads_elsewhere_keeps_a_client_back(rule: Json, *, lets_out: bool) -> None:
    assert reaches(rule) is lets_out


def test_no_rules_and_an_empty_list_let_everything_out() -> None:
    """CloudFormation leaves the rule that lets everything out where a template has none of its own."""
    assert reaches()
    assert names(access(SHOP)) == ["Api"]


def test_rules_of_their_own_add_to_those_in_the_group() -> None:
    own = resource("AWS::EC2::SecurityGroupEgress", GroupId=group_id("ApiGroup"), **TO_DATABASE)
    assert not reaches(NOTHING)
    assert reaches(NOTHING, Rule=own)


def test_another_group_of_the_same_client_lets_it_out() -> None:
    assert reaches(NOTHING, Api=service("ApiTask", "ApiGroup", "Other"))
    assert not reaches(NOTHING, Api=service("ApiTask", "ApiGroup"))
