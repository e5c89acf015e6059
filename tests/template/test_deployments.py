"""Every way in which tasks multiply, from a template to the connections at the server."""

import base64
from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan
from constructs_lib.budget.workloads import Task, TaskWorkload
from constructs_lib.limits import Unknown
from constructs_lib.report.factors import factors
from constructs_lib.template.reread import reread
from constructs_lib.template.template import Template
from tests.template.app_templates import (
    HOME,
    counted,
    document,
    instance,
    read_again,
    resource,
    scaling,
    service,
    tasks,
)

Json = dict[str, Any]

FIXED = {"processes": 2, "pool_size": 3, "max_overflow": 1}
"""Two processes of each task with (3 + 1) each: 8 connections a task."""


def made(api: Json, *, said: Json | None = None, **more: Json) -> Plan:
    resources = {"Db": instance(), "Api": service(**api), "Tasks": tasks({"Name": "web"}), **more}
    return counted(document(api={**FIXED, **(said or {})}), resources)


def connections(api: Json, *, said: Json | None = None, **more: Json) -> tuple[int, ...] | None:
    allotment = made(api, said=said, **more).tally.allotments["api"].connections
    return None if allotment is None else tuple(allotment)


def test_a_rolling_deployment_is_bounded_by_its_maximum_percent_alone() -> None:
    """5 tasks × 150 % = 7.5, so 7 × 8 = 56; minimumHealthyPercent and the circuit breaker's rollback change nothing."""
    rolling: Json = {"MaximumPercent": 150, "MinimumHealthyPercent": 100}
    assert connections({"DesiredCount": 5, "DeploymentConfiguration": rolling}) == (40, 40, 56)
    breaker = {**rolling, "MinimumHealthyPercent": 0, "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True}}
    assert connections({"DesiredCount": 5, "DeploymentConfiguration": breaker}) == (40, 40, 56)


@pytest.mark.parametrize(
    ("strategy", "more"),
    [
        ("BLUE_GREEN", {"BakeTimeInMinutes": 60}),
        ("LINEAR", {"LinearConfiguration": {"StepPercent": 10, "StepBakeTimeInMinutes": 6}, "BakeTimeInMinutes": 60}),
        ("CANARY", {"CanaryConfiguration": {"CanaryPercent": 5}, "BakeTimeInMinutes": 60}),
    ],
)
def test_both_sets_run_in_full_until_the_bake_ends(strategy: str, more: Json) -> None:
    """2 × 4 tasks × 8 = 64, whatever the percentage, for the 60 minutes of the bake."""
    api: Json = {"DesiredCount": 4, "DeploymentConfiguration": {"Strategy": strategy, "MaximumPercent": 100, **more}}
    plan = made(api)
    assert plan.tally.allotments["api"].connections == (32, 32, 64)
    kind = strategy.lower().replace("_", "-")
    assert factors(plan.document.workloads["api"]) == f"4 × 2 sets ({kind}, bake 60 min) × 2"


def test_code_deploy_runs_both_sets() -> None:
    """2 × 4 × 8."""
    assert connections({"DesiredCount": 4, "DeploymentController": {"Type": "CODE_DEPLOY"}}) == (32, 32, 64)


def test_an_external_controller_runs_as_many_sets_as_were_declared() -> None:
    """3 × 4 × 8 = 96; without a number nothing can be shown to fit."""
    api = {"DesiredCount": 4, "DeploymentController": {"Type": "EXTERNAL"}}
    assert connections(api, said={"task_sets": 3}) == (32, 32, 96)
    unknown = [finding for finding in made(api).findings if finding.id == "unknown-tasks"]
    assert [finding.severity.value for finding in unknown] == ["error"]
    assert "task_sets is not given" in unknown[0].message


def test_an_external_controller_runs_no_fewer_sets_than_the_template_has() -> None:
    """2 sets × 4 × 8 = 64, not the one that was declared; 3 may be, and without a number 2 are no bound."""
    api = {"DesiredCount": 4, "DeploymentController": {"Type": "EXTERNAL"}}
    task_set = resource("AWS::ECS::TaskSet", Service={"Ref": "Api"}, TaskDefinition={"Ref": "Tasks"})
    sets = {"Blue": task_set, "Green": task_set}
    assert connections(api, said={"task_sets": 1}, **sets) == (32, 32, 64)
    assert connections(api, said={"task_sets": 3}, **sets) == (32, 32, 96)
    assert connections(api, **sets) is None


def test_the_largest_of_maximum_and_schedules_is_deployed() -> None:
    """A schedule lifts the maximum of 8 to 20: 20 × 200 % × 8 = 320."""
    sale = [{"ScalableTargetAction": {"MinCapacity": 10, "MaxCapacity": 20}}]
    target = scaling(MinCapacity=2, MaxCapacity=8, ScheduledActions=sale)
    assert connections({"DesiredCount": 4}, Target=target) == (32, 160, 320)


def test_a_desired_count_above_the_maximum_counts() -> None:
    """10 × 8 and 20 × 8."""
    assert connections({"DesiredCount": 10}, Target=scaling(MaxCapacity=6)) == (80, 80, 160)


def test_without_autoscaling_the_desired_count_is_all_there_is() -> None:
    assert connections({"DesiredCount": 3}) == (24, 24, 48)


CLUSTER: Json = {
    "Cluster": resource("AWS::ECS::Cluster"),
    "Association": resource(
        "AWS::ECS::ClusterCapacityProviderAssociations",
        Cluster={"Ref": "Cluster"},
        CapacityProviders=["FARGATE", {"Ref": "Provider"}, "named"],
    ),
    "Provider": resource(
        "AWS::ECS::CapacityProvider", AutoScalingGroupProvider={"AutoScalingGroupArn": {"Ref": "Group"}}
    ),
    "Named": resource(
        "AWS::ECS::CapacityProvider",
        Name="named",
        AutoScalingGroupProvider={"AutoScalingGroupArn": {"Fn::GetAtt": ["Other", "Arn"]}},
    ),
    "Group": resource("AWS::AutoScaling::AutoScalingGroup", MinSize="1", MaxSize="4"),
    "Other": resource("AWS::AutoScaling::AutoScalingGroup", MinSize="1", MaxSize="2"),
    "Elsewhere": resource("AWS::AutoScaling::AutoScalingGroup", MinSize="1", MaxSize="50"),
}
DAEMON = {"SchedulingStrategy": "DAEMON", "Cluster": {"Ref": "Cluster"}}


def test_a_daemon_runs_once_on_every_instance_that_its_cluster_can_have() -> None:
    """(4 + 2) instances × 8 = 48; a daemon's maximumPercent is 100."""
    assert connections(DAEMON, **CLUSTER) == (48, 48, 48)


def test_a_schedule_of_the_auto_scaling_group_lifts_its_maximum() -> None:
    """(10 + 2) × 8 = 96."""
    night = resource("AWS::AutoScaling::ScheduledAction", AutoScalingGroupName={"Ref": "Group"}, MaxSize=10)
    assert connections(DAEMON, **CLUSTER, Night=night) == (96, 96, 96)


@pytest.mark.parametrize(
    ("state", "most", "instances"),
    [("Running", 40, 42), ("Running", "3", 6), ("Running", -1, 6), ("Stopped", 40, 6), ("Hibernated", 40, 6)],
)
def test_a_warm_pool_that_runs_is_part_of_its_group(state: str, most: object, instances: int) -> None:
    """40 instances prepared in all + 2; without a size of its own it ends at MaxSize, and a stopped one runs none."""
    group = {"AutoScalingGroupName": {"Ref": "Group"}, "MaxGroupPreparedCapacity": most}
    pool = resource("AWS::AutoScaling::WarmPool", PoolState=state, **group)
    assert connections(DAEMON, **CLUSTER, Pool=pool) == (instances * 8,) * 3


@pytest.mark.parametrize(
    ("settings", "unknown"),
    [
        ({"MaxCapacityBreachBehavior": "IncreaseMaxCapacity"}, True),
        ({"MaxCapacityBreachBehavior": {"Ref": "Behaviour"}, "Mode": "ForecastAndScale"}, True),
        ({"MaxCapacityBreachBehavior": "IncreaseMaxCapacity", "Mode": "ForecastOnly"}, False),
        ({"MaxCapacityBreachBehavior": "HonorMaxCapacity"}, False),
        ({"Mode": "ForecastAndScale"}, False),
    ],
)
def test_a_forecast_that_may_raise_the_maximum_of_a_group_makes_its_instances_unknown(
    settings: Json,
    unknown: bool,  # noqa: FBT001 - a row
) -> None:
    policy = resource(
        "AWS::AutoScaling::ScalingPolicy",
        AutoScalingGroupName={"Ref": "Group"},
        PredictiveScalingConfiguration=settings,
    )
    found = [item for item in made(DAEMON, **CLUSTER, Policy=policy).findings if item.id == "unknown-tasks"]
    assert [("the forecast of Policy may raise MaxSize" in item.message) for item in found] == [True] * unknown


def test_a_daemon_on_instances_of_ones_own_runs_on_as_many_as_are_registered() -> None:
    daemon = {**DAEMON, "LaunchType": "EXTERNAL"}
    (finding,) = [item for item in made(daemon, **CLUSTER).findings if item.id == "unknown-tasks"]
    assert "registered from elsewhere (LaunchType EXTERNAL)" in finding.message


@pytest.mark.parametrize(
    ("policy", "instances"),
    [
        ({"AutoScalingReplacingUpdate": {"WillReplace": True}}, 10),
        ({"AutoScalingReplacingUpdate": {"WillReplace": "true"}}, 10),
        ({"AutoScalingReplacingUpdate": {"WillReplace": {"Ref": "Replace"}}}, 10),
        ({"Fn::If": ["Green", {"AutoScalingReplacingUpdate": {"WillReplace": True}}, {"Ref": "AWS::NoValue"}]}, 10),
        ({"AutoScalingReplacingUpdate": {"WillReplace": False}}, 6),
        ({"AutoScalingReplacingUpdate": {"WillReplace": "false"}}, 6),
        ({"AutoScalingRollingUpdate": {"MaxBatchSize": 1}}, 6),
    ],
    ids=repr,
)
def test_a_group_that_an_update_replaces_has_its_instances_twice(policy: Json, instances: int) -> None:
    """(2 × 4 + 2) × 8 = 80 where the update makes a second group before it deletes the first; otherwise 6 × 8 = 48."""
    group = {**CLUSTER["Group"], "UpdatePolicy": policy}
    assert connections(DAEMON, **{**CLUSTER, "Group": group}) == (instances * 8,) * 3


FLEET = "AWS::EC2::EC2Fleet"
SPOT_FLEET = "AWS::EC2::SpotFleet"
LAUNCH = {"LaunchTemplateSpecification": {"LaunchTemplateId": {"Ref": "Launch"}, "Version": "1"}}


def fleet(capacity: object = 10, **more: Any) -> Json:
    """A fleet of the launch template, in the place of the third group."""
    target = {"TotalTargetCapacity": capacity}
    configs = [{**LAUNCH, "Overrides": [{"InstanceType": "m7g.large", **more}]}]
    return resource(FLEET, TargetCapacitySpecification=target, LaunchTemplateConfigs=configs)


def spot_fleet(**more: Any) -> Json:
    """A fleet of the launch template, as a request for spot instances."""
    request = {"TargetCapacity": 10, "LaunchTemplateConfigs": [LAUNCH], **more}
    return resource(SPOT_FLEET, SpotFleetRequestConfigData=request)


JOINING: Json = {"UserData": {"Fn::Base64": {"Fn::Sub": "echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config"}}}


@pytest.mark.parametrize(
    "third",
    [
        fleet(),
        fleet(WeightedCapacity=2),
        spot_fleet(),
        spot_fleet(LaunchTemplateConfigs=None, LaunchSpecifications=[{"ImageId": "ami"}, JOINING]),
    ],
)
def test_a_fleet_that_joins_the_cluster_counts_at_its_capacity_twice(third: Json) -> None:
    """(4 + 2 + 2 × 10) × 8 = 208: another launch template makes a new fleet before the old one is deleted."""
    launch = {**_launched(JOINING["UserData"]), "Third": third}
    assert connections(DAEMON, **CLUSTER, **launch) == (208, 208, 208)


@pytest.mark.parametrize(
    ("third", "reason"),
    [
        (fleet({"Ref": "Most"}), "TotalTargetCapacity of Third is Ref Most"),
        (fleet(WeightedCapacity=0.5), "Third may run more instances than its TotalTargetCapacity"),
        (fleet(WeightedCapacity={"Ref": "Weight"}), "Third may run more instances than its TotalTargetCapacity"),
        (spot_fleet(TargetCapacity=None), "TargetCapacity of Third is not given"),
        (
            spot_fleet(SpotMaintenanceStrategies={"CapacityRebalance": {"ReplacementStrategy": "launch"}}),
            "Third may run more instances than its TargetCapacity",
        ),
    ],
)
def test_a_fleet_whose_capacity_is_no_bound_makes_the_instances_unknown(third: Json, reason: str) -> None:
    launch = {**_launched(JOINING["UserData"]), "Third": third}
    (finding,) = [item for item in made(DAEMON, **CLUSTER, **launch).findings if item.id == "unknown-tasks"]
    assert reason in finding.message


def test_a_spot_fleet_that_is_scaled_makes_the_instances_unknown() -> None:
    scaled = resource(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        ServiceNamespace="ec2",
        ResourceId={"Fn::Sub": "spot-fleet-request/${Third}"},
        MaxCapacity=90,
    )
    launch = {**_launched(JOINING["UserData"]), "Third": spot_fleet(), "Scaled": scaled}
    (finding,) = [item for item in made(DAEMON, **CLUSTER, **launch).findings if item.id == "unknown-tasks"]
    assert "the capacity of a fleet is scaled by Scaled" in finding.message


@pytest.mark.parametrize("third", [fleet(), spot_fleet()])
def test_a_fleet_that_joins_another_cluster_is_none_of_its_own(third: Json) -> None:
    launch = {**_launched({"Fn::Base64": JOIN.format("other")}), "Third": third}
    assert connections(DAEMON, **CLUSTER, **launch) == (48, 48, 48)


def _launched(script: object) -> Json:
    """A third group in the template of the cluster, of whose capacity providers it is none."""
    return {
        "Launch": resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"UserData": script}),
        "Third": resource(
            "AWS::AutoScaling::AutoScalingGroup",
            MaxSize=10,
            LaunchTemplate={"LaunchTemplateId": {"Ref": "Launch"}, "Version": "1"},
        ),
    }


JOIN = "echo ECS_CLUSTER={} >> /etc/ecs/ecs.config"


@pytest.mark.parametrize(
    "more",
    [
        _launched({"Fn::Base64": {"Fn::Sub": JOIN.format("${Cluster}")}}),
        _launched({"Fn::Base64": {"Fn::Join": ["", ["[settings.ecs]\ncluster = ", {"Ref": "Cluster"}]]}}),
        _launched({"Fn::Base64": JOIN.format("shop")}),
        _launched(base64.b64encode(JOIN.format("shop").encode()).decode()),
        {
            "Launch": {
                **resource("AWS::AutoScaling::LaunchConfiguration", UserData="cfn-init"),
                "Metadata": {"AWS::CloudFormation::Init": {"config": {"commands": [JOIN.format("shop")]}}},
            },
            "Third": resource(
                "AWS::AutoScaling::AutoScalingGroup", MaxSize=10, LaunchConfigurationName={"Ref": "Launch"}
            ),
        },
    ],
    ids=["reference", "bottlerocket", "name", "encoded", "cfn-init"],
)
def test_a_group_whose_script_joins_the_cluster_is_part_of_it(more: Json) -> None:
    """(4 + 2 + 10) × 8 = 128."""
    cluster = resource("AWS::ECS::Cluster", ClusterName="shop")
    assert connections(DAEMON, **{**CLUSTER, "Cluster": cluster, **more}) == (128, 128, 128)


@pytest.mark.parametrize("name", [{"Fn::Sub": "${Of}-main"}, ["shop"], {"Ref": "Of"}])
def test_a_group_may_join_a_cluster_whose_name_is_computed(name: object) -> None:
    cluster = resource("AWS::ECS::Cluster", ClusterName=name)
    more = _launched({"Fn::Base64": JOIN.format("shop")})
    found = made(DAEMON, **{**CLUSTER, "Cluster": cluster, **more}).findings
    (finding,) = [item for item in found if item.id == "unknown-tasks"]
    assert "instances of Third are in its cluster cannot be told: ClusterName of Cluster is " in finding.message


def test_an_instance_of_its_own_that_joins_the_cluster_is_one_more() -> None:
    """(4 + 2 + 1) × 8 = 56."""
    host = resource("AWS::EC2::Instance", UserData={"Fn::Base64": {"Fn::Sub": JOIN.format("${Cluster}")}})
    assert connections(DAEMON, **CLUSTER, Host=host) == (56, 56, 56)


@pytest.mark.parametrize("script", ["yum install -y nginx", JOIN.format("other"), None])
def test_a_group_that_joins_no_cluster_or_another_is_none_of_its_own(script: str | None) -> None:
    more = _launched(None if script is None else {"Fn::Base64": script})
    assert connections(DAEMON, **CLUSTER, **more) == (48, 48, 48)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (_launched({"Fn::Base64": {"Ref": "Script"}}), "their script is"),
        (
            _launched({"Fn::Base64": {"Fn::Sub": JOIN.format("${Name}")}}),
            "what starts them speaks of ECS, and of no cluster",
        ),
        (_launched({"Fn::Base64": JOIN.format("$NAME")}), "what starts them speaks of ECS, and of no cluster"),
        (
            _launched({"Fn::Base64": "aws s3 cp s3://b/ecs.config /etc/ecs/"}),
            "what starts them speaks of ECS, and of no cluster",
        ),
        (
            {"Third": resource("AWS::AutoScaling::AutoScalingGroup", LaunchTemplate={"LaunchTemplateId": "lt-1"})},
            "its LaunchTemplate is not in this app",
        ),
    ],
)
def test_a_group_that_may_join_the_cluster_makes_its_instances_unknown(more: Json, reason: str) -> None:
    (finding,) = [item for item in made(DAEMON, **CLUSTER, **more).findings if item.id == "unknown-tasks"]
    assert f"whether the instances of Third are in its cluster cannot be told: {reason}" in finding.message


def test_a_group_in_another_template_may_join_the_cluster() -> None:
    """(4 + 2 + 10) × 8 = 128."""
    script = {"Fn::Base64": {"Fn::Sub": ["ECS_CLUSTER=${Of}", {"Of": {"Fn::ImportValue": "cluster"}}]}}
    value = document(api=FIXED)
    resources = {"Db": instance(), "Api": service(**DAEMON), "Tasks": tasks({"Name": "web"}), **CLUSTER}
    app = {
        HOME: Template(
            {"Resources": resources, "Outputs": {"C": {"Value": {"Ref": "Cluster"}, "Export": {"Name": "cluster"}}}}
        ),
        "hosts.template.json": Template({"Resources": _launched(script)}),
    }
    api = reread(Document.read(value), HOME, app).workloads["api"]
    assert isinstance(api, TaskWorkload)
    assert api.tasks == 16


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"Cluster": resource("AWS::ECS::Cluster", CapacityProviders=["elsewhere"])},
            "its capacity provider 'elsewhere' is not in this app",
        ),
        ({"Group": resource("AWS::AutoScaling::AutoScalingGroup", MaxSize={"Ref": "Most"})}, "MaxSize of Group is Ref"),
        ({"Cluster": resource("AWS::ECS::Service")}, "its cluster is Ref Cluster, whose instances are not in this"),
        ({"Association": resource("AWS::Other")}, "no Auto Scaling group is among the capacity providers"),
        ({"Group": resource("AWS::Other")}, "the Auto Scaling group of its capacity provider is not in this app"),
    ],
)
def test_a_daemon_whose_instances_cannot_be_counted_is_unknown_until_the_user_counts_them(
    change: Json, reason: str
) -> None:
    """9 declared × 8 = 72; of the other groups at most 4 + 2 are known, and those nobody can declare away."""
    resources = {**CLUSTER, **change}
    (finding,) = [item for item in made(DAEMON, **resources).findings if item.id == "unknown-tasks"]
    assert reason in finding.message
    assert connections(DAEMON, said={"max_tasks": 9}, **resources) == (72, 72, 72)


def scheduled(said: Json, resources: Json) -> Task:
    value = document()
    entry = {"kind": "task", "database": "db", "resource": {"logical_id": "Tasks"}, **said}
    value["workloads"] = {"nightly": entry}
    read = read_again(value, {"Db": instance(), "Tasks": tasks({"Name": "job"}), **resources}).workloads["nightly"]
    assert isinstance(read, Task)
    return read


RULE = resource(
    "AWS::Events::Rule",
    ScheduleExpression="rate(1 day)",
    Targets=[
        {"Arn": "cluster", "EcsParameters": {"TaskCount": 2, "TaskDefinitionArn": {"Ref": "Tasks"}}},
        {"Arn": "topic"},
    ],
)
SCHEDULE = resource(
    "AWS::Scheduler::Schedule",
    ScheduleExpression="rate(1 day)",
    Target={"EcsParameters": {"TaskDefinitionArn": {"Fn::GetAtt": ["Tasks", "Arn"]}}},
)


def test_every_rule_and_schedule_that_runs_a_task_counts_and_runs_overlap_as_declared() -> None:
    """(2 of the rule + 1 of the schedule) × 3 runs at once = 9 pools."""
    found = scheduled({"overlap": 3}, {"Rule": RULE, "Schedule": SCHEDULE})
    assert found.tasks == 3
    assert found.demand().pools == (9, 9, 9)


def test_a_task_that_nothing_in_the_template_starts_is_as_declared() -> None:
    assert scheduled({"tasks": 4}, {}).demand().pools == (4, 4, 4)
    assert scheduled({}, {}).demand().pools == (1, 1, 1)
    assert scheduled({"tasks": 1}, {"Rule": RULE}).demand().pools == (2, 2, 2)


def test_a_task_count_that_is_computed_is_unknown() -> None:
    parameters = {"TaskCount": {"Ref": "N"}, "TaskDefinitionArn": {"Ref": "Tasks"}}
    rule = resource("AWS::Events::Rule", Targets=[{"EcsParameters": parameters}])
    assert scheduled({}, {"Rule": rule}).demand().pools == Unknown("TaskCount is Ref N")


def test_a_task_definition_that_is_gone_is_unknown() -> None:
    value = document()
    value["workloads"] = {"nightly": {"kind": "task", "database": "db", "resource": {"logical_id": "Gone"}}}
    assert isinstance(read_again(value, {}).workloads["nightly"].demand().pools, Unknown)


def function(properties: Json, said: Json | None = None) -> Plan:
    value = document()
    entry = {"kind": "function", "database": "db", "resource": {"logical_id": "Thumbs"}, **(said or {})}
    value["workloads"] = {"thumbs": {**entry, "pool_size": 1, "max_overflow": 1}}
    return counted(value, {"Db": instance(), "Thumbs": resource("AWS::Lambda::Function", **properties)})


def test_a_function_has_pools_in_every_reserved_environment() -> None:
    """20 × (1 + 1)."""
    environment = {"Variables": {"DB_POOL_SIZE": "1", "DB_MAX_OVERFLOW": "1"}}
    made = function({"ReservedConcurrentExecutions": 20, "Environment": environment})
    assert made.tally.allotments["thumbs"].connections == (40, 40, 40)


def test_provisioned_concurrency_is_taken_from_the_reserved_one() -> None:
    """20 × (1 + 1), with 15 of the 20 provisioned for an alias."""
    value = document()
    entry = {"kind": "function", "database": "db", "resource": {"logical_id": "Thumbs"}}
    value["workloads"] = {"thumbs": {**entry, "pool_size": 1, "max_overflow": 1}}
    alias = {"ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 15}}
    resources = {
        "Db": instance(),
        "Thumbs": resource("AWS::Lambda::Function", ReservedConcurrentExecutions=20),
        "Live": resource("AWS::Lambda::Alias", FunctionName={"Ref": "Thumbs"}, **alias),
    }
    assert counted(value, resources).tally.allotments["thumbs"].connections == (40, 40, 40)


def test_a_function_whose_variables_are_larger_is_counted_at_those() -> None:
    """20 × (5 + 5)."""
    environment = {"Variables": {"DB_POOL_SIZE": "5", "DB_MAX_OVERFLOW": "5"}}
    made = function({"ReservedConcurrentExecutions": 20, "Environment": environment})
    assert made.tally.allotments["thumbs"].connections == (200, 200, 200)
    (finding,) = [item for item in made.findings if item.id == "environment-conflict"]
    assert "DB_POOL_SIZE is '5' in the function and 1 in the budget" in finding.message


def test_no_word_of_the_users_bounds_a_function_without_reserved_concurrency() -> None:
    for said in ({}, {"reserved_concurrency": 5}):
        (finding,) = [item for item in function({}, said).findings if item.id == "unknown-tasks"]
        assert "no reserved concurrency is set" in finding.message
    computed = function({"ReservedConcurrentExecutions": {"Ref": "N"}}, {"reserved_concurrency": 5})
    assert computed.tally.allotments["thumbs"].connections == (10, 10, 10)


def celery(command: Any, **said: Any) -> Plan:
    value = document(api={"kind": "celery", **said})
    worker = {"Name": "worker", "Command": command}
    return counted(value, {"Db": instance(), "Api": service(DesiredCount=2), "Tasks": tasks(worker)})


@pytest.mark.parametrize(
    ("command", "said", "pools", "peak"),
    [
        (["celery", "worker", "-c", "4"], {}, 16, 16),  # 2 tasks × 200 % × 4 children
        (["celery", "worker", "--autoscale=10,2"], {}, 40, 40),  # the maximum of 10
        (["celery", "worker", "-c", "4", "-P", "threads"], {}, 4, 16),  # one pool of 4 in each of 4 tasks
        (["celery", "worker", "-c", "100", "-P", "gevent"], {}, 4, 400),
        (["celery", "worker", "-c", "100", "--pool=eventlet"], {}, 4, 400),
        (["celery", "worker", "-c", "4", "--pool", "solo"], {}, 4, 4),
        (["celery", "worker", "-c", "4", "-B"], {}, 16, 20),  # and one for the beat of each
        (["celery", "worker", "-c", "4"], {"result_backend": True}, 16, 32),
        (["celery", "worker", "-c", "4"], {"concurrency": 2}, 16, 16),  # the larger counts
        (["celery", "worker", "-c", "2"], {"concurrency": 4}, 16, 16),
        (["celery", "worker"], {"concurrency": 3}, 12, 12),
    ],
)
def test_every_celery_pool_is_counted_by_its_command(command: Any, said: Json, pools: int, peak: int) -> None:
    plan = celery(command, **said).to_json()["workloads"]["api"]
    assert (plan["pools"], plan["peak"]) == (pools, peak)


def test_a_worker_that_says_no_concurrency_is_unknown() -> None:
    (finding,) = [item for item in celery(["celery", "worker"]).findings if item.id == "unknown-tasks"]
    assert "Celery's own default is the host's CPU count" in finding.message


def test_workers_of_a_web_server_are_read_from_the_command_and_again_after_it_was_changed() -> None:
    """2 tasks × 200 % × 4 workers = 16, and 24 once there are 6."""
    value = document(api={"processes": 4, "sources": {"processes": "read"}})
    for workers, pools, changed in ((4, 16, 0), (6, 24, 1)):
        web = {"Name": "web", "Command": ["gunicorn", "-w", str(workers), "app:app"]}
        read = read_again(value, {"Api": service(DesiredCount=2), "Tasks": tasks(web)}).workloads["api"]
        assert isinstance(read, TaskWorkload)
        assert read.demand().pools == (pools // 2, pools // 2, pools)
        assert len(read.changed) == changed
