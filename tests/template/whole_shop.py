"""A shop with one of everything that decides how many connections there are, each value written out."""

from typing import Any

from tests.template.app_templates import resource
from tests.template.reachable_shop import ADDRESS, container, tasks

Json = dict[str, Any]
Path = tuple[str | int, ...]
CLUSTER = {"Ref": "Cluster"}
JOINING = {"Fn::Base64": "#!/bin/bash\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config"}
LAUNCH = {"LaunchTemplateId": {"Ref": "Launch"}, "Version": "1"}


def service(definition: str, **properties: Any) -> Json:
    return resource("AWS::ECS::Service", Cluster=CLUSTER, TaskDefinition={"Ref": definition}, **properties)


def scales(name: str) -> Json:
    resource_id = {"Fn::Sub": f"service/${{Cluster}}/${{{name}.Name}}"}
    return {"ServiceNamespace": "ecs", "ResourceId": resource_id, "ScalableDimension": "ecs:service:DesiredCount"}


DATABASES: Json = {
    "Db": resource(
        "AWS::RDS::DBInstance",
        Engine="postgres",
        EngineVersion="16.4",
        DBInstanceClass="db.m5.large",
        DBParameterGroupName={"Ref": "Parameters"},
    ),
    "Parameters": resource(
        "AWS::RDS::DBParameterGroup",
        Family="postgres16",
        Parameters={"max_connections": "900", "superuser_reserved_connections": "4"},
    ),
    "Aurora": resource(
        "AWS::RDS::DBCluster",
        Engine="aurora-postgresql",
        EngineVersion="16.4",
        ServerlessV2ScalingConfiguration={"MinCapacity": 2, "MaxCapacity": 8},
    ),
    "Writer": resource(
        "AWS::RDS::DBInstance",
        Engine="aurora-postgresql",
        DBInstanceClass="db.serverless",
        DBClusterIdentifier={"Ref": "Aurora"},
    ),
    "Reader": resource(
        "AWS::RDS::DBInstance",
        Engine="aurora-postgresql",
        DBInstanceClass="db.r6g.large",
        DBClusterIdentifier={"Ref": "Aurora"},
    ),
    "Proxy": resource("AWS::RDS::DBProxy", EngineFamily="POSTGRESQL", IdleClientTimeout=600),
    "Share": resource(
        "AWS::RDS::DBProxyTargetGroup",
        DBProxyName={"Ref": "Proxy"},
        DBClusterIdentifiers=[{"Ref": "Aurora"}],
        ConnectionPoolConfigurationInfo={"MaxConnectionsPercent": 60, "ConnectionBorrowTimeout": 30},
    ),
    "Reads": resource("AWS::RDS::DBProxyEndpoint", DBProxyName={"Ref": "Proxy"}, TargetRole="READ_ONLY"),
    "Multi": resource(
        "AWS::RDS::DBCluster",
        Engine="mysql",
        EngineVersion="8.0.36",
        DBClusterInstanceClass="db.m5d.large",
        DBClusterParameterGroupName={"Ref": "Limits"},
    ),
    "Limits": resource(
        "AWS::RDS::DBClusterParameterGroup",
        Family="mysql8.0",
        Parameters={"max_connections": "500", "max_user_connections": "300"},
    ),
}
SERVICES: Json = {
    "Cluster": resource("AWS::ECS::Cluster", ClusterName="main"),
    "Balancer": resource(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        Type="application",
        LoadBalancerAttributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "20"}],
    ),
    "Listener": resource(
        "AWS::ElasticLoadBalancingV2::Listener",
        LoadBalancerArn={"Ref": "Balancer"},
        DefaultActions=[{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}],
    ),
    "Targets": resource("AWS::ElasticLoadBalancingV2::TargetGroup"),
    "ApiTask": tasks(
        container(
            command=["gunicorn", "app", "-w", "3", "--threads", "2"],
            DB_HOST=ADDRESS,
            DB_POOL_SIZE="4",
            DB_MAX_OVERFLOW="2",
            DB_POOL_TIMEOUT="20",
        ),
        container("side", command=["sh", "-c", "celery -A x worker -c $JOBS -P threads"], DB_HOST=ADDRESS, JOBS="5"),
    ),
    "Api": service(
        "ApiTask",
        DesiredCount=2,
        DeploymentConfiguration={"MaximumPercent": 150, "Strategy": "ROLLING", "BakeTimeInMinutes": 5},
        DeploymentController={"Type": "ECS"},
        LoadBalancers=[{"TargetGroupArn": {"Ref": "Targets"}, "ContainerName": "web", "ContainerPort": 80}],
    ),
    "Scaling": resource(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        **scales("Api"),
        MinCapacity=1,
        MaxCapacity=6,
        ScheduledActions=[
            {
                "ScheduledActionName": "early",
                "Schedule": "rate(1 day)",
                "ScalableTargetAction": {"MinCapacity": 2, "MaxCapacity": 7},
            }
        ],
    ),
    "OrdersTask": tasks(
        container(
            command=["uvicorn", "app"],
            DB_HOST={"Fn::GetAtt": ["Proxy", "Endpoint"]},
            DB_POOL_SIZE="4",
            UVICORN_WORKERS="2",
        )
    ),
    "Orders": service("OrdersTask", DesiredCount=2),
    "Plan": resource(
        "AWS::AutoScalingPlans::ScalingPlan",
        ScalingInstructions=[{**scales("Orders"), "MinCapacity": 1, "MaxCapacity": 5}],
    ),
    "Calling": resource(
        "AWS::StepFunctions::StateMachine",
        Definition={
            "States": {
                "More": {
                    "Resource": "arn:aws:states:::aws-sdk:ecs:updateService",
                    "Parameters": {"Service": {"Fn::GetAtt": ["Orders", "Name"]}, "DesiredCount": 9},
                }
            }
        },
    ),
    "ReportsTask": tasks(
        container(
            command=["gunicorn", "app"],
            MYSQL_HOST={"Fn::GetAtt": ["Multi", "Endpoint.Address"]},
            GUNICORN_CMD_ARGS="--workers 2",
            DATABASE_URL="mysql://x?connection_limit=7",
        )
    ),
    "Reports": service("ReportsTask", DesiredCount=1),
    "WaitingTask": tasks(
        {**container("first", DB_HOST=ADDRESS, DB_POOL_SIZE="3", DB_MAX_OVERFLOW="0"), "Essential": False},
        {
            **container("then", DB_HOST=ADDRESS, DB_POOL_SIZE="4", DB_MAX_OVERFLOW="0"),
            "DependsOn": [{"ContainerName": "first", "Condition": "COMPLETE"}],
        },
    ),
    "Waiting": service("WaitingTask", DesiredCount=2),
    "Moved": service("OldTask", DesiredCount=1, DeploymentController={"Type": "EXTERNAL"}),
    "OldTask": tasks(container(command=["taskiq", "worker", "-w", "3", "x"], DB_HOST=ADDRESS, DB_POOL_SIZE="3")),
    "Set": resource("AWS::ECS::TaskSet", Cluster=CLUSTER, Service={"Ref": "Moved"}, TaskDefinition={"Ref": "OldTask"}),
}
HOSTS: Json = {
    "DaemonTask": tasks(container("daemon", DB_HOST=ADDRESS, DB_MAX_POOL_SIZE="3")),
    "Daemon": service("DaemonTask", SchedulingStrategy="DAEMON"),
    "Launch": resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"UserData": JOINING}),
    "Group": resource("AWS::AutoScaling::AutoScalingGroup", MinSize="1", MaxSize="3", LaunchTemplate=LAUNCH)
    | {"UpdatePolicy": {"AutoScalingReplacingUpdate": {"WillReplace": "false"}}},
    "Later": resource("AWS::AutoScaling::ScheduledAction", AutoScalingGroupName={"Ref": "Group"}, MaxSize=5),
    "Fleet": resource(
        "AWS::EC2::EC2Fleet",
        TargetCapacitySpecification={"TotalTargetCapacity": 4},
        LaunchTemplateConfigs=[{"LaunchTemplateSpecification": LAUNCH}],
    ),
}
_OVERRIDES = '{"containerOverrides":[{"name":"web","command":["gunicorn","-w","4","app"]}]}'
JOBS: Json = {
    "Job": tasks(container(command=["dramatiq", "-p", "2", "-t", "4", "x"], DB_HOST=ADDRESS)),
    "Daily": resource(
        "AWS::Events::Rule",
        ScheduleExpression="rate(1 day)",
        State="ENABLED",
        Targets=[
            {
                "Id": "daily",
                "Arn": {"Fn::GetAtt": ["Cluster", "Arn"]},
                "EcsParameters": {"TaskDefinitionArn": {"Ref": "Job"}, "TaskCount": 2},
            }
        ],
    ),
    "Often": tasks(container(DB_HOST=ADDRESS)),
    "Schedule": resource(
        "AWS::Scheduler::Schedule",
        ScheduleExpression="rate(5 minutes)",
        State="ENABLED",
        Target={
            "Arn": {"Fn::GetAtt": ["Cluster", "Arn"]},
            "Input": _OVERRIDES,
            "EcsParameters": {"TaskDefinitionArn": {"Ref": "Often"}, "TaskCount": 3},
        },
    ),
    "Thumbs": resource(
        "AWS::Lambda::Function",
        ReservedConcurrentExecutions=4,
        Environment={"Variables": {"DB_HOST": ADDRESS, "DB_POOL_SIZE": "2"}},
    ),
    "Mails": resource(
        "AWS::Serverless::Function",
        Handler="x",
        Environment={"Variables": {"DB_HOST": ADDRESS, "DB_POOL_SIZE": "2"}},
    ),
}
WHOLE: Json = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Globals": {"Function": {"ReservedConcurrentExecutions": 3}},
    "Resources": {**DATABASES, **SERVICES, **HOSTS, **JOBS},
}


def replaced(value: Any, path: Path, new: Any) -> Any:
    """The value with another one at a place in it."""
    if not path:
        return new
    if isinstance(value, list):
        return [replaced(item, path[1:], new) if index == path[0] else item for index, item in enumerate(value)]
    return {key: replaced(item, path[1:], new) if key == path[0] else item for key, item in value.items()}
