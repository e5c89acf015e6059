"""Whatever is told a database's address or its credentials."""

from typing import Any

import pytest

from constructs_lib.budget.finding import Finding
from constructs_lib.budget.plan import plan
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.discover import discover
from tests.template.app_templates import instance, resource
from tests.template.reachable_shop import ADDRESS, container, document_of, tasks

Json = dict[str, Any]
MASTER = {"Fn::GetAtt": ["Db", "MasterUserSecret.SecretArn"]}
VARIABLE = {"Name": "DB_HOST", "Value": ADDRESS}


def unbudgeted(resources: Json) -> list[Finding]:
    found = plan(document_of({"Db": instance(), **resources})).findings
    return [finding for finding in found if finding.id == "unbudgeted-client"]


def named(resources: Json) -> list[str]:
    """The clients in no budget, each by its name, its type and what it can reach."""
    return [finding.message.partition(" and is in")[0] for finding in unbudgeted(resources)]


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        (
            "AWS::AppRunner::Service",
            {
                "SourceConfiguration": {
                    "ImageRepository": {"ImageConfiguration": {"RuntimeEnvironmentVariables": [VARIABLE]}}
                }
            },
        ),
        ("AWS::Batch::JobDefinition", {"ContainerProperties": {"Environment": [VARIABLE]}}),
        ("AWS::ECS::ExpressGatewayService", {"PrimaryContainer": {"Environment": [VARIABLE]}}),
        ("AWS::EC2::Instance", {"UserData": {"Fn::Base64": {"Fn::Sub": "psql -h ${Db.Endpoint.Address}"}}}),
        ("AWS::CodeBuild::Project", {"Environment": {"EnvironmentVariables": [{"Name": "SECRET", "Value": MASTER}]}}),
        ("AWS::CloudFormation::StackSet", {"Parameters": [{"ParameterKey": "Host", "ParameterValue": ADDRESS}]}),
        ("AWS::SSM::Association", {"Parameters": {"commands": [{"Fn::Sub": "psql -h ${Db.Endpoint.Address}"}]}}),
        ("Custom::Migration", {"ServiceToken": "arn", "Host": ADDRESS}),
        ("AWS::OfNextYear::Job", {"Settings": [{"Url": {"Fn::Join": ["", ["postgres://", ADDRESS]]}}]}),
    ],
)
def test_what_is_told_the_address_is_a_client_whatever_its_type(kind: str, properties: Json) -> None:
    assert named({"Job": resource(kind, **properties)}) == [f"Job ({kind}) can reach Db on port 5432"]


def test_files_that_an_instance_writes_at_its_start_count() -> None:
    files = {"AWS::CloudFormation::Init": {"config": {"files": {"/etc/app.ini": {"content": ADDRESS}}}}}
    assert named({"Host": {"Type": "AWS::EC2::Instance", "Properties": {}, "Metadata": files}}) == [
        "Host (AWS::EC2::Instance) can reach Db on port 5432"
    ]


@pytest.mark.parametrize(
    "resources",
    [
        {"Name": resource("AWS::Route53::RecordSet", ResourceRecords=[ADDRESS])},
        {"Host": resource("AWS::SSM::Parameter", Value=ADDRESS)},
        {"Alarm": resource("AWS::CloudWatch::Alarm", Dimensions=[{"Value": {"Ref": "Db"}}])},
        {"Policy": resource("AWS::IAM::Policy", PolicyDocument={"Resource": MASTER})},
        {"Gateway": resource("AWS::EC2::VPCEndpoint", PolicyDocument={"Statement": [{"Resource": MASTER}]})},
        {"Import": resource("AWS::DMS::ReplicationTask", Tags=[{"Key": "db", "Value": {"Ref": "Db"}}])},
    ],
)
def test_what_passes_an_address_on_watches_or_only_names_the_server_is_none(resources: Json) -> None:
    assert named(resources) == []


def test_a_schedule_that_gives_its_task_the_address_stands_for_the_task() -> None:
    override = {"TaskDefinitionArn": {"Ref": "Job"}, "Host": ADDRESS}
    made = {
        "Job": tasks(container("job", DB_HOST=ADDRESS)),
        "Nightly": resource("AWS::Events::Rule", Targets=[{"Arn": "cluster", "EcsParameters": override}]),
    }
    assert named(made) == []


CREATOR = resource("AWS::Lambda::Function", Handler="index.handler")
TOKEN = {"Fn::GetAtt": ["Creator", "Arn"]}


@pytest.mark.parametrize("kind", ["Custom::Schema", "AWS::CloudFormation::CustomResource"])
def test_in_the_place_of_a_custom_resource_its_function_connects(kind: str) -> None:
    """Of two that it serves it is one client."""
    schema = resource(kind, ServiceToken=TOKEN, Host=ADDRESS)
    (found,) = unbudgeted({"Creator": CREATOR, "Schema": schema, "Users": schema})
    assert found.message == (
        "Creator (AWS::Lambda::Function) can reach Db on port 5432 and is in no budget: Creator → the custom resource"
        " Schema → Db.Endpoint.Address"
    )
    assert found.fix.endswith("remove the reference to Db of Schema")
    assert found.resource is not None
    assert found.resource.logical_id == "Creator"


def test_the_function_that_the_framework_of_the_cdk_calls_is_the_one_that_connects() -> None:
    variables = {"Variables": {"USER_ON_EVENT_FUNCTION_ARN": TOKEN}}
    made = {
        "Framework": resource("AWS::Lambda::Function", Handler="framework.onEvent", Environment=variables),
        "Creator": CREATOR,
        "Schema": resource("Custom::Schema", ServiceToken={"Fn::GetAtt": ["Framework", "Arn"]}, Host=ADDRESS),
    }
    assert named(made) == ["Creator (AWS::Lambda::Function) can reach Db on port 5432"]


def test_a_custom_resource_whose_function_counts_is_no_further_client() -> None:
    counted = resource("AWS::Lambda::Function", Environment={"Variables": {"DB_HOST": ADDRESS}})
    schema = resource("Custom::Schema", ServiceToken=TOKEN, Host=ADDRESS)
    assert named({"Creator": counted, "Schema": schema}) == []


def test_a_custom_resource_of_a_function_elsewhere_is_said_to_be_one() -> None:
    (found,) = unbudgeted({"Schema": resource("Custom::Schema", ServiceToken="arn", Host=ADDRESS)})
    assert found.message.endswith(
        ": Schema (a custom resource: the function of its ServiceToken connects, and was not found in this app) →"
        " Db.Endpoint.Address"
    )


def test_a_server_that_a_condition_takes_away_starts_nothing() -> None:
    """What cfn-init would write on it is in its metadata, and names the database."""
    files = {"config": {"files": {"/etc/app.env": {"content": {"Fn::Sub": "HOST=${Db.Endpoint.Address}"}}}}}
    server = {**resource("AWS::EC2::Instance"), "Metadata": {"AWS::CloudFormation::Init": files}}
    conditions = {"Never": {"Fn::Equals": ["a", "b"]}}

    def clients(**more: Any) -> int:
        shop = {"Db": instance(), "Server": {**server, **more}}
        found = Assembly({"app.json": {"Conditions": conditions, "Resources": shop}})
        return len([item for item in plan(discover(found).document(found)).findings if item.id == "unbudgeted-client"])

    assert (clients(), clients(Condition="Never")) == (1, 0)
