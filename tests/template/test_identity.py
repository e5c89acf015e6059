"""What a resource is replaced for."""

from constructs_lib.template.functions import FUNCTION
from constructs_lib.template.identifiers import PROXY
from constructs_lib.template.identity import identity_of, identity_of_service
from constructs_lib.template.members import SERVICE


def test_a_default_that_is_written_out_is_no_change() -> None:
    assert identity_of(SERVICE, {}) == identity_of(SERVICE, {"LaunchType": "EC2", "SchedulingStrategy": "REPLICA"})
    assert identity_of(FUNCTION, {}) == identity_of(FUNCTION, {"PackageType": "Zip"})
    assert identity_of(PROXY, {}) == identity_of(PROXY, {"EndpointNetworkType": "IPV4"})


def test_a_cluster_of_another_name_is_another_cluster_and_its_services_are_replaced_with_it() -> None:
    service = {"Cluster": {"Ref": "Cluster"}}
    same = identity_of_service(service, {"ClusterName": "a", "Tags": []})
    assert same == identity_of_service(service, {"ClusterName": "a"})
    assert same != identity_of_service(service, {"ClusterName": "b"})
    assert same != identity_of_service(service, {"ClusterName": {"Ref": "Name"}})
    assert identity_of_service(service, {}) == identity_of(SERVICE, service)


def test_another_name_cluster_or_launch_type_is_another_service() -> None:
    same = identity_of(SERVICE, {"Cluster": {"Ref": "Cluster"}, "DesiredCount": 2})
    assert same == identity_of(SERVICE, {"Cluster": {"Ref": "Cluster"}, "DesiredCount": 5})
    for key, value in (("ServiceName", "api"), ("Cluster", {"Ref": "Other"}), ("LaunchType", "FARGATE")):
        assert identity_of(SERVICE, {"Cluster": {"Ref": "Cluster"}, key: value}) != same
