"""What a resource is replaced for."""

from constructs_lib.template.functions import FUNCTION
from constructs_lib.template.identifiers import PROXY
from constructs_lib.template.identity import identity_of
from constructs_lib.template.members import SERVICE


def test_a_default_that_is_written_out_is_no_change() -> None:
    assert identity_of(SERVICE, {}) == identity_of(SERVICE, {"LaunchType": "EC2", "SchedulingStrategy": "REPLICA"})
    assert identity_of(FUNCTION, {}) == identity_of(FUNCTION, {"PackageType": "Zip"})
    assert identity_of(PROXY, {}) == identity_of(PROXY, {"EndpointNetworkType": "IPV4"})


def test_another_name_cluster_or_launch_type_is_another_service() -> None:
    same = identity_of(SERVICE, {"Cluster": {"Ref": "Cluster"}, "DesiredCount": 2})
    assert same == identity_of(SERVICE, {"Cluster": {"Ref": "Cluster"}, "DesiredCount": 5})
    for key, value in (("ServiceName", "api"), ("Cluster", {"Ref": "Other"}), ("LaunchType", "FARGATE")):
        assert identity_of(SERVICE, {"Cluster": {"Ref": "Cluster"}, key: value}) != same
