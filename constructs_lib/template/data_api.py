"""Functions that speak to a database over HTTP, and open no connection to it."""

from constructs_lib.template.app import App
from constructs_lib.template.candidates import Candidate
from constructs_lib.template.identifiers import CLUSTER
from constructs_lib.template.intrinsics import mapping
from constructs_lib.template.links import Target


def over_the_data_api(candidate: Candidate, app: App) -> bool:
    """Whether a function outside of any VPC is given the ARN of a cluster with an HTTP endpoint, and no address."""
    if candidate.kind != "function" or _in_a_vpc(candidate.target):
        return False
    spoken = [target for at, _, _, value in candidate.values for target in app.targets(at, value)]
    if any("Endpoint" in target.attribute for target in spoken):
        return False
    clusters = [
        target.properties
        for target in spoken
        if target.attribute == "DBClusterArn" and target.template.kind(target.logical_id) == CLUSTER
    ]
    return any(properties.get("EnableHttpEndpoint") in (True, "true") for properties in clusters)


def _in_a_vpc(target: Target) -> bool:
    shared = mapping(mapping(target.template.content.get("Globals")).get("Function"))
    return bool(target.properties.get("VpcConfig") or shared.get("VpcConfig"))
