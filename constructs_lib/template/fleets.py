"""Fleets of EC2 instances, which may be container instances of a cluster: how many instances each may run."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.limits import Unknown
from constructs_lib.template.intrinsics import mapping, members, number

EC2_FLEET = "AWS::EC2::EC2Fleet"
SPOT_FLEET = "AWS::EC2::SpotFleet"
REQUEST = "SpotFleetRequestConfigData"
"""The property that holds all that is said of a spot fleet."""
FLEETS = {
    EC2_FLEET: ("TargetCapacitySpecification", "TotalTargetCapacity"),
    SPOT_FLEET: (REQUEST, "TargetCapacity"),
}
"""Where the capacity stands that each type of fleet is asked for."""


def capacity(logical_id: str, kind: str, properties: Mapping[str, Any]) -> int | Unknown:
    """The most instances of a fleet, which its capacity is, unless an instance may be less than one unit of it."""
    outer, key = FLEETS[kind]
    asked = members(properties.get(outer), f"{outer} of {logical_id}")
    if isinstance(asked, Unknown):
        return asked
    for name, value in _said(properties):
        light = name == "WeightedCapacity" and not (_plain(value) and float(value) >= 1)
        if light or name == "CapacityRebalance":  # which starts an instance before the one that it replaces is gone
            return Unknown(f"{logical_id} may run more instances than its {key}, for {name} is given")
    return number(asked.get(key), f"{key} of {logical_id}")


def _said(properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every property of a fleet, at whatever depth."""
    pending: list[object] = [properties]
    while pending:
        value = pending.pop()
        yield from mapping(value).items()
        pending += value if isinstance(value, list) else mapping(value).values()


def _plain(value: object) -> bool:
    return isinstance(value, (int, float)) or (isinstance(value, str) and value.isascii() and value.isdigit())
