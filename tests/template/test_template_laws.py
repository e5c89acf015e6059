"""However strange a template: it is read, and the plan is printed."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from constructs_lib.report.text import text
from tests.laws.plan_shape import check_plan
from tests.laws.strategies import LAW, json_values
from tests.template.app_templates import document, instance, planned, resource, scaling, service, tasks

Json = dict[str, Any]

RESOURCES: Json = {
    "Db": instance(DBParameterGroupName={"Ref": "Parameters"}, DBClusterIdentifier={"Ref": "Aurora"}),
    "Parameters": resource("AWS::RDS::DBParameterGroup", Parameters={"max_connections": "500"}),
    "Aurora": resource("AWS::RDS::DBCluster", ServerlessV2ScalingConfiguration={"MinCapacity": 1, "MaxCapacity": 8}),
    "Front": resource("AWS::RDS::DBProxy", IdleClientTimeout=600),
    "Group": resource(
        "AWS::RDS::DBProxyTargetGroup",
        DBProxyName={"Ref": "Front"},
        ConnectionPoolConfigurationInfo={"MaxConnectionsPercent": 50},
    ),
    "Api": service(
        DesiredCount=4,
        LoadBalancers=[{"TargetGroupArn": {"Ref": "Targets"}}],
        DeploymentConfiguration={"MaximumPercent": 200},
        DeploymentController={"Type": "ECS"},
    ),
    "Target": scaling(ScheduledActions=[{"ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 9}}]),
    "Tasks": tasks({"Name": "web", "Environment": [{"Name": "DB_POOL_SIZE", "Value": "5"}], "Secrets": []}),
    "Endpoint": resource("AWS::RDS::DBProxyEndpoint", DBProxyName={"Ref": "Front"}, TargetRole="READ_ONLY"),
    "Everywhere": service(SchedulingStrategy="DAEMON", Cluster={"Ref": "Cluster"}),
    "Cluster": resource("AWS::ECS::Cluster", CapacityProviders=[{"Ref": "Provider"}]),
    "Provider": resource(
        "AWS::ECS::CapacityProvider", Name="p", AutoScalingGroupProvider={"AutoScalingGroupArn": {"Ref": "Group4"}}
    ),
    "Group4": resource("AWS::AutoScaling::AutoScalingGroup", MaxSize="4"),
    "Joining": resource("AWS::AutoScaling::AutoScalingGroup", MaxSize="2", LaunchConfigurationName={"Ref": "Launch"}),
    "Launch": resource(
        "AWS::AutoScaling::LaunchConfiguration", UserData="echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config"
    ),
    "Later": resource("AWS::AutoScaling::ScheduledAction", AutoScalingGroupName={"Ref": "Group4"}, MaxSize=9),
    "Worker": service(TaskDefinition={"Ref": "Worker4"}),
    "Worker4": tasks({"Name": "worker", "EntryPoint": ["sh", "-c"], "Command": ["exec celery worker -c 4 -B"]}),
    "Rule": resource(
        "AWS::Events::Rule", Targets=[{"EcsParameters": {"TaskCount": 2, "TaskDefinitionArn": {"Ref": "Worker4"}}}]
    ),
    "Thumbs": resource(
        "AWS::Lambda::Function", ReservedConcurrentExecutions=4, Environment={"Variables": {"DB_POOL_SIZE": "1"}}
    ),
    "Balancer": resource(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        LoadBalancerAttributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "20"}],
    ),
    "Listener": resource(
        "AWS::ElasticLoadBalancingV2::Listener",
        LoadBalancerArn={"Ref": "Balancer"},
        DefaultActions=[{"TargetGroupArn": {"Ref": "Targets"}}],
    ),
}
PROXIES: Json = {
    "front": {"database": "db", "resource": {"logical_id": "Front"}},
    "reads": {"database": "db", "resource": {"logical_id": "Front"}, "endpoint": {"logical_id": "Endpoint"}},
}
DOCUMENT = document(proxies=PROXIES)
DOCUMENT["workloads"] |= {
    name: {"database": "db", "resource": {"logical_id": logical_id}, **kind}
    for name, logical_id, kind in (
        ("everywhere", "Everywhere", {}),
        ("worker", "Worker", {"kind": "celery"}),
        ("nightly", "Worker4", {"kind": "task"}),
        ("thumbs", "Thumbs", {"kind": "function"}),
    )
}
functions = st.sampled_from(
    [{"Ref": "Api"}, {"Fn::GetAtt": ["Db", "Arn"]}, {"Fn::If": ["A", 1, 2]}, {"Fn::Sub": "${Api}"}, {"Ref": "a\nb"}]
)
anything = json_values | functions


def holds_together(resources: Any) -> None:
    made = planned(DOCUMENT, resources)
    check_plan(made.to_json())
    assert text(made)


@LAW
@given(st.dictionaries(st.sampled_from(sorted(RESOURCES)), anything) | json_values)
def test_any_json_value_as_resources_is_read(resources: Any) -> None:
    holds_together(resources)


@st.composite
def changed_resources(draw: st.DrawFn) -> Json:
    """The resources with one value, somewhere, that is anything at all."""

    def change(value: Any) -> Any:
        inner = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
        if not inner or draw(st.integers(0, 4)) == 0:
            return draw(anything)
        key = draw(st.sampled_from(inner))
        if isinstance(value, dict):
            return {**value, key: change(value[key])}
        return [change(item) if index == key else item for index, item in enumerate(value)]

    changed: Json = {name: dict(item) for name, item in RESOURCES.items()}
    name = draw(st.sampled_from(sorted(changed)))
    return {**changed, name: change(changed[name])}


@LAW
@given(changed_resources())
@example({**RESOURCES, "Cluster": resource("AWS::ECS::Cluster", ClusterName={"Ref": "Name"})})
@example({**RESOURCES, "Api": service(DesiredCount={"Ref": "a\x1b[31mb\nc"})})
@example(
    {**RESOURCES, "Aurora": resource("AWS::RDS::DBCluster", ServerlessV2ScalingConfiguration={"MaxCapacity": 10**400})}
)
def test_resources_with_one_value_changed_are_read(resources: Json) -> None:
    holds_together(resources)


@LAW
@given(json_values, json_values, json_values)
def test_any_json_value_as_another_template_or_its_outputs_is_read(one: Any, two: Any, three: Any) -> None:
    target = scaling(ResourceId={"Fn::ImportValue": "name"})
    outputs = {"Name": {"Value": one, "Export": two}, "Other": {"Value": {"Ref": "Api"}, "Export": {"Name": three}}}
    check_plan(
        planned(DOCUMENT, RESOURCES, other={"Resources": {"Target": target, "Api": two}, "Outputs": three}).to_json()
    )
    check_plan(
        planned(DOCUMENT, RESOURCES, other={"Resources": RESOURCES, "Outputs": outputs, "Parameters": one}).to_json()
    )
