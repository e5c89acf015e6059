"""Ranges of addresses that a security group lets in, and whether something lies in one."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network

from constructs_lib.limits import Unknown
from constructs_lib.template.links import Links
from constructs_lib.template.template import Template

SUBNET = "AWS::EC2::Subnet"
_PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
"""What the addresses of a VPC are taken from as a rule (Amazon VPC User Guide, "VPC CIDR blocks")."""
_DEEPEST = 5
"""Levels below a resource's network settings, `NetworkConfiguration.AwsvpcConfiguration.Subnets`."""


def may_lie_in(links: Links, template: Template, network_settings: object, peer: object) -> bool:
    """Whether what has these network settings may have an address of the range; what cannot be read may.

    Where its subnets cannot be read, a range of public addresses is not the VPC's.
    """
    range_ = _range(peer)
    if range_ is None:
        return True
    blocks = [_block(links, template, subnet) for subnet in _subnets(network_settings)]
    known = [block for block in blocks if block is not None]
    if not blocks or len(known) < len(blocks):
        return any(overlap(range_, block) for block in (*_PRIVATE, *known))
    return any(overlap(range_, block) for block in known)


def overlap(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    """Whether two ranges may have an address in common; of different versions, the same host may have both."""
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return one.overlaps(other)
    return not (isinstance(one, IPv6Network) and isinstance(other, IPv6Network)) or one.overlaps(other)


def _range(value: object) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None


def _block(links: Links, template: Template, subnet: object) -> IPv4Network | IPv6Network | None:
    target = links.target(template, subnet)
    if isinstance(target, Unknown) or target.template.kind(target.logical_id) != SUBNET:
        return None
    return _range(target.properties.get("CidrBlock"))


def _subnets(value: object, depth: int = 0) -> Iterator[object]:
    """The subnets in some network settings, as they are written."""
    if isinstance(value, list) and depth < _DEEPEST:
        for item in value:
            yield from _subnets(item, depth + 1)
    if isinstance(value, Mapping) and depth < _DEEPEST:
        for key, item in value.items():
            if str(key).startswith("Subnet"):
                yield from item if isinstance(item, list) else [item]
            else:
                yield from _subnets(item, depth + 1)
