"""Who may connect to what."""

from typing import Any

import pytest

from constructs_lib.limits import Unknown
from constructs_lib.template.security_groups import Rule, rule, security_group

TCP = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}


def test_the_rules_that_are_written_in_a_group_are_read() -> None:
    peer = {"Fn::GetAtt": ["Api", "GroupId"]}
    found = security_group(
        {"SecurityGroupIngress": [{**TCP, "SourceSecurityGroupId": peer}, {**TCP, "CidrIp": "10.0.0.0/8"}]}
    )
    one, other = found.ingress
    assert one == Rule(from_port=5432, to_port=5432, protocol="tcp", peer=peer, peer_is_group=True)
    assert (other.peer, other.peer_is_group) == ("10.0.0.0/8", False)
    assert found.egress is None
    assert found.unread is None


def test_no_egress_rules_let_everything_out_and_an_empty_list_is_something_else() -> None:
    assert security_group({}).egress is None
    assert security_group({"SecurityGroupEgress": []}).egress == ()


@pytest.mark.parametrize(
    ("properties", "port", "opens"),
    [
        (TCP, 5432, True),
        (TCP, 3306, False),
        ({"IpProtocol": "-1"}, 5432, True),
        ({"IpProtocol": -1, "FromPort": 80, "ToPort": 80}, 5432, True),
        ({"IpProtocol": 6, "FromPort": 0, "ToPort": "65535"}, 5432, True),
        ({**TCP, "IpProtocol": "udp"}, 5432, False),
        ({**TCP, "IpProtocol": "TCP"}, 5432, True),
        ({**TCP, "FromPort": {"Ref": "Port"}, "ToPort": {"Ref": "Port"}}, 3306, True),
        ({**TCP, "ToPort": {"Ref": "Port"}}, 3306, False),
        ({"IpProtocol": {"Ref": "P"}, "FromPort": 1, "ToPort": 9}, 5, True),
        ({"IpProtocol": "tcp", "FromPort": -1, "ToPort": -1}, 5432, True),
        (TCP, Unknown("the port is not known"), True),
        ({}, 5432, True),
    ],
)
def test_a_port_is_open_unless_it_is_known_to_be_shut(properties: dict[str, Any], port: int, opens: bool) -> None:  # noqa: FBT001 - expected
    assert rule(properties).opens(port) is opens


def test_both_sides_of_an_open_condition_count_and_what_cannot_be_read_is_told() -> None:
    conditional = {"Fn::If": ["A", {**TCP, "CidrIp": "10.0.0.0/8"}, {"Ref": "AWS::NoValue"}]}
    assert len(security_group({"SecurityGroupIngress": [conditional]}).ingress) == 1
    assert len(security_group({"SecurityGroupIngress": {"Fn::If": ["A", [TCP], [TCP, TCP]]}}).ingress) == 3
    found = security_group({"SecurityGroupIngress": {"Fn::Transform": {}}})
    assert found.unread == Unknown("SecurityGroupIngress is Fn::Transform …")
