"""What moto does not simulate, answered word for word through botocore's Stubber.

moto has no pages of parameters, no sources of their values, no pending reboots, no proxies that track the instances of
a cluster, and it neither throttles nor refuses. The Stubber checks requests and answers against the API's own model.
"""

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any, NamedTuple

import boto3
import pytest
from botocore import exceptions as botocore_errors
from botocore.stub import Stubber

from constructs_lib.limits.facts import ProxyFacts, ServerFacts
from constructs_lib.lookups.actions import ACTIONS
from constructs_lib.lookups.aws_errors import aws_errors
from constructs_lib.lookups.aws_servers import look_up_cluster, look_up_instance
from constructs_lib.lookups.failure import LookupFailedError

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
DEFAULT = "LEAST({DBInstanceClassMemory/9531392},5000)"
IN_SYNC = "in-sync"
PENDING = "pending-reboot"


class Stubs(NamedTuple):
    """Two clients and what answers for them."""

    rds_client: Any
    cloudwatch_client: Any
    rds: Stubber
    cloudwatch: Stubber

    def instance(self) -> ServerFacts:
        found = look_up_instance(
            "orders", rds_client=self.rds_client, cloudwatch_client=self.cloudwatch_client, now=NOW
        )
        self.rds.assert_no_pending_responses()
        self.cloudwatch.assert_no_pending_responses()
        return found["orders"]

    def put_instance(self, *, status: str = IN_SYNC, cluster: str | None = None) -> None:
        instance = {
            "DBInstanceIdentifier": "orders",
            "Engine": "aurora-postgresql" if cluster else "postgres",
            "EngineVersion": "16.4",
            "DBInstanceClass": "db.r6g.large",
            "DBParameterGroups": [{"DBParameterGroupName": "own", "ParameterApplyStatus": status}],
            **({"DBClusterIdentifier": cluster} if cluster else {}),
        }
        self.rds.add_response("describe_db_instances", {"DBInstances": [instance]}, {"DBInstanceIdentifier": "orders"})

    def put_cluster(self, *, status: str = IN_SYNC) -> None:
        member = {"DBInstanceIdentifier": "orders", "IsClusterWriter": True, "DBClusterParameterGroupStatus": status}
        cluster = {"DBClusterIdentifier": "shop", "DBClusterMembers": [member], "DBClusterParameterGroup": "shared"}
        self.rds.add_response("describe_db_clusters", {"DBClusters": [cluster]}, {"DBClusterIdentifier": "shop"})

    def put_proxies(self, *names: str) -> None:
        proxies = [{"DBProxyName": name, "IdleClientTimeout": 1800} for name in names]
        self.rds.add_response("describe_db_proxies", {"DBProxies": proxies}, {})

    def put_parameters(self, *pages: list[dict[str, Any]], cluster: bool = False) -> None:
        operation = "describe_db_cluster_parameters" if cluster else "describe_db_parameters"
        group = {"DBClusterParameterGroupName": "shared"} if cluster else {"DBParameterGroupName": "own"}
        for number, page in enumerate(pages):
            answer: dict[str, Any] = {"Parameters": page}
            if number + 1 < len(pages):
                answer["Marker"] = f"page {number + 1}"
            self.rds.add_response(operation, answer, {**group, **({"Marker": f"page {number}"} if number else {})})

    def put_metric(self) -> None:
        self.cloudwatch.add_response("get_metric_statistics", {"Datapoints": []})


@pytest.fixture
def stubs(aws_session: boto3.Session) -> Iterator[Stubs]:
    rds, cloudwatch = aws_session.client("rds"), aws_session.client("cloudwatch")
    with Stubber(rds) as rds_stubber, Stubber(cloudwatch) as cloudwatch_stubber:
        yield Stubs(rds, cloudwatch, rds_stubber, cloudwatch_stubber)


def limit(value: str, source: str = "user") -> dict[str, str]:
    return {"ParameterName": "max_connections", "ParameterValue": value, "Source": source}


def others(count: int, page: int = 0) -> list[dict[str, Any]]:
    return [{"ParameterName": f"other_{page}_{number}", "Source": "engine-default"} for number in range(count)]


def test_a_parameter_on_the_fourth_page_is_found(stubs: Stubs) -> None:
    stubs.put_instance()
    stubs.put_proxies()
    stubs.put_parameters(others(100), others(100, 1), others(100, 2), [*others(40, 3), limit("200"), *others(9, 4)])
    stubs.put_metric()
    assert stubs.instance().max_connections == 200


def test_no_page_is_asked_for_after_the_parameter_is_found(stubs: Stubs) -> None:
    stubs.put_instance()
    stubs.put_proxies()
    stubs.put_parameters([limit("200")], [])
    stubs.put_metric()
    with pytest.raises(AssertionError, match="1 responses remaining in queue"):
        stubs.instance()


@pytest.mark.parametrize(
    ("own", "shared", "found"),
    [
        (limit("250"), limit("300"), (250, None, False)),
        (limit(DEFAULT, "system"), limit("300"), (300, None, False)),
        (limit(DEFAULT, "engine-default"), limit("{x}"), (None, "{x}", False)),
        (limit(DEFAULT, "system"), limit("5000", "system"), (None, DEFAULT, True)),
        ({"ParameterName": "max_connections", "Source": "engine-default"}, limit("300"), (300, None, False)),
        ({"ParameterName": "max_connections"}, limit(DEFAULT, "system"), (None, DEFAULT, True)),
    ],
)
def test_what_was_set_on_the_instance_wins_over_the_cluster_and_both_over_a_default(
    stubs: Stubs, own: dict[str, str], shared: dict[str, str], found: tuple[int | None, str | None, bool]
) -> None:
    stubs.put_instance(cluster="shop")
    stubs.put_cluster()
    stubs.put_proxies()
    stubs.put_parameters([own])
    stubs.put_parameters(others(100), [shared], cluster=True)
    stubs.put_metric()
    facts = stubs.instance()
    assert (facts.max_connections, facts.parameter, facts.parameter_is_default) == found


@pytest.mark.parametrize(("instance", "cluster"), [(PENDING, IN_SYNC), (IN_SYNC, PENDING), ("applying", PENDING)])
def test_a_value_that_waits_for_a_reboot_is_not_the_limit(stubs: Stubs, instance: str, cluster: str) -> None:
    stubs.put_instance(status=instance, cluster="shop")
    stubs.put_cluster(status=cluster)
    stubs.put_proxies()
    stubs.put_parameters([limit("500")])
    stubs.put_parameters([], cluster=True)
    stubs.put_metric()
    facts = stubs.instance()
    assert (facts.pending_reboot, facts.max_connections, facts.parameter) == (True, None, "500")


@pytest.mark.parametrize("value", ["-1", "99999999", "", "many"])
def test_a_value_that_is_no_count_is_handed_on_as_text(stubs: Stubs, value: str) -> None:
    stubs.put_instance()
    stubs.put_proxies()
    stubs.put_parameters([limit(value)])
    stubs.put_metric()
    assert stubs.instance().max_connections is None


def test_a_proxy_is_found_through_the_cluster_that_its_target_is_tracked_for(stubs: Stubs) -> None:
    stubs.put_instance(cluster="shop")
    stubs.put_cluster()
    stubs.put_proxies("shop-proxy", "new-proxy")
    for name, targets in {
        "shop-proxy": [{"RdsResourceId": "shop-9", "Type": "RDS_INSTANCE", "TrackedClusterId": "shop"}],
        "new-proxy": [{"Type": "RDS_INSTANCE"}],
    }.items():
        group = {"TargetGroupName": "default", "ConnectionPoolConfig": {"MaxConnectionsPercent": 75}}
        stubs.rds.add_response("describe_db_proxy_target_groups", {"TargetGroups": [group]}, {"DBProxyName": name})
        stubs.rds.add_response(
            "describe_db_proxy_targets", {"Targets": targets}, {"DBProxyName": name, "TargetGroupName": "default"}
        )
    stubs.put_parameters([])
    stubs.put_parameters([], cluster=True)
    stubs.put_metric()
    assert stubs.instance().proxies == {"shop-proxy": ProxyFacts(max_connections_percent=75, idle_client_timeout=1800)}


def test_cloudwatch_is_asked_for_no_more_values_than_it_gives(stubs: Stubs) -> None:
    stubs.put_instance()
    stubs.put_proxies()
    stubs.put_parameters([])
    asked: list[dict[str, Any]] = []
    stubs.cloudwatch_client.meta.events.register(
        "provide-client-params.cloudwatch.GetMetricStatistics", lambda params, **_: asked.append(params)
    )
    stubs.put_metric()
    stubs.instance()
    (request,) = asked
    seconds = (request["EndTime"] - request["StartTime"]).total_seconds()
    assert seconds == 14 * 24 * 3600
    assert seconds / request["Period"] <= 1440
    assert request["Period"] % 60 == 0
    assert request["Statistics"] == ["Maximum"]


REFUSED = "describe_db_instances"


def refused(stubs: Stubs, code: str, message: str = "token=hunter2 in the request") -> str:
    stubs.rds.add_client_error(REFUSED, code, message)
    with pytest.raises(LookupFailedError) as caught:
        stubs.instance()
    text = str(caught.value)
    assert "\n" not in text
    assert "hunter2" not in text
    assert caught.value.__suppress_context__
    return text


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])
def test_a_missing_permission_names_the_action(stubs: Stubs, code: str) -> None:
    assert refused(stubs, code) == (
        f"no permission for rds:DescribeDBInstances ({code}): the README has the policy that a look-up needs"
    )


@pytest.mark.parametrize("code", ["Throttling", "ThrottlingException", "RequestLimitExceeded"])
def test_throttling_says_when_to_try_again(stubs: Stubs, code: str) -> None:
    text = f"AWS throttles rds:DescribeDBInstances ({code}), after several attempts: try again in a minute"
    assert refused(stubs, code) == text


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"])
def test_credentials_that_aws_does_not_accept_say_so(stubs: Stubs, code: str) -> None:
    assert refused(stubs, code).startswith(f"AWS does not accept the credentials ({code})")


def test_every_other_refusal_has_its_action_and_its_code(stubs: Stubs) -> None:
    assert refused(stubs, "Whatever") == "AWS refuses rds:DescribeDBInstances for DB instance 'orders' (Whatever)"
    assert refused(stubs, "ServiceUnavailable").startswith("AWS failed at rds:DescribeDBInstances")
    assert refused(stubs, "DBProxyNotFoundFault").startswith("AWS does not find what DB instance 'orders' refers to")


def test_a_refusal_by_cloudwatch_names_its_action(stubs: Stubs) -> None:
    stubs.put_instance()
    stubs.put_proxies()
    stubs.put_parameters([])
    stubs.cloudwatch.add_client_error("get_metric_statistics", "AccessDenied")
    with pytest.raises(LookupFailedError, match="no permission for cloudwatch:GetMetricStatistics"):
        stubs.instance()


def test_a_group_that_somebody_made_must_be_there(stubs: Stubs) -> None:
    stubs.put_instance()
    stubs.put_proxies()
    stubs.rds.add_client_error("describe_db_parameters", "DBParameterGroupNotFound")
    with pytest.raises(LookupFailedError, match="AWS does not find what DB instance 'orders' refers to"):
        stubs.instance()


def test_an_answer_without_instances_is_not_found(stubs: Stubs) -> None:
    stubs.rds.add_response("describe_db_instances", {"DBInstances": []})
    with pytest.raises(LookupFailedError, match="DB instance 'orders' was not found in this account and region"):
        stubs.instance()
    stubs.rds.add_response("describe_db_clusters", {"DBClusters": []})
    with pytest.raises(LookupFailedError, match="DB cluster 'shop' was not found in this account and region"):
        look_up_cluster("shop", rds_client=stubs.rds_client, cloudwatch_client=stubs.cloudwatch_client, now=NOW)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (botocore_errors.NoRegionError(), "no AWS region is set: give --region"),
        (botocore_errors.InvalidRegionError(region_name="x y"), "the AWS region is no name of a region"),
        (botocore_errors.NoCredentialsError(), "no AWS credentials were found: give --profile"),
        (botocore_errors.PartialCredentialsError(provider="env", cred_var="x"), "the AWS credentials are incomplete"),
        (botocore_errors.ProfileNotFound(profile="x"), "the AWS profile is not configured"),
        (botocore_errors.CredentialRetrievalError(provider="x", error_msg="hunter2"), "the AWS credentials cannot be"),
        (botocore_errors.SSOTokenLoadError(error_msg="hunter2"), "the AWS sign-in has expired or is missing"),
        (botocore_errors.UnauthorizedSSOTokenError(), "the AWS sign-in has expired or is missing"),
        (botocore_errors.TokenRetrievalError(provider="x", error_msg="hunter2"), "the AWS sign-in has expired"),
        (botocore_errors.ConnectTimeoutError(endpoint_url="x"), "AWS did not answer in time"),
        (botocore_errors.ReadTimeoutError(endpoint_url="x"), "AWS did not answer in time"),
        (botocore_errors.EndpointConnectionError(endpoint_url="x"), "AWS cannot be reached"),
        (botocore_errors.ProxyConnectionError(proxy_url="http://u:hunter2@p"), "AWS cannot be reached"),
        (botocore_errors.SSLError(endpoint_url="x", error=OSError("y")), "the certificate of AWS is not trusted here"),
        (botocore_errors.ParamValidationError(report="hunter2"), "DB instance 'x' is no name that AWS accepts"),
        (botocore_errors.ConfigParseError(path="x"), "AWS cannot be asked (ConfigParseError)"),
    ],
)
def test_a_failure_on_the_way_to_aws_is_one_line_that_says_what_to_do(error: Exception, words: str) -> None:
    with pytest.raises(LookupFailedError) as caught, aws_errors("DB instance 'x'"):
        raise error
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_role_that_may_not_be_assumed_is_no_missing_permission_of_the_look_up() -> None:
    answer: Any = {"Error": {"Code": "AccessDenied", "Message": "hunter2"}}
    with pytest.raises(LookupFailedError) as caught, aws_errors("DB instance 'x'"):
        raise botocore_errors.ClientError(answer, "AssumeRole")
    words = "AWS gives no credentials for this profile: it refuses AssumeRole (AccessDenied)"
    assert str(caught.value) == words


def test_every_action_only_reads() -> None:
    assert all(action.partition(":")[2].startswith(("Describe", "Get")) for action in ACTIONS)
