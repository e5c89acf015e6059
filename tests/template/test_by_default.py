"""The numbers of a discovered document that rest on parameters which nothing was given for."""

from typing import Any

import pytest

from constructs_lib.budget.database import Database
from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.workloads import Workload
from constructs_lib.template.app import App
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.by_default import absent
from constructs_lib.template.discover import discover
from tests.template.app_templates import instance, resource, scaling
from tests.template.reachable_shop import ADDRESS, container, service, tasks

Json = dict[str, Any]
CONDITIONS: Json = {
    "Scaled": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
    "Small": {"Fn::Not": [{"Condition": "Scaled"}]},
}
NONE: Json = {"Ref": "AWS::NoValue"}


def template(resources: Json, **defaults: Any) -> Json:
    """A database, and what is given; parameters with their defaults, of which Stage is `dev`."""
    parameters = {name: {"Type": "String", "Default": value} for name, value in {"Stage": "dev", **defaults}.items()}
    return {"Parameters": parameters, "Conditions": CONDITIONS, "Resources": {"Db": instance(), **resources}}


def read(content: Json, given: Json | None = None, **others: Json) -> Document:
    assembly = Assembly({"app.json": content, **{f"{name}.json": item for name, item in others.items()}}, given=given)
    return discover(assembly).document(assembly)


def api(*containers: Json, **properties: Any) -> Json:
    return {
        "Cluster": resource("AWS::ECS::Cluster"),
        "Task": tasks(*(containers or (container(DB_HOST=ADDRESS),))),
        "Api": service("Task", **{"DesiredCount": 2, **properties}),
    }


def marks(content: Json, given: Json | None = None, name: str = "Api", **others: Json) -> Json:
    """What of a workload rests on which parameters."""
    return dict(read(content, given, **others).workloads[name].by_default)


class TestTasks:
    def test_a_desired_count_rests_on_its_parameter_and_where_nothing_scales_so_does_the_most(self) -> None:
        content = template(api(DesiredCount={"Ref": "Tasks"}), Tasks=3)
        assert marks(content) == {"tasks": ("Tasks",), "max_tasks": ("Tasks",)}

    def test_what_is_given_is_no_assumption(self) -> None:
        content = template(api(DesiredCount={"Ref": "Tasks"}), Tasks=3)
        assert marks(content, {"Tasks": "3"}) == {}

    def test_numbers_that_stand_in_the_template_rest_on_nothing(self) -> None:
        content = template({**api(ServiceName={"Ref": "Name"}), "Scaling": scaling()}, Name="x")
        assert marks(content) == {}

    def test_a_condition_counts_and_the_branch_that_it_takes(self) -> None:
        choice = {"Fn::If": ["Small", {"Ref": "Few"}, {"Ref": "Many"}]}
        content = template(api(DesiredCount=choice), Few=1, Many=9)
        assert marks(content)["tasks"] == ("Few", "Stage")
        assert marks(content, {"Stage": "prod"})["tasks"] == ("Many",)

    def test_the_most_rests_on_the_scaling_and_the_percentage_on_the_deployment(self) -> None:
        deployed = {"MaximumPercent": {"Ref": "Percent"}, "MinimumHealthyPercent": {"Ref": "Least"}}
        scaled = scaling(MaxCapacity={"Ref": "Most"}, MinCapacity={"Ref": "Fewest"})
        made = {**api(DeploymentConfiguration=deployed), "Scaling": scaled}
        assert marks(template(made, Percent=150, Least=50, Most=9, Fewest=1)) == {
            "tasks": ("Fewest",),  # another minimum would lift them
            "max_tasks": ("Most",),
            "maximum_percent": ("Percent",),
        }

    def test_scaling_that_a_condition_takes_away_leaves_its_mark_on_the_most(self) -> None:
        """2 tasks, which nothing scales by default; with Stage=prod up to 8."""
        made = {**api(), "Scaling": {**scaling(MaxCapacity={"Ref": "Most"}), "Condition": "Scaled"}}
        content = template(made, Most=8)
        assert marks(content) == {"max_tasks": ("Stage",)}
        assert marks(content, {"Stage": "prod"}) == {"max_tasks": ("Most",)}
        assert getattr(read(content).workloads["Api"], "max_tasks", None) == 2

    def test_scaling_that_a_condition_leaves_there_does_so_too(self) -> None:
        made = {**api(), "Scaling": {**scaling(MinCapacity=3), "Condition": "Small"}}
        assert marks(template(made)) == {"tasks": ("Stage",), "max_tasks": ("Stage",)}

    def test_a_service_that_is_there_by_a_condition_rests_on_it(self) -> None:
        made = api()
        made["Api"]["Condition"] = "Small"
        assert marks(template({**made, "Scaling": scaling()})) == {"tasks": ("Stage",)}

    def test_a_daemon_rests_on_the_size_of_its_group(self) -> None:
        made = api(SchedulingStrategy="DAEMON", Cluster={"Ref": "Cluster"})
        made["Cluster"] = resource("AWS::ECS::Cluster", CapacityProviders=[{"Ref": "Provider"}])
        provider = {"AutoScalingGroupArn": {"Ref": "Group"}}
        made["Provider"] = resource("AWS::ECS::CapacityProvider", AutoScalingGroupProvider=provider)
        made["Group"] = resource("AWS::AutoScaling::AutoScalingGroup", MinSize=1, MaxSize={"Ref": "Most"})
        assert marks(template(made, Most=4)) == {"tasks": ("Most",), "max_tasks": ("Most",)}

    def test_tasks_of_schedules_rest_on_their_counts_and_on_the_schedules_that_a_condition_takes_away(self) -> None:
        def rule(count: object) -> Json:
            run = {"EcsParameters": {"TaskDefinitionArn": {"Ref": "Job"}, "TaskCount": count}}
            return resource("AWS::Events::Rule", ScheduleExpression="rate(1 day)", Targets=[run])

        made = {"Job": tasks(container(DB_HOST=ADDRESS)), "Daily": rule({"Ref": "Runs"})}
        assert marks(template(made, Runs=2), name="Job") == {"tasks": ("Runs",)}
        made["Weekly"] = {**rule(5), "Condition": "Scaled"}
        assert marks(template(made, Runs=2), name="Job") == {"tasks": ("Runs", "Stage")}


class TestContainers:
    def made(self, *containers: Json, **defaults: Any) -> Json:
        return marks(template(api(*containers), **defaults))

    def test_sizes_of_pools_rest_on_the_variables_that_say_them(self) -> None:
        sized = container(DB_HOST=ADDRESS, DB_POOL_SIZE={"Ref": "Pool"}, LOG_LEVEL={"Ref": "Level"})
        assert self.made(sized, Pool=4, Level="info") == {"pool_size": ("Pool",)}
        most = container(DB_HOST=ADDRESS, DB_MAX_POOL_SIZE={"Ref": "Pool"})
        assert self.made(most, Pool=4) == {"pool_size": ("Pool",), "max_overflow": ("Pool",)}

    def test_a_variable_that_a_condition_takes_away_leaves_its_mark(self) -> None:
        there = {"Fn::If": ["Scaled", {"Name": "DB_POOL_SIZE", "Value": "40"}, NONE]}
        sized = container(DB_HOST=ADDRESS)
        sized["Environment"].append(there)
        assert self.made(sized) == {"pool_size": ("Stage",)}

    def test_processes_rest_on_the_word_that_says_them_alone(self) -> None:
        words: list[Any] = ["gunicorn", "app", "--workers", {"Ref": "Workers"}, "--bind", {"Fn::Sub": ":${Port}"}]
        assert self.made(container(command=words, DB_HOST=ADDRESS), Workers=2, Port=80) == {"processes": ("Workers",)}

    @pytest.mark.parametrize(
        "script",
        [
            {"Fn::Sub": "gunicorn app -w ${Workers} --bind :${Port}"},
            {"Fn::Join": ["", ["gunicorn app -w ", {"Ref": "Workers"}, " --bind :", {"Ref": "Port"}]]},
            {"Fn::Sub": ["gunicorn app -w ${W} --bind :${Port}", {"W": {"Ref": "Workers"}}]},
        ],
        ids=repr,
    )
    def test_processes_rest_on_the_part_of_a_script_that_says_them_alone(self, script: Json) -> None:
        words: list[Any] = ["sh", "-c", script]
        assert self.made(container(command=words, DB_HOST=ADDRESS), Workers=2, Port=80) == {"processes": ("Workers",)}

    def test_processes_rest_on_a_variable_that_nothing_overrules(self) -> None:
        given: Json = {"DB_HOST": ADDRESS, "WEB_CONCURRENCY": {"Ref": "Workers"}}
        assert self.made(container(command=["gunicorn", "app"], **given), Workers=2) == {"processes": ("Workers",)}
        assert self.made(container(command=["gunicorn", "app", "-w", "3"], **given), Workers=2) == {}

    def test_the_concurrency_of_celery_rests_on_the_variable_that_its_script_takes(self) -> None:
        worker = container(command=["sh", "-c", "celery -A x worker -c $JOBS"], DB_HOST=ADDRESS, JOBS={"Ref": "Jobs"})
        assert self.made(worker, Jobs=5) == {"concurrency": ("Jobs",)}

    def test_a_container_that_a_condition_takes_away_leaves_its_mark(self) -> None:
        second = {"Fn::If": ["Scaled", container("jobs", DB_HOST=ADDRESS), NONE]}
        assert self.made(container(DB_HOST=ADDRESS), second) == {"containers": ("Stage",)}
        router = {"Fn::If": ["Scaled", container("router", LEVEL="info"), NONE]}
        assert self.made(container(DB_HOST=ADDRESS), router) == {}

    def test_a_command_of_very_many_parts_is_taken_to_rest_on_all(self) -> None:
        """Of 60 parts, 50 are asked."""
        words: list[Any] = ["gunicorn", "app", *({"Ref": "Port"} for _ in range(60)), "-w", {"Ref": "Workers"}]
        assert self.made(container(command=words, DB_HOST=ADDRESS), Workers=2, Port="x")["processes"] == (
            "Port",
            "Workers",
        )

    def test_a_function_rests_on_its_concurrency_and_its_variables(self) -> None:
        variables = {"DB_HOST": ADDRESS, "DB_POOL_SIZE": {"Ref": "Pool"}, "LEVEL": {"Ref": "Level"}}
        reserved = {"ReservedConcurrentExecutions": {"Ref": "Most"}, "Environment": {"Variables": variables}}
        content = template({"Fn": resource("AWS::Lambda::Function", **reserved)}, Pool=2, Most=9, Level="x")
        assert marks(content, name="Fn") == {"reserved_concurrency": ("Most",), "pool_size": ("Pool",)}

    def test_a_function_rests_on_what_is_said_of_all(self) -> None:
        content = template({"Fn": resource("AWS::Serverless::Function", Handler="x")}, Pool=2, Most=9)
        variables = {"DB_HOST": ADDRESS, "DB_POOL_SIZE": {"Ref": "Pool"}}
        shared = {"ReservedConcurrentExecutions": {"Ref": "Most"}, "Environment": {"Variables": variables}}
        made = {**content, "Transform": "AWS::Serverless-2016-10-31", "Globals": {"Function": shared}}
        assert marks(made, name="Fn") == {"reserved_concurrency": ("Most",), "pool_size": ("Pool",)}


class TestServers:
    def database(self, resources: Json, name: str = "Db", **defaults: Any) -> Json:
        found: Database = read(template({**api(), **resources}, **defaults)).databases[name]
        return dict(found.defaults)

    def test_a_database_rests_on_its_class_and_version(self) -> None:
        made = {
            "Db": instance(DBInstanceClass={"Ref": "Class"}, EngineVersion={"Ref": "Version"}, Port={"Ref": "Port"})
        }
        assert self.database(made, Class="db.t4g.micro", Version="16.4", Port=1) == {
            "instance_class": ("Class",),
            "engine_version": ("Version",),
        }

    def test_a_database_rests_on_max_connections_of_its_parameter_group_alone(self) -> None:
        parameters = {"max_connections": {"Ref": "Most"}, "work_mem": {"Ref": "Memory"}}
        group = resource("AWS::RDS::DBParameterGroup", Family="postgres16", Parameters=parameters)
        made = {"Db": instance(DBParameterGroupName={"Ref": "Group"}), "Group": group}
        assert self.database(made, Most=300, Memory=4) == {"parameter_max_connections": ("Most",)}
        group["Properties"]["Parameters"] = {"Fn::If": ["Small", {"max_connections": "90"}, NONE]}
        assert self.database(made, Most=300)["parameter_max_connections"] == ("Stage",)

    def test_a_database_rests_on_which_parameter_group_a_condition_chooses(self) -> None:
        def group(most: int) -> Json:
            return resource("AWS::RDS::DBParameterGroup", Family="x", Parameters={"max_connections": str(most)})

        chosen = {"Fn::If": ["Small", {"Ref": "Few"}, {"Ref": "Many"}]}
        made = {"Db": instance(DBParameterGroupName=chosen), "Few": group(100), "Many": group(900)}
        found = read(template({**api(), **made})).databases["Db"]
        assert found.parameter_max_connections == "100"
        assert found.defaults["parameter_max_connections"] == ("Stage",)

    def test_an_instance_of_a_cluster_rests_on_what_the_cluster_says(self) -> None:
        range_of = {"MinCapacity": 2, "MaxCapacity": {"Ref": "Most"}}
        cluster = resource("AWS::RDS::DBCluster", Engine="aurora-postgresql", ServerlessV2ScalingConfiguration=range_of)
        writer = resource(
            "AWS::RDS::DBInstance",
            Engine="aurora-postgresql",
            DBInstanceClass="db.serverless",
            DBClusterIdentifier={"Ref": "Db"},
        )
        assert self.database({"Db": cluster, "Writer": writer}, Most=8) == {"max_acu": ("Most",)}

    def test_a_proxy_rests_on_its_target_group(self) -> None:
        pool = {"MaxConnectionsPercent": {"Ref": "Share"}}
        made = {
            "Proxy": resource("AWS::RDS::DBProxy", EngineFamily="POSTGRESQL", IdleClientTimeout={"Ref": "Idle"}),
            "Group": resource(
                "AWS::RDS::DBProxyTargetGroup",
                DBProxyName={"Ref": "Proxy"},
                DBInstanceIdentifiers=[{"Ref": "Db"}],
                ConnectionPoolConfigurationInfo=pool,
            ),
        }
        found: Proxy = read(template({**api(), **made}, Share=70, Idle=600)).proxies["Proxy"]
        assert found.by_default == {"max_connections_percent": ("Share",), "idle_client_timeout": ("Idle",)}


CHILD: Json = {
    "Parameters": {
        "Host": {"Type": "String"},
        "Tasks": {"Type": "Number", "Default": 7},
        "Pool": {"Type": "Number", "Default": 6},
    },
    "Resources": api(container(DB_HOST={"Ref": "Host"}, DB_POOL_SIZE={"Ref": "Pool"}), DesiredCount={"Ref": "Tasks"}),
}


class TestStacks:
    def stack(self, tasks_passed: object) -> Json:
        passed = {"Host": ADDRESS, "Tasks": tasks_passed}
        return {"Child": resource("AWS::CloudFormation::Stack", TemplateURL="child.json", Parameters=passed)}

    def test_what_a_parent_passes_and_what_it_leaves_out_are_no_assumption(self) -> None:
        assert marks(template(self.stack(3)), child=CHILD) == {}

    def test_what_a_parent_passes_on_of_its_own_defaults_is(self) -> None:
        content = template(self.stack({"Ref": "Count"}), Count=3)
        assert marks(content, child=CHILD) == {"tasks": ("Count",), "max_tasks": ("Count",)}
        assert marks(content, {"Count": "3"}, child=CHILD) == {}

    def test_a_stack_that_a_default_leaves_there_or_takes_away_rests_on_it(self) -> None:
        content = template(self.stack(3))
        content["Resources"]["Child"]["Condition"] = "Small"
        assert marks(content, child=CHILD) == {"tasks": ("Stage",), "max_tasks": ("Stage",)}
        content["Resources"]["Child"]["Condition"] = "Scaled"
        app = App(Assembly({"app.json": content, "child.json": CHILD}))
        assert [(at.name, names, missing) for at, names, missing in absent(app)] == [
            ("child.json", ("Stage",), ["Api"])
        ]


def test_a_template_whose_defaults_may_not_be_assumed_has_no_marks() -> None:
    content = template(api(DesiredCount={"Ref": "Tasks"}), Tasks=3)
    assembly = Assembly({"app.json": content}, defaults=False)
    workload: Workload = discover(assembly).document(assembly).workloads["Api"]
    assert workload.by_default == {}


def test_what_a_default_takes_away_is_told_with_its_parameter() -> None:
    made = api()
    made["Api"]["Condition"] = "Scaled"
    content = template({**made, "Cluster": {**resource("AWS::ECS::Cluster"), "Condition": "Scaled"}})
    app = App(Assembly({"app.json": content}))
    assert [(names, missing) for _, names, missing in absent(app)] == [(("Stage",), ["Api"])]
    app = App(Assembly({"app.json": content}, given={"Stage": "dev"}))
    assert list(absent(app)) == []


def test_marks_change_no_number() -> None:
    content = template(
        {**api(DesiredCount={"Ref": "Tasks"}), "Scaling": scaling(MaxCapacity={"Ref": "Most"})}, Tasks=3, Most=9
    )
    by_default, given = plan(read(content)), plan(read(content, {"Tasks": "3", "Most": "9"}))
    marked, plain = by_default.to_json(), given.to_json()
    assert marked["workloads"]["Api"].pop("assumed") != plain["workloads"]["Api"].pop("assumed")
    for part in ("fits", "databases", "workloads"):
        assert marked[part] == plain[part]
    assert {item.id for item in by_default.findings} == {item.id for item in given.findings}
