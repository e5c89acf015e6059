"""Budgets for templates that know nothing of budgets."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.budget.document import Document
from constructs_lib.budget.overlay import overlaid
from constructs_lib.budget.plan import plan
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import Celery, Function, Service, Task, Workload
from constructs_lib.template.assembly import Assembly
from constructs_lib.template.discover import discover
from constructs_lib.template.discovery import undeclared
from constructs_lib.template.reread import reread
from tests.template.app_templates import instance, resource
from tests.template.reachable_shop import (
    ADDRESS,
    DATABASE,
    SHOP,
    assembly,
    container,
    discovered,
    document_of,
    evidence,
    group,
    group_id,
    let_in,
    service,
    tasks,
)

Json = dict[str, Any]


def workload(resources: Json, name: str = "Api") -> Workload:
    return document_of(resources).workloads[name]


def with_api(*containers: Json, **more: Json) -> Json:
    return {**SHOP, "ApiTask": tasks(*containers), **more}


def _with(name: str) -> Json:
    return {"Name": "web", "Environment": [{"Name": name, "Value": "x"}]}


class TestWhoConnects:
    @pytest.mark.parametrize(
        ("variables", "how"),
        [
            ({"DB_HOST": ADDRESS}, "DB_HOST of container 'web'"),
            ({"URL": {"Fn::Sub": "postgres://u@${Db.Endpoint.Address}:5432/x"}}, "URL of container 'web'"),
            ({"URL": {"Fn::Join": ["", ["postgres://", ADDRESS]]}}, "URL of container 'web'"),
        ],
    )
    def test_whoever_is_given_the_address(self, variables: Json, how: str) -> None:
        made = {**SHOP, "DbGroup": group(), "ApiTask": tasks(container(**variables))}
        assert discovered(made).entries["workloads"]["Api"]["database"] == "Db"
        assert evidence(made) == {"Api": how}

    @pytest.mark.parametrize(
        "ties",
        [
            {
                "Attachment": resource(
                    "AWS::SecretsManager::SecretTargetAttachment", SecretId={"Ref": "Secret"}, TargetId={"Ref": "Db"}
                )
            },
            {
                "Db": instance(
                    MasterUserPassword={"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:password}}"}
                )
            },
        ],
        ids=["attached", "named by the database"],
    )
    def test_whoever_is_given_the_secret(self, ties: Json) -> None:
        task = tasks(container(secrets={"PASSWORD": {"Fn::Join": ["", [{"Ref": "Secret"}, ":password::"]]}}))
        made = {**SHOP, "DbGroup": group(), "Secret": resource("AWS::SecretsManager::Secret"), "ApiTask": task, **ties}
        assert evidence(made) == {"Api": "PASSWORD of container 'web'"}

    def test_whoever_its_security_groups_let_through(self) -> None:
        path = "through security groups: Api → ApiGroup → DbGroup (tcp 5432)"
        assert evidence(with_api(container())) == {"Api": path}

    def test_whoever_has_a_variable_that_is_called_like_one_where_there_is_one_database(self) -> None:
        made = {**SHOP, "DbGroup": group(), "ApiTask": tasks(container(DATABASE_URL={"Ref": "Url"}))}
        assert evidence(made) == {"Api": "by the name of DATABASE_URL of container 'web'"}

    def test_what_only_a_name_or_a_scheme_says_is_an_assumption_and_what_the_template_wires_is_none(self) -> None:
        guesses = (container(DATABASE_URL={"Ref": "Url"}), container(APP_DSN="postgresql://u@somewhere/x"))
        for guess in guesses:
            found = workload({**SHOP, "DbGroup": group(), "ApiTask": tasks(guess)})
            assert "database" in found.assumed_keys()
        for wired in (SHOP, with_api(container()), {**SHOP, "ApiTask": tasks(*guesses[:1])}):
            assert "database" not in workload(wired).assumed_keys()

    def test_a_proxy_that_it_may_go_through_is_said_beside_the_guess(self) -> None:
        """It counts as direct beside the proxy's own connections, which is never too few."""
        front = resource("AWS::RDS::DBProxy", EngineFamily="POSTGRESQL")
        targets = resource(
            "AWS::RDS::DBProxyTargetGroup", DBProxyName={"Ref": "Front"}, DBInstanceIdentifiers=[{"Ref": "Db"}]
        )
        api = tasks(container(DATABASE_URL={"Ref": "Url"}))
        made = {**SHOP, "DbGroup": group(), "ApiTask": api, "Front": front, "Targets": targets}
        words = "by the name of DATABASE_URL of container 'web' (it may go through Front, and counts as direct)"
        assert evidence(made) == {"Api": words}
        (said,) = [
            item.message for item in plan(document_of(made)).findings if item.subject == "Api" and item.id == "assumed"
        ]
        assert said.startswith(f"assumed for Api: database Db: {words}; ")

    @pytest.mark.parametrize("name", ["DYNAMODB_TABLE", "REDIS_HOST", "LOG_LEVEL", "DB_POOL_SIZE", "DEBUG"])
    def test_nobody_else(self, name: str) -> None:
        made = {**SHOP, "DbGroup": group(), "ApiTask": tasks(_with(name))}
        assert discovered(made).entries["workloads"] == {}

    def test_an_address_says_more_than_a_group_that_is_shared(self) -> None:
        """Both databases let the API's group in; its container names one."""
        made = {**SHOP, "Other": instance(VPCSecurityGroups=[group_id("DbGroup")])}
        found = discovered(made)
        assert [entry["database"] for entry in found.entries["workloads"].values()] == ["Db"]
        assert not [finding for finding in plan(document_of(made)).findings if finding.id == "unbudgeted-client"]

    def test_one_that_connects_to_two_databases_counts_at_both(self) -> None:
        other = {"Fn::GetAtt": ["Other", "Endpoint.Address"]}
        made = with_api(container(A=ADDRESS, B=other), Other=instance())
        assert list(discovered(made).entries["workloads"]) == ["Api (Db)", "Api (Other)"]

    @pytest.mark.parametrize(
        ("name", "words"),
        [({"Ref": "AWS::StackName"}, "Ref AWS::StackName"), ({"Fn::Sub": "${Stage}-web"}, "Fn::Sub ${Stage}-web")],
    )
    def test_a_container_whose_name_is_computed_is_called_as_it_is_written(self, name: Json, words: str) -> None:
        made = with_api({**container(DB_HOST=ADDRESS), "Name": name}, container("proxy"))
        assert evidence(made) == {"Api": f"DB_HOST of container {words!r}"}
        assert discovered(made).entries["workloads"]["Api"]["containers"] == [words]
        assert peaks(made) == {"Api": 60}, "2 tasks × 200 % × (5 + 10)"


class TestWhatIsRead:
    def test_the_container_that_connects_counts_and_its_sidecar_does_not(self) -> None:
        found = workload(with_api(container(DB_HOST=ADDRESS), container("proxy"), container("log", LEVEL="info")))
        assert isinstance(found, Service)
        assert found.containers == ("web",)

    def test_tasks_and_processes_are_read_and_pools_are_sqlalchemys_where_nothing_is_said(self) -> None:
        """2 tasks × 200 % × 3 processes × (5 + 10) = 180."""
        run = ["gunicorn", "app:app", "--workers", "3"]
        made = plan(document_of(with_api(container(command=run, DB_HOST=ADDRESS))))
        allotment = made.tally.allotments["Api"]
        assert allotment.connections is not None
        assert allotment.connections.peak == 180
        found = made.document.workloads["Api"]
        assert (found.given["pool_size"], found.given["max_overflow"]) == (Source.ASSUMED, Source.ASSUMED)
        (assumed,) = [item for item in made.findings if item.id == "assumed" and item.subject == "Api"]
        assert "pool_size 5 and max_overflow 10" in assumed.message

    def test_pools_are_read_from_the_variables(self) -> None:
        found = workload(with_api(container(DB_HOST=ADDRESS, DB_POOL_SIZE="4", DB_MAX_OVERFLOW="2")))
        assert isinstance(found, Service)
        assert (found.pool_size, found.max_overflow) == (4, 2)
        assert found.given["pool_size"] is Source.READ

    def test_pools_of_several_prefixes_add_up_and_are_named(self) -> None:
        """(4 + 8) + (2 + 10), the second with SQLAlchemy's own overflow."""
        sizes: Json = {"ORDERS_DB_POOL_SIZE": "4", "ORDERS_DB_MAX_OVERFLOW": "2", "SHOP_DB_POOL_SIZE": "8"}
        made = with_api(container(DB_HOST=ADDRESS, **sizes))
        found = workload(made)
        assert isinstance(found, Service)
        assert (found.pool_size, found.max_overflow) == (12, 12)
        assert evidence(made)["Api"].endswith(f"; its pools add up: {', '.join(sizes)}")

    def test_of_several_leads_the_first_is_named_and_the_others_are_counted(self) -> None:
        made = with_api(container(DB_HOST=ADDRESS, READ_HOST=ADDRESS, URL=ADDRESS))
        assert evidence(made) == {"Api": "DB_HOST of container 'web' and 2 more"}

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("DB\x1b[31m", "DB\N{REPLACEMENT CHARACTER}[31m of container 'web'"),
            ("D\ud800", "D\N{REPLACEMENT CHARACTER} of container 'web'"),
            ("A" * 600, "A" * 299 + "…"),
        ],
        ids=["a control character", "half a character", "a long name"],
    )
    def test_whatever_a_variable_is_called_a_document_takes_what_is_said_of_it(self, name: str, words: str) -> None:
        """At most 300 printable letters."""
        odd = {"Name": "web", "Environment": [{"Name": name, "Value": ADDRESS}]}
        assert workload(with_api(odd)).evidence == words

    def test_a_celery_worker_is_told_by_its_command(self) -> None:
        """Concurrency 6: 2 × 200 % × 6 × 1 = 24."""
        run = ["celery", "-A", "shop", "worker", "--concurrency", "6"]
        made = plan(document_of(with_api(container(command=run, DB_HOST=ADDRESS))))
        assert isinstance(made.document.workloads["Api"], Celery)
        connections = made.tally.allotments["Api"].connections
        assert connections is not None
        assert connections.peak == 24

    def test_a_celery_worker_without_concurrency_cannot_be_shown_to_fit(self) -> None:
        made = plan(document_of(with_api(container(command=["celery", "worker"], DB_HOST=ADDRESS))))
        assert not made.fits
        assert [item.id for item in made.findings if item.severity.value == "error"] == ["unknown-tasks"]

    def test_a_function_is_bounded_by_its_reserved_concurrency_and_has_one_connection_at_a_time(self) -> None:
        variables = {"Variables": {"DB_HOST": ADDRESS}}
        bounded = resource("AWS::Lambda::Function", Environment=variables, ReservedConcurrentExecutions=20)
        made = plan(document_of({**DATABASE, "Report": bounded}))
        assert isinstance(made.document.workloads["Report"], Function)
        connections = made.tally.allotments["Report"].connections
        assert connections is not None
        assert connections.peak == 20
        unbounded = resource("AWS::Lambda::Function", Environment=variables)
        assert not plan(document_of({**DATABASE, "Report": unbounded})).fits

    def test_a_function_of_sam_has_the_variables_of_the_globals(self) -> None:
        templates = {"Report": resource("AWS::Serverless::Function", ReservedConcurrentExecutions=2), **DATABASE}
        shared = {"Function": {"Environment": {"Variables": {"DB_HOST": ADDRESS}}}}
        app = Assembly({"app.json": {"Resources": templates, "Globals": shared}})
        assert list(discover(app).entries["workloads"]) == ["Report"]

    def test_a_function_of_sam_has_the_reserved_concurrency_of_the_globals(self) -> None:
        templates = {"Report": resource("AWS::Serverless::Function"), **DATABASE}
        shared = {
            "Function": {
                "Environment": {"Variables": {"DB_HOST": ADDRESS, "DB_POOL_SIZE": "3", "DB_MAX_OVERFLOW": "0"}},
                "ReservedConcurrentExecutions": 7,
            }
        }
        app = Assembly({"app.json": {"Resources": templates, "Globals": shared}})
        connections = plan(discover(app).document(app)).tally.allotments["Report"].connections
        assert connections is not None
        assert connections.peak == 21, "7 environments of 3"

    def test_an_address_in_a_command_leads_to_the_database(self) -> None:
        url = {"Fn::Sub": "postgres://${Db.Endpoint.Address}/spice"}
        serve = {**container("spice"), "Command": ["serve", "--datastore-conn-uri", url]}
        found = evidence({"Db": instance(), "Api": service("ApiTask"), "ApiTask": tasks(serve)})
        assert found == {"Api": "Command of container 'spice'"}

    @pytest.mark.parametrize(
        "carrier",
        [
            resource("AWS::SSM::Parameter", Value=ADDRESS),
            resource("AWS::SecretsManager::Secret", SecretString={"Fn::Sub": '{"host": "${Db.Endpoint.Address}"}'}),
            resource("AWS::Route53::RecordSet", ResourceRecords=[ADDRESS]),
        ],
    )
    def test_what_carries_the_address_leads_to_the_database(self, carrier: Json) -> None:
        api = tasks(container("web", SETTING={"Ref": "Carrier"}))
        found = discovered({"Db": instance(), "Carrier": carrier, "Api": service("ApiTask"), "ApiTask": api})
        assert list(found.entries["workloads"]) == ["Api"]

    @pytest.mark.parametrize("attribute", ["Endpoint.Address", "MasterUserSecret.SecretArn"])
    def test_so_does_what_carries_the_secret_and_nothing_else_does(self, attribute: str) -> None:
        api = tasks(container("web", SETTING={"Ref": "Carrier"}))
        made = {"Db": instance(), "Api": service("ApiTask"), "ApiTask": api}
        found = discovered(
            {**made, "Carrier": resource("AWS::SSM::Parameter", Value={"Fn::GetAtt": ["Db", attribute]})}
        )
        assert list(found.entries["workloads"]) == ["Api"]
        arn = resource("AWS::SSM::Parameter", Value={"Fn::GetAtt": ["Db", "DBInstanceArn"]})
        assert discovered({**made, "Carrier": arn}).entries["workloads"] == {}

    def test_the_secret_of_one_database_counts_beside_the_address_of_another(self) -> None:
        secret = {"Fn::GetAtt": ["Other", "MasterUserSecret.SecretArn"]}
        made = with_api(container(DB_HOST=ADDRESS, secrets={"REPORTS": secret}), Other=instance())
        assert list(discovered(made).entries["workloads"]) == ["Api (Db)", "Api (Other)"]

    def test_a_task_that_no_service_runs_is_one_for_itself(self) -> None:
        found = workload({**SHOP, "Migrate": tasks(container("migrate", DB_HOST=ADDRESS))}, "Migrate")
        assert isinstance(found, Task)
        assert found.tasks == 1

    def test_a_proxy_stands_between_and_its_clients_behind_it(self) -> None:
        proxy = {
            "Front": resource("AWS::RDS::DBProxy", EngineFamily="POSTGRESQL"),
            "Targets": resource(
                "AWS::RDS::DBProxyTargetGroup", DBProxyName={"Ref": "Front"}, DBInstanceIdentifiers=[{"Ref": "Db"}]
            ),
        }
        through = {"Fn::GetAtt": ["Front", "Endpoint"]}
        entries = discovered(with_api(container(DB_HOST=through), **proxy)).entries
        assert entries["proxies"]["Front"]["database"] == "Db"
        assert entries["workloads"]["Api"]["proxy"] == "Front"
        assert "database" not in entries["workloads"]["Api"]
        both = discovered(with_api(container(DB_HOST=through, DIRECT=ADDRESS), **proxy)).entries
        assert both["workloads"]["Api"]["database"] == "Db", "direct connections come on top of the proxy's"

    def test_a_proxy_of_a_database_that_is_defined_elsewhere_is_assumed_to_be_one(self) -> None:
        front = resource("AWS::RDS::DBProxy", EngineFamily="POSTGRESQL")
        assert discovered({**SHOP, "Front": front}).entries["proxies"] == {}
        (assumed,) = [
            item
            for item in plan(document_of({**SHOP, "Front": front})).findings
            if item.id == "assumed" and item.subject == "Db"
        ]
        assert assumed.message.endswith(
            "; Front is a proxy of another database, as the templates do not say which one stands behind it"
        )

    def test_of_one_that_the_groups_of_the_database_let_in_there_is_a_warning_instead(self) -> None:
        front = resource("AWS::RDS::DBProxy", EngineFamily="POSTGRESQL", VpcSecurityGroupIds=[group_id("ApiGroup")])
        found = {item.id: item.message for item in plan(document_of({**SHOP, "Front": front})).findings}
        assert found["unbudgeted-client"].startswith("Front (AWS::RDS::DBProxy) can reach Db on port 5432")
        assert "Front" not in found["assumed"]

    def test_a_proxy_may_be_named_rather_than_referred_to(self) -> None:
        made = {
            **SHOP,
            "Front": resource("AWS::RDS::DBProxy", DBProxyName="front", EngineFamily="POSTGRESQL"),
            "Targets": resource(
                "AWS::RDS::DBProxyTargetGroup", DBProxyName="front", DBInstanceIdentifiers=[{"Ref": "Db"}]
            ),
        }
        assert list(discovered(made).entries["proxies"]) == ["Front"]

    def test_a_secret_leads_through_the_proxy_where_no_group_lets_it_past(self) -> None:
        made = with_api(
            container(secrets={"PASSWORD": {"Ref": "Attachment"}}),
            Attachment=resource(
                "AWS::SecretsManager::SecretTargetAttachment", SecretId={"Ref": "S"}, TargetId={"Ref": "Db"}
            ),
            S=resource("AWS::SecretsManager::Secret"),
            DbGroup=group(SecurityGroupIngress=[let_in("FrontGroup")]),
            FrontGroup=group(SecurityGroupIngress=[let_in("ApiGroup")]),
            Front=resource(
                "AWS::RDS::DBProxy", EngineFamily="POSTGRESQL", VpcSecurityGroupIds=[group_id("FrontGroup")]
            ),
            Targets=resource(
                "AWS::RDS::DBProxyTargetGroup", DBProxyName={"Ref": "Front"}, DBInstanceIdentifiers=[{"Ref": "Db"}]
            ),
        )
        assert discovered(made).entries["workloads"]["Api"]["proxy"] == "Front"

    def test_a_cluster_is_one_server_and_its_readers_another(self) -> None:
        member = resource("AWS::RDS::DBInstance", DBClusterIdentifier={"Ref": "Db"}, DBInstanceClass="db.r6g.large")
        cluster = resource("AWS::RDS::DBCluster", Engine="aurora-postgresql", EngineVersion="16.4")
        read = {"Fn::GetAtt": ["Db", "ReadEndpoint.Address"]}
        made = {"Db": cluster, "One": member, "Two": member, "Api": service(), "ApiTask": tasks(container(H=read))}
        document = document_of(made)
        assert list(document.databases) == ["Db", "Db-reader"]
        assert document.databases["Db"].engine == "aurora-postgresql"
        assert document.workloads["Api"].database == "Db-reader"

    def test_other_servers_of_the_same_kind_of_resource_are_no_databases_of_ours(self) -> None:
        assert discovered({"Graph": instance(Engine="neptune")}).entries["databases"] == {}

    def test_names_are_the_constructs_paths_where_the_cdk_noted_them(self) -> None:
        made = copy.deepcopy(SHOP)
        made["Db"]["Metadata"] = {"aws:cdk:path": "Shop/Data/Orders/Resource"}
        made["Api"]["Metadata"] = {"aws:cdk:path": "Shop/Api/Service/Service"}
        assert list(document_of(made).databases) == ["Data/Orders"]
        assert list(document_of(made).workloads) == ["Api"]


def peaks(resources: Json) -> dict[str, int | None]:
    """The connections of each workload in the worst scenario; None where they are unknown."""
    allotments = plan(document_of(resources)).tally.allotments
    return {name: item.connections.peak if item.connections else None for name, item in allotments.items()}


def errors(resources: Json) -> dict[str, str]:
    """The first error of each workload, as id and message."""
    found = [item for item in plan(document_of(resources)).findings if item.severity.value == "error"]
    return {item.subject: f"{item.id}: {item.message}" for item in reversed(found)}


OPEN = {"Fn::If": ["Wide", {"Ref": "ApiTask"}, {"Ref": "OtherTask"}]}
"""A condition that no template defines."""


class TestCeleryBesideAWebServer:
    def test_in_two_containers_each_is_a_workload_of_its_own(self) -> None:
        """Web: 2 tasks × 200 % × 4 processes × (5 + 10) = 240; worker: 2 × 200 % × 8 children = 32."""
        web = container(command=["gunicorn", "-w", "4", "app:app"], DB_HOST=ADDRESS)
        worker = container("worker", command=["celery", "-A", "a", "worker", "-c", "8"], DB_HOST=ADDRESS)
        assert peaks(with_api(web, worker)) == {"Api": 240, "Api (celery)": 32}

    def test_in_one_script_they_are_two_workloads_of_one_container(self) -> None:
        """2 tasks × 200 % × 3 processes × (5 + 10) = 180, and 2 × 200 % × 5 children × 1 = 20: 200."""
        run = ["sh", "-c", "gunicorn -w 3 app & celery -A a worker -c 5"]
        assert peaks(with_api(container(command=run, DB_HOST=ADDRESS))) == {"Api": 180, "Api (celery)": 20}

    def test_every_container_has_the_processes_of_its_own_command(self) -> None:
        """1 task × 200 % × (8 × 15 + 4 + 1) = 240 + 8 + 2 = 250: Django migrates with one connection."""
        run = {"web": "gunicorn -w 8 app", "worker": "celery -A a worker -c 4", "migrate": "python manage.py migrate"}
        containers = [container(name, command=words.split(), DB_HOST=ADDRESS) for name, words in run.items()]
        made = {**SHOP, "ApiTask": tasks(*containers), "Api": service("ApiTask", "ApiGroup", DesiredCount=1)}
        assert peaks(made) == {"Api (web)": 240, "Api (migrate)": 2, "Api (celery)": 8}

    def test_a_scheduler_or_a_monitor_in_a_service_of_its_own_is_one_connection(self) -> None:
        """2 tasks × 200 % × 1 each."""
        for what in ("beat", "flower"):
            made = with_api(container(command=["celery", "-A", "a", what], DB_HOST=ADDRESS, DB_POOL_SIZE="20"))
            assert peaks(made) == {"Api": 4}

    def test_a_migration_before_it_leaves_a_worker_alone(self) -> None:
        """2 × 200 % × 8 children = 32."""
        run = ["sh", "-c", "python manage.py migrate && celery -A a worker -c 8"]
        assert peaks(with_api(container(command=run, DB_HOST=ADDRESS))) == {"Api": 32}

    def test_those_of_a_scheduled_task_are_its_processes(self) -> None:
        """1 task × 8 children × (5 + 10) = 120."""
        run = container("worker", command=["celery", "worker", "-c", "8"], DB_HOST=ADDRESS)
        assert peaks({**SHOP, "Nightly": tasks(run)})["Nightly"] == 120


class TestTaskDefinitionsThatAreNotOne:
    def test_of_two_that_a_condition_chooses_from_everything_counts(self) -> None:
        """2 tasks × 200 % × (4 + 1) and × (8 + 2): 20 and 40."""
        one = tasks(container(DB_HOST=ADDRESS, DB_POOL_SIZE="4", DB_MAX_OVERFLOW="1"))
        other = tasks(container("more", DB_HOST=ADDRESS, DB_POOL_SIZE="8", DB_MAX_OVERFLOW="2"))
        made = {**SHOP, "ApiTask": one, "OtherTask": other, "Api": service(DesiredCount=2, TaskDefinition=OPEN)}
        assert peaks(made) == {"Api (web)": 20, "Api (more)": 40}

    def test_of_one_container_in_two_ways_the_larger_counts(self) -> None:
        """1 task × 200 % × 40 processes × (5 + 10) = 1200."""
        few, many = (container(command=["gunicorn", "-w", count, "a:a"], DB_HOST=ADDRESS) for count in ("2", "40"))
        made = {**SHOP, "ApiTask": tasks(few), "OtherTask": tasks(many), "Api": service(TaskDefinition=OPEN)}
        assert peaks(made) == {"Api": 1200}
        made["OtherTask"] = tasks(container(command=["gunicorn", "-c", "conf.py", "a:a"], DB_HOST=ADDRESS))
        assert errors(made)["Api"].startswith("unknown-tasks: how many pools Api opens is unknown")

    @pytest.mark.parametrize(
        "written",
        [
            {"Ref": "TaskDefinitionArn"},
            {"Fn::ImportValue": "tasks"},
            "arn:aws:ecs:eu-west-1:1:task-definition/api:3",
            {"Fn::If": ["Wide", {"Ref": "ApiTask"}, {"Ref": "TaskDefinitionArn"}]},
            None,
        ],
    )
    def test_one_that_cannot_be_told_makes_a_workload_that_is_unknown(self, written: object) -> None:
        made = {**SHOP, "DbGroup": group(), "Api": service(TaskDefinition=written, DesiredCount=2)}
        assert peaks(made)["Api"] is None
        assert "the task definition cannot be told" in errors(made)["Api"]
        assert not plan(document_of(made)).fits

    def test_one_that_is_named_by_its_family_is_found(self) -> None:
        named = resource("AWS::ECS::TaskDefinition", Family="shop", ContainerDefinitions=[container(DB_HOST=ADDRESS)])
        made = {**SHOP, "ApiTask": named, "Api": service(TaskDefinition="shop")}
        assert peaks(made) == {"Api": 30}, "1 task × 200 % × (5 + 10)"

    def test_one_that_cannot_be_told_is_no_workload_where_no_group_lets_it_in(self) -> None:
        other = service("ApiTask", "OtherGroup", TaskDefinition={"Ref": "TaskDefinitionArn"})
        made = {**SHOP, "OtherGroup": group(), "Other": other}
        assert list(peaks(made)) == ["Api"]
        open_group = {**made, "Other": {**other, "Properties": {"TaskDefinition": {"Ref": "TaskDefinitionArn"}}}}
        assert list(peaks(open_group)) == ["Api", "Other"]

    @pytest.mark.parametrize(
        "written",
        [
            {"Ref": "Containers"},
            [container(), {"Ref": "Container"}],
            [{"Fn::If": ["Wide", container(), {"Ref": "Container"}]}],
            {"Fn::Transform": {"Name": "AWS::Include"}},
            None,
        ],
    )
    def test_containers_that_cannot_be_told_make_a_workload_that_is_unknown(self, written: object) -> None:
        made = {
            **SHOP,
            "DbGroup": group(),
            "ApiTask": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=written),
        }
        assert peaks(made)["Api"] is None
        assert not plan(document_of(made)).fits

    def test_the_users_word_answers_what_cannot_be_told(self) -> None:
        """2 tasks × 200 % × 4 processes × (3 + 2) = 80."""
        made = assembly({**SHOP, "Api": service(TaskDefinition={"Ref": "TaskDefinitionArn"}, DesiredCount=2)})
        said = {"workloads": {"Api": {"processes": 4, "pool_size": 3, "max_overflow": 2}}}
        entries, _ = overlaid(discover(made).entries, said)
        planned = plan(undeclared(reread(Document.read(entries), "", made)))
        connections = planned.tally.allotments["Api"].connections
        assert connections is not None
        assert connections.peak == 80


def filed(name: str = "web", **env: Any) -> Json:
    return {**container(name, **env), "EnvironmentFiles": [{"Type": "s3", "Value": "arn:aws:s3:::shop/app.env"}]}


def by_range(range_: str) -> Json:
    return {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": range_}


class TestVariablesInFiles:
    IT_MAY = "it may, for container 'web' takes variables from EnvironmentFiles"

    @pytest.mark.parametrize("range_", ["0.0.0.0/0", "10.0.0.0/16"])
    def test_they_may_lead_to_a_database_that_lets_an_address_of_the_task_in(self, range_: str) -> None:
        open_group = group(SecurityGroupIngress=[by_range(range_)])
        made = {**SHOP, "DbGroup": open_group, "ApiTask": tasks(filed(), container("side"))}
        assert evidence(made) == {"Api": self.IT_MAY}
        assert errors(made)["Api"].startswith("unbounded-pool")
        assert not plan(document_of(made)).fits

    @pytest.mark.parametrize(
        "rules",
        [
            [let_in("OtherGroup")],
            [let_in("OtherGroup"), by_range("203.0.113.0/24")],
            [let_in("Ops")],
        ],
        ids=["of another group", "of public addresses", "of a group with a bastion alone"],
    )
    def test_not_to_one_whose_groups_keep_the_task_away(self, rules: list[Json]) -> None:
        bastion = resource("AWS::EC2::Instance", SecurityGroupIds=[group_id("Ops")])
        others = {"OtherGroup": group(), "Ops": group(), "BastionHost": bastion}
        made = {**SHOP, **others, "DbGroup": group(SecurityGroupIngress=rules), "ApiTask": tasks(filed())}
        assert discovered(made).entries["workloads"] == {}
        own = {**made, "Api": service("ApiTask")}
        assert evidence(own) == {"Api": self.IT_MAY}, "a service whose groups are not known is kept from nothing"

    @pytest.mark.parametrize(
        "db",
        [
            {"DbGroup": group(SecurityGroupIngress=[{**let_in(""), "SourceSecurityGroupId": {"Ref": "AppGroupId"}}])},
            {"DbGroup": group(SecurityGroupIngress={"Ref": "Rules"})},
            {"Db": instance(VPCSecurityGroups=["sg-1"])},
            {"Db": instance()},
        ],
        ids=["let in by a parameter", "by what cannot be read", "by a group elsewhere", "by the default group"],
    )
    def test_to_one_whose_rules_are_not_all_known_they_may(self, db: Json) -> None:
        assert evidence({**SHOP, "DbGroup": group(), **db, "ApiTask": tasks(filed())}) == {"Api": self.IT_MAY}

    def test_they_may_also_where_something_leads_another_container_there(self) -> None:
        made = with_api(container("side"), filed(), container("jobs", DB_HOST=ADDRESS))
        assert evidence(made) == {"Api": "DB_HOST of container 'jobs'", "Api (web)": self.IT_MAY}
        assert errors(made)["Api (web)"].startswith("unbounded-pool")

    def test_a_pool_that_is_written_out_beside_them_counts(self) -> None:
        """2 tasks × 200 % × (3 + 1) = 16: what is written out counts before what a file says."""
        made = {**SHOP, "DbGroup": group(), "ApiTask": tasks(filed(DB_POOL_SIZE="3", DB_MAX_OVERFLOW="1"))}
        assert peaks(made) == {"Api": 16}

    def test_they_may_lead_to_the_proxy_that_alone_is_open(self) -> None:
        front = resource("AWS::RDS::DBProxy", EngineFamily="POSTGRESQL", VpcSecurityGroupIds=[group_id("FrontGroup")])
        targets = resource(
            "AWS::RDS::DBProxyTargetGroup", DBProxyName={"Ref": "Front"}, DBInstanceIdentifiers=[{"Ref": "Db"}]
        )
        made = {
            **SHOP,
            "Front": front,
            "FrontGroup": group(SecurityGroupIngress=[by_range("10.0.0.0/8")]),
            "Targets": targets,
            "DbGroup": group(SecurityGroupIngress=[let_in("FrontGroup")]),
            "ApiTask": tasks(filed()),
        }
        (entry,) = discovered(made).entries["workloads"].values()
        assert entry["proxy"] == "Front"


class TestSizesThatCannotBeRead:
    def test_a_pool_of_a_service_has_no_limit_that_is_known(self) -> None:
        made = with_api(container(DB_HOST=ADDRESS, DB_POOL_SIZE={"Ref": "Size"}))
        assert errors(made)["Api"].startswith("unbounded-pool: the size of the pools of Api cannot be read")
        assert peaks(made) == {"Api": None}

    @pytest.mark.parametrize(
        "environment",
        [
            {"Variables": {"DB_HOST": ADDRESS, "DB_POOL_SIZE": {"Ref": "Size"}}},
            {"Variables": {"Fn::If": ["Wide", {"DB_HOST": ADDRESS}, {"DB_HOST": ADDRESS, "DB_POOL_SIZE": "90"}]}},
            {"Variables": {"Ref": "Variables"}},
        ],
    )
    def test_neither_has_that_of_a_function(self, environment: Json) -> None:
        report = resource("AWS::Lambda::Function", Environment=environment, ReservedConcurrentExecutions=20)
        assert errors({**DATABASE, "Report": report})["Report"].startswith("unbounded-pool")

    def test_numbers_of_a_function_may_be_written_as_numbers(self) -> None:
        """20 environments × (2 + 1) = 60."""
        variables = {"DB_HOST": ADDRESS, "DB_POOL_SIZE": 2, "DB_MAX_OVERFLOW": 1}
        report = resource(
            "AWS::Lambda::Function", Environment={"Variables": variables}, ReservedConcurrentExecutions=20
        )
        assert peaks({**DATABASE, "Report": report}) == {"Report": 60}


class TestRunsThatOverrideTheirTask:
    @staticmethod
    def nightly(passed_on: object, command: list[str] | None = None) -> Json:
        ecs = {"TaskDefinitionArn": {"Ref": "Nightly"}, "TaskCount": 2}
        targets = [{"Id": "1", "EcsParameters": ecs, "Input": passed_on}]
        rule = resource("AWS::Events::Rule", ScheduleExpression="rate(1 day)", Targets=targets)
        return {**DATABASE, "Nightly": tasks(container(command=command, DB_HOST=ADDRESS)), "Rule": rule}

    def test_their_commands_and_variables_count_where_they_open_more(self) -> None:
        """2 tasks × 6 processes × (8 + 2) = 120."""
        said = [{"name": "DB_POOL_SIZE", "value": "8"}, {"name": "DB_MAX_OVERFLOW", "value": "2"}]
        run = {"name": "web", "command": ["gunicorn", "-w", "6", "a:a"], "environment": said}
        made = self.nightly(json.dumps({"containerOverrides": [run]}))
        made["Nightly"] = tasks(container(DB_HOST=ADDRESS, DB_POOL_SIZE="2", DB_MAX_OVERFLOW="1"))
        assert peaks(made) == {"Nightly": 120}

    def test_a_value_that_is_computed_within_them_leaves_the_rest_readable(self) -> None:
        """2 tasks × 6 processes × (5 + 10) = 180."""
        run = {"name": "web", "command": ["gunicorn", "-w", "6"], "environment": [{"name": "A", "value": "${A}"}]}
        made = self.nightly({"Fn::Sub": json.dumps({"containerOverrides": [run]})})
        assert peaks(made) == {"Nightly": 180}

    def test_the_task_itself_counts_where_they_open_less(self) -> None:
        """2 tasks × 6 processes × (5 + 10) = 180."""
        run = {"name": "web", "command": ["python", "clean.py"]}
        made = self.nightly(json.dumps({"containerOverrides": [run]}), ["gunicorn", "-w", "6", "a:a"])
        assert peaks(made) == {"Nightly": 180}

    def test_what_is_made_of_the_event_is_unknown(self) -> None:
        made = self.nightly(None)
        made["Rule"]["Properties"]["Targets"][0]["InputTransformer"] = {"InputTemplate": "{}", "InputPathsMap": {}}
        assert "InputTransformer" in errors(made)["Nightly"]

    def test_a_schedule_overrides_as_a_rule_does(self) -> None:
        """1 task × 6 processes × (5 + 10) = 90."""
        run = {"name": "web", "command": ["gunicorn", "-w", "6", "a:a"]}
        passed_on = json.dumps({"containerOverrides": [run]})
        target = {"EcsParameters": {"TaskDefinitionArn": {"Ref": "Nightly"}}, "Input": passed_on}
        schedule = resource("AWS::Scheduler::Schedule", ScheduleExpression="rate(1 day)", Target=target)
        assert peaks({**self.nightly(None), "Rule": schedule}) == {"Nightly": 90}

    @pytest.mark.parametrize(
        "passed_on", [{"Fn::Sub": "${Overrides}"}, "no json", '{"containerOverrides": {"name": "web"}}']
    )
    def test_what_cannot_be_read_of_them_is_unknown(self, passed_on: object) -> None:
        assert peaks(self.nightly(passed_on)) == {"Nightly": None}
        assert "what a schedule passes on" in errors(self.nightly(passed_on))["Nightly"] or "containerOverrides" in str(
            errors(self.nightly(passed_on))
        )

    def test_what_is_passed_on_beside_them_changes_nothing(self) -> None:
        assert peaks(self.nightly('{"detail": 1}')) == {"Nightly": 30}, "2 tasks × (5 + 10)"


def test_what_is_in_the_containers_is_compared_with_no_budget() -> None:
    """Nothing was promised to anybody: a missing DB_POOL_SIZE is no conflict."""
    assert "environment-conflict" not in {finding.id for finding in plan(document_of(SHOP)).findings}


def test_a_client_of_another_kind_is_named_as_unbudgeted() -> None:
    build = resource("AWS::CodeBuild::Project", VpcConfig={"SecurityGroupIds": [group_id("ApiGroup")]})
    made = plan(document_of({**SHOP, "Build": build}))
    (finding,) = [item for item in made.findings if item.id == "unbudgeted-client"]
    assert finding.message.startswith("Build (AWS::CodeBuild::Project) can reach Db on port 5432")


RUN = {"name": "n", "command": ["gunicorn", "-w", "3"], "environment": [{"name": "DB_POOL_SIZE", "value": "8"}]}
EVERYTHING: Json = {
    **SHOP,
    "OtherTask": tasks(container("w", command=["celery", "worker", "-c", "4"], DB_HOST=ADDRESS, DB_POOL_SIZE="4")),
    "Both": service(TaskDefinition=OPEN),
    "Mixed": tasks(container(command=["sh", "-c", "gunicorn -w 4 & celery worker -c 2"], DB_HOST=ADDRESS)),
    "MixedService": service("Mixed"),
    **TestRunsThatOverrideTheirTask.nightly(json.dumps({"containerOverrides": [RUN]})),
    "Report": resource(
        "AWS::Lambda::Function",
        Environment={"Variables": {"DB_HOST": ADDRESS, "DB_POOL_SIZE": "3"}},
        ReservedConcurrentExecutions=4,
    ),
}

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 9) | st.text(max_size=4) | st.sampled_from(list(SHOP)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If", "Fn::Join", "Type", "Name", "Value"]), inner
        )
    ),
    max_leaves=8,
)


def _places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    found = [path] if path else []
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += _places(item, (*path, key))
    return found


@given(st.sampled_from(_places(EVERYTHING)), VALUES)
@settings(max_examples=100, deadline=None)
def test_a_shop_in_which_anything_is_replaced_by_anything_gets_a_verdict(path: tuple[Any, ...], value: object) -> None:
    made: Any = copy.deepcopy(EVERYTHING)
    place = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    found = discovered(made)
    if found.entries["databases"]:
        assert plan(document_of(made)).to_json()["databases"]


def test_a_name_has_no_more_of_its_containers_names_than_a_document_takes() -> None:
    small = [container(f"a{place}".ljust(60, "a"), DB_HOST=ADDRESS, DB_POOL_SIZE="1") for place in range(10)]
    names = list(peaks(with_api(*small, container("web", DB_HOST=ADDRESS, DB_POOL_SIZE="9"))))
    assert names[1] == "Api (web)"
    assert len(names[0]) == len("Api ()") + 255
    assert names[0].endswith("…)")
