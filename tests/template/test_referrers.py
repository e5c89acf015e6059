"""Whatever is told a database's address or its credentials."""

from typing import Any

import pytest

from constructs_lib.budget.plan import plan
from tests.template.app_templates import instance, resource
from tests.template.reachable_shop import ADDRESS, container, document_of, tasks

Json = dict[str, Any]
MASTER = {"Fn::GetAtt": ["Db", "MasterUserSecret.SecretArn"]}
VARIABLE = {"Name": "DB_HOST", "Value": ADDRESS}


def named(resources: Json) -> list[str]:
    """The clients in no budget, each by its name and the first step of its path."""
    found = plan(document_of({"Db": instance(), **resources})).findings
    return [finding.message.partition(" and is in")[0] for finding in found if finding.id == "unbudgeted-client"]


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
def test_it_is_a_client_whatever_its_type(kind: str, properties: Json) -> None:
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
