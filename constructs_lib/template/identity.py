"""What CloudFormation replaces a resource for, whatever its logical id."""

import json
from collections.abc import Mapping
from typing import Any

from constructs_lib.template.functions import FUNCTION
from constructs_lib.template.identifiers import PROXY
from constructs_lib.template.members import SERVICE

_written = json.JSONEncoder(sort_keys=True, default=str).encode
_CREATE_ONLY: Mapping[str, Mapping[str, object]] = {
    SERVICE: {
        "ServiceName": None,
        "Cluster": None,
        "LaunchType": "EC2",
        "Role": None,
        "SchedulingStrategy": "REPLICA",
    },
    FUNCTION: {"FunctionName": None, "PackageType": "Zip"},
    PROXY: {
        "DBProxyName": None,
        "EngineFamily": None,
        "VpcSubnetIds": None,
        "EndpointNetworkType": "IPV4",
        "TargetConnectionNetworkType": "IPV4",
    },
}
"""The properties whose change means "Update requires: Replacement", with their defaults.

Source: AWS CloudFormation Template Reference Guide, AWS::ECS::Service, AWS::Lambda::Function and
AWS::RDS::DBProxy, of which ModifyDBProxy takes none of these.
"""


def identity_of_service(properties: Mapping[str, Any], cluster: Mapping[str, Any]) -> Mapping[str, str]:
    """What an ECS service keeps: a cluster of another name is another one, and the services in it with it."""
    name = cluster.get("ClusterName")
    named = {} if name is None else {"ClusterName": name if isinstance(name, str) else _written(name)}
    return {**identity_of(SERVICE, properties), **named}


def identity_of(kind: str, properties: Mapping[str, Any]) -> Mapping[str, str]:
    """What a resource keeps for as long as it is the same one, as text."""
    values = {key: properties.get(key, default) for key, default in _CREATE_ONLY[kind].items()}
    return {
        key: value if isinstance(value, str) else _written(value) for key, value in values.items() if value is not None
    }
