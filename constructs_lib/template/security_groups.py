"""Security groups: who may connect to what, on which ports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import described, mapping
from constructs_lib.template.parameters import scalar_text

SECURITY_GROUP = "AWS::EC2::SecurityGroup"
INGRESS = "AWS::EC2::SecurityGroupIngress"
EGRESS = "AWS::EC2::SecurityGroupEgress"
HIGHEST_PORT = 65_535
_PEERS = (
    "SourceSecurityGroupId",
    "DestinationSecurityGroupId",
    "SourceSecurityGroupName",
    "CidrIp",
    "CidrIpv6",
    "SourcePrefixListId",
    "DestinationPrefixListId",
)
_TCP = {"tcp", "6", "-1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One ingress or egress rule."""

    from_port: int | Unknown
    to_port: int | Unknown
    protocol: str | Unknown
    peer: object
    """A reference to a security group, a range of addresses, or None where none is given."""
    peer_is_group: bool

    def opens(self, port: int | Unknown) -> bool:
        """Whether TCP may use a port; what cannot be known may."""
        if isinstance(self.protocol, str) and self.protocol not in _TCP:
            return False
        if isinstance(port, Unknown):
            return True
        return not (
            (isinstance(self.from_port, int) and port < self.from_port)
            or (isinstance(self.to_port, int) and port > self.to_port)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    """A security group with the rules that are written in it, without those of resources of their own."""

    ingress: tuple[Rule, ...]
    egress: tuple[Rule, ...] | None
    """None where nothing is said: everything is let out (Amazon EC2, "AWS::EC2::SecurityGroup")."""
    unread: Unknown | None = None
    """Why there may be more rules than these."""


_WITHOUT_RULES = SecurityGroup(ingress=(), egress=None)


def security_group(properties: Mapping[str, Any]) -> SecurityGroup:
    """Read an `AWS::EC2::SecurityGroup`."""
    egress = properties.get("SecurityGroupEgress")
    if egress is None and properties.get("SecurityGroupIngress") is None:
        return _WITHOUT_RULES
    doubts = [
        Unknown(f"{key} is {described(found)}")
        for key in ("SecurityGroupIngress", "SecurityGroupEgress")
        for found in _unread(properties.get(key))
    ]
    return SecurityGroup(
        ingress=tuple(rule(entry) for entry in _entries(properties.get("SecurityGroupIngress"))),
        egress=None if egress is None else tuple(rule(entry) for entry in _entries(egress)),
        unread=doubts[0] if doubts else None,
    )


def rule(properties: Mapping[str, Any]) -> Rule:
    """Read a rule in a group, an `AWS::EC2::SecurityGroupIngress` or an `AWS::EC2::SecurityGroupEgress`."""
    protocol = scalar_text(properties.get("IpProtocol"))
    everything = protocol == "-1"
    kind = next((key for key in _PEERS if properties.get(key) is not None), "")
    return Rule(
        from_port=0 if everything else _port(properties.get("FromPort"), "FromPort", 0),
        to_port=HIGHEST_PORT if everything else _port(properties.get("ToPort"), "ToPort", HIGHEST_PORT),
        protocol=protocol.lower() if protocol else Unknown(f"IpProtocol is {described(properties.get('IpProtocol'))}"),
        peer=properties.get(kind) if kind else None,
        peer_is_group="SecurityGroup" in kind,
    )


def _port(value: object, name: str, default: int) -> int | Unknown:
    """A port; -1, and none at all, are every port."""
    if value is None:
        return default
    written = scalar_text(value) or ""
    if written == "-1":
        return default
    if written.isascii() and written.isdigit() and len(written) <= len(str(HIGHEST_PORT)):
        return int(written)
    return Unknown(f"{name} is {described(value)}")


def _entries(value: object) -> Iterator[Mapping[str, Any]]:
    """The rules of a list, with those of both branches where a condition decides."""
    for entry in value if isinstance(value, list) else [value]:
        branches = mapping(entry).get("Fn::If")
        if isinstance(branches, list):
            for branch in branches[1:]:
                yield from (item for item in _entries(branch) if "Ref" not in item)
        elif mapping(entry) and "Ref" not in mapping(entry):
            yield mapping(entry)


def _unread(value: object) -> Iterator[object]:
    for entry in value if isinstance(value, list) else [value]:
        function = next(iter(mapping(entry)), "")
        if len(mapping(entry)) == 1 and function.startswith(("Ref", "Fn::")) and function != "Fn::If":
            yield entry
