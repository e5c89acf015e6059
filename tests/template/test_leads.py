"""What leads containers to a database that neither an address nor a secret leads them to."""

from typing import Any

import pytest

from constructs_lib.budget.workloads import Service
from tests.template.app_templates import instance, resource
from tests.template.reachable_shop import (
    ADDRESS,
    DATABASE,
    SHOP,
    container,
    document_of,
    evidence,
    group,
    group_id,
    let_in,
    network,
    service,
    tasks,
)
from tests.template.test_discover import peaks

Json = dict[str, Any]
URL = "arn:aws:ssm:eu-west-1:1:parameter/url"
WEB = container(DB_HOST=ADDRESS, DB_POOL_SIZE="2", DB_MAX_OVERFLOW="0")
FORTY: Json = {"DB_POOL_SIZE": "40", "DB_MAX_OVERFLOW": "0"}
OTHER = {"Fn::GetAtt": ["Other", "Endpoint.Address"]}
SHUT: Json = {
    "Other": instance(VPCSecurityGroups=[group_id("Shut")]),
    "Shut": group(SecurityGroupIngress=[let_in("Job")]),
    "Job": group(),
    "Batch": service("Idle", "Job"),
    "Idle": tasks(container("idle", DB_HOST=OTHER)),
}
"""Another database, whose security group keeps all but a batch away."""


def beside(*containers: Json, **more: Json) -> Json:
    return {**SHOP, "ApiTask": tasks(WEB, *containers), **more}


class TestBesideAContainerThatConnects:
    @pytest.mark.parametrize(
        ("worker", "words"),
        [
            (
                container("worker", secrets={"DATABASE_URL": URL}, **FORTY),
                "by the name of DATABASE_URL of container 'worker'",
            ),
            (
                container("worker", JOBS="postgres://u@{{resolve:ssm:host}}/jobs", **FORTY),
                "by the scheme of JOBS of container 'worker'",
            ),
            (
                {**container("worker", **FORTY), "EnvironmentFiles": [{"Type": "s3", "Value": "arn:aws:s3:::a/b"}]},
                "it may, for container 'worker' takes variables from EnvironmentFiles and 1 more",
            ),
            (
                container("worker", **FORTY),
                "by the pool of DB_POOL_SIZE of container 'worker', beside containers that connect",
            ),
        ],
        ids=["a name", "a scheme", "a file", "a pool"],
    )
    def test_whatever_speaks_of_a_database_counts_with_the_pool_of_its_own(self, worker: Json, words: str) -> None:
        """web: 2 tasks × 200 % × (2 + 0) = 8; worker: 2 × 200 % × (40 + 0) = 160."""
        made = beside(worker)
        assert peaks(made) == {"Api": 8, "Api (worker)": 160}
        assert evidence(made) == {"Api": "DB_HOST of container 'web'", "Api (worker)": words}
        workloads = document_of(made).workloads
        assert "database" in workloads["Api (worker)"].assumed_keys()
        assert "database" not in workloads["Api"].assumed_keys()

    @pytest.mark.parametrize(
        "sidecar",
        [
            container("datadog", DD_API_KEY="x", DD_SITE="datadoghq.eu"),
            container("nginx", UPSTREAM="localhost:8000", WORKER_CONNECTIONS="1024"),
            container("xray"),
            container("cache", REDIS_URL="redis://localhost", REDIS_POOL_SIZE="10"),
            {**container("log", DB_POOL_SIZE="40"), "FirelensConfiguration": {"Type": "fluentbit"}},
        ],
        ids=["datadog", "nginx", "xray", "redis", "a log router"],
    )
    def test_a_sidecar_that_speaks_of_none_does_not(self, sidecar: Json) -> None:
        assert peaks(beside(sidecar)) == {"Api": 8}

    def test_one_that_is_alike_is_of_the_same_workload_which_is_no_guess(self) -> None:
        """2 tasks × 200 % × 2 containers × (2 + 0) = 16."""
        made = beside(container("a", secrets={"DATABASE_URL": URL}, DB_POOL_SIZE="2", DB_MAX_OVERFLOW="0"))
        assert peaks(made) == {"Api": 16}
        found = document_of(made).workloads["Api"]
        assert isinstance(found, Service)
        assert found.containers == ("web", "a")
        assert "database" not in found.assumed_keys()

    def test_a_container_with_a_pool_counts_also_where_only_a_name_leads_the_others(self) -> None:
        """2 × 200 % × (5 + 10) = 60, and 2 × 200 % × (40 + 0) = 160."""
        named = container(DATABASE_URL={"Ref": "Url"})
        made = {**SHOP, "DbGroup": group(), "ApiTask": tasks(named, container("worker", **FORTY))}
        assert sorted(filter(None, peaks(made).values())) == [60, 160]

    def test_a_variable_of_a_neighbour_may_lead_to_any_database_that_the_task_reaches(self) -> None:
        found = evidence(beside(container("worker", secrets={"DATABASE_URL": URL}), Other=instance()))
        assert list(found) == ["Api (Db)", "Api (worker, Db)", "Api (Other)"]
        found = evidence(beside(container("worker", secrets={"DATABASE_URL": URL}), **SHUT))
        assert list(found) == ["Api", "Api (worker)", "Batch"]

    @pytest.mark.parametrize(
        "jobs",
        [container("jobs", secrets={"REPORTS_DB_URL": URL}), container("jobs", REPORTS_DB_POOL_SIZE="9")],
        ids=["a name", "a pool"],
    )
    def test_what_has_the_label_of_a_neighbours_database_leads_to_that_one_alone(self, jobs: Json) -> None:
        reports = container("reports", REPORTS_DB_HOST=OTHER, REPORTS_DB_POOL_SIZE="3")
        found = evidence(beside(reports, jobs, Other=instance()))
        assert "Api (Db)" in found
        assert not [name for name in found if "jobs" in name and "Db" in name]
        assert [name for name in found if "jobs" in name and "Other" in name]

    def test_a_neighbour_goes_through_the_proxy_where_security_groups_let_it_through_to_that_alone(self) -> None:
        proxied = container(DB_HOST={"Fn::GetAtt": ["Front", "Endpoint"]}, DB_POOL_SIZE="2", DB_MAX_OVERFLOW="0")
        made = {
            **SHOP,
            "Front": resource(
                "AWS::RDS::DBProxy", EngineFamily="POSTGRESQL", VpcSecurityGroupIds=[group_id("FrontGroup")]
            ),
            "Targets": resource(
                "AWS::RDS::DBProxyTargetGroup", DBProxyName={"Ref": "Front"}, DBInstanceIdentifiers=[{"Ref": "Db"}]
            ),
            "DbGroup": group(SecurityGroupIngress=[let_in("FrontGroup")]),
            "FrontGroup": group(SecurityGroupIngress=[let_in("ApiGroup")]),
            "ApiTask": tasks(proxied, container("worker", **FORTY)),
        }
        workloads = document_of(made).workloads
        assert {name: item.proxy for name, item in workloads.items()} == {"Api": "Front", "Api (worker)": "Front"}
        open_ = {**made, "Api": service("ApiTask", NetworkConfiguration=network())}
        workloads = document_of(open_).workloads
        assert workloads["Api (worker)"].database == "Db", "beside the proxy's own connections, which is never too few"


def alone(*containers: Json, **more: Json) -> Json:
    """A cluster with a single instance."""
    member = resource("AWS::RDS::DBInstance", DBClusterIdentifier={"Ref": "Db"}, DBInstanceClass="db.r6g.large")
    cluster = resource("AWS::RDS::DBCluster", Engine="aurora-postgresql", EngineVersion="16.4")
    api = {"Api": service("ApiTask", DesiredCount=2), "ApiTask": tasks(*containers)}
    return {"Db": cluster, "One": member, **api, **more}


READER = {"Fn::GetAtt": ["Db", "ReadEndpoint.Address"]}


class TestTheReadersAddressOfAClusterWithoutReaders:
    def test_the_readers_address_beside_the_writers_is_a_second_engine_at_the_same_instance(self) -> None:
        """2 tasks × 200 % × 2 engines × (3 + 2) = 40."""
        web = container(DB_HOST=ADDRESS, DB_READER_HOST=READER, DB_POOL_SIZE="3", DB_MAX_OVERFLOW="2")
        assert peaks(alone(web)) == {"Api": 40}
        assert evidence(alone(web)) == {
            "Api": "DB_HOST of container 'web' and 1 more; two engines, for the cluster has no reader that is known"
        }

    def test_the_two_addresses_are_two_engines_where_parameters_carry_them(self) -> None:
        """2 tasks × 200 % × 2 engines × (5 + 10) = 120."""
        carriers = {
            "Writer": resource("AWS::SSM::Parameter", Value=ADDRESS),
            "Reader": resource("AWS::SSM::Parameter", Value=READER),
        }
        web = container(secrets={"HOST": {"Ref": "Writer"}, "READER": {"Ref": "Reader"}})
        assert peaks(alone(web, **carriers)) == {"Api": 120}
        mixed = container(HOST=ADDRESS, secrets={"READER": {"Ref": "Reader"}})
        assert peaks(alone(mixed, **carriers)) == {"Api": 120}

    def test_the_two_addresses_are_two_engines_of_a_function_and_of_a_celery_worker(self) -> None:
        """20 environments × 2 engines × 1 = 40; 2 tasks × 200 % × 6 children × 2 engines × 1 = 48."""
        hosts: Json = {"DB_HOST": ADDRESS, "DB_READER_HOST": READER}
        report = resource("AWS::Lambda::Function", Environment={"Variables": hosts}, ReservedConcurrentExecutions=20)
        worker = container(command=["celery", "-A", "a", "worker", "-c", "6"], **hosts)
        assert peaks(alone(worker, Report=report)) == {"Api": 48, "Report": 40}

    def test_alone_it_is_one_engine(self) -> None:
        """2 tasks × 200 % × (5 + 10) = 60."""
        assert peaks(alone(container(DB_READER_HOST=READER))) == {"Api": 60}

    def test_a_pool_of_its_own_adds_up_and_is_not_doubled(self) -> None:
        """2 tasks × 200 % × ((3 + 0) + (4 + 0)) = 28."""
        sizes: Json = {"DB_POOL_SIZE": "3", "DB_MAX_OVERFLOW": "0"}
        sizes |= {"DB_READER_POOL_SIZE": "4", "DB_READER_MAX_OVERFLOW": "0"}
        assert peaks(alone(container(DB_HOST=ADDRESS, DB_READER_HOST=READER, **sizes))) == {"Api": 28}

    def test_with_a_reader_each_has_an_engine_of_its_own(self) -> None:
        """2 tasks × 200 % × (5 + 10) = 60 at each."""
        two = alone(container(DB_HOST=ADDRESS, DB_READER_HOST=READER))
        assert peaks({**two, "Two": two["One"]}) == {"Api (Db)": 60, "Api (Db-reader)": 60}

    def test_a_multi_az_db_cluster_has_readers(self) -> None:
        """2 tasks × 200 % × (5 + 10) = 60."""
        cluster = resource("AWS::RDS::DBCluster", Engine="postgres", DBClusterInstanceClass="db.m6gd.large")
        made = alone(container(DB_HOST=ADDRESS, DB_READER_HOST=READER), Db=cluster)
        assert peaks({name: item for name, item in made.items() if name != "One"}) == {"Api": 60}


class TestThePoolAlone:
    """A container that only speaks of the size of a pool."""

    POOL = container(DB_POOL_SIZE="3", DB_MAX_OVERFLOW="1")

    def test_counts_where_no_security_group_that_is_known_keeps_it_from_the_database(self) -> None:
        """2 tasks × 200 % × (3 + 1) = 16."""
        for elsewhere in ({"Db": instance(VPCSecurityGroups=["sg-1"])}, {"Db": instance()}, {"DbGroup": group()}):
            made = {**SHOP, **elsewhere, "ApiTask": tasks(self.POOL)}
            assert peaks(made) == {"Api": 16}
            assert evidence(made)["Api"].startswith("by the pool of DB_POOL_SIZE of container 'web', which no security")

    def test_counts_nowhere_where_its_own_security_group_is_not_let_in(self) -> None:
        kept = {"DbGroup": group(SecurityGroupIngress=[let_in("OtherGroup")]), "OtherGroup": group()}
        made = {**SHOP, **kept, "ApiTask": tasks(self.POOL), "Other": service("Else", "OtherGroup"), "Else": tasks()}
        assert "Api" not in peaks(made)


class TestOfSeveralDatabases:
    WORDS = "by the name of DATABASE_URL of container 'web', which may be any of 2 databases"

    @staticmethod
    def two(*containers: Json, **more: Json) -> Json:
        named = containers or (container(secrets={"DATABASE_URL": URL}),)
        return {**DATABASE, "Db": instance(), "Other": instance(), "ApiTask": tasks(*named), **more}

    @pytest.mark.parametrize(
        "networks",
        [
            {},
            {"NetworkConfiguration": network("ApiGroup")},
            {"NetworkConfiguration": {"AwsvpcConfiguration": {"SecurityGroups": [{"Fn::ImportValue": "other"}]}}},
        ],
        ids=["no groups", "its own groups", "imported groups"],
    )
    def test_a_name_leads_to_each_that_no_group_keeps_it_from(self, networks: Json) -> None:
        """(5 + 10) × 2 tasks × 200 % = 60 at each of them, as an assumption."""
        made = self.two(Api=service("ApiTask", DesiredCount=2, **networks))
        assert evidence(made) == {"Api (Db)": self.WORDS, "Api (Other)": self.WORDS}
        assert peaks(made) == {"Api (Db)": 60, "Api (Other)": 60}
        assert all("database" in item.assumed_keys() for item in document_of(made).workloads.values())

    def test_not_to_one_that_keeps_it_away_and_never_to_none(self) -> None:
        made = self.two(Api=service("ApiTask", "ApiGroup"), **SHUT)
        assert evidence(made)["Api"] == "by the name of DATABASE_URL of container 'web'"
        both = {**made, "Db": SHUT["Other"]}
        assert [name for name in evidence(both) if "Api" in name] == ["Api (Db)", "Api (Other)"]

    def test_the_pools_of_all_its_names_add_up_at_each(self) -> None:
        """(3 + 0) + (40 + 0) for 1 task × 200 %: nobody knows which of the two is whose."""
        sizes: Json = {"ORDERS_DB_POOL_SIZE": "3", "ORDERS_DB_MAX_OVERFLOW": "0"}
        sizes |= {"STOCK_DB_POOL_SIZE": "40", "STOCK_DB_MAX_OVERFLOW": "0"}
        told = container(secrets={"ORDERS_DB_URL": URL, "STOCK_DB_URL": URL}, **sizes)
        assert peaks(self.two(told, Api=service("ApiTask", "ApiGroup", DesiredCount=1))) == {
            "Api (Db)": 86,
            "Api (Other)": 86,
        }

    def test_the_host_is_named_before_the_password(self) -> None:
        told = container(DB_PASSWORD={"Ref": "Password"}, DB_HOST={"Ref": "Host"})
        made = self.two(told, Api=service("ApiTask", "ApiGroup"))
        assert all(words.startswith("by the name of DB_HOST of container") for words in evidence(made).values())


class TestOfAContainerThatIsKnownToConnectElsewhere:
    """Its security group is let in by another database as well, which none of its addresses is."""

    @staticmethod
    def made(secret: str, *groups: str) -> Json:
        web = container(
            DB_HOST=ADDRESS, secrets={secret: URL}, DB_POOL_SIZE="2", DB_MAX_OVERFLOW="0", REPORTS_POOL_SIZE="7"
        )
        other = {
            "Other": instance(VPCSecurityGroups=[group_id("OtherGroup")]),
            "OtherGroup": group(SecurityGroupIngress=[let_in(name) for name in groups or ("ApiGroup",)]),
            "Job": group(),
        }
        return {**SHOP, "ApiTask": tasks(web), **other}

    @pytest.mark.parametrize("secret", ["REPORTS_DATABASE_URL", "REPORTS_DB_HOST"])
    def test_a_variable_that_leads_to_none_that_is_known_may_lead_there_with_any_pool(self, secret: str) -> None:
        """(2 + 0) + (7 + 10) = 19 of each of 2 × 200 % tasks: nobody knows whose pool the second one is."""
        found = self.made(secret)
        pools = "its pools add up: DB_POOL_SIZE, DB_MAX_OVERFLOW, REPORTS_POOL_SIZE"
        assert evidence(found)["Api (Other)"] == f"by the name of {secret} of container 'web'; {pools}"
        assert peaks(found) == {"Api (Db)": 76, "Api (Other)": 76}
        assert "database" in document_of(found).workloads["Api (Other)"].assumed_keys()

    @pytest.mark.parametrize("secret", ["DB_PASSWORD", "DATABASE_URL", "REPORTS_DB_PASSWORD"])
    def test_a_variable_of_the_same_label_or_a_password_leads_to_no_other_database(self, secret: str) -> None:
        assert list(evidence(self.made(secret))) == ["Api"]

    def test_a_variable_that_leads_to_none_that_is_known_leads_to_none_that_keeps_the_task_away(self) -> None:
        assert list(evidence(self.made("REPORTS_DATABASE_URL", "Job"))) == ["Api"]

    def test_a_variable_that_leads_to_none_that_is_known_may_lead_where_others_are_known_to_connect(self) -> None:
        """web has the addresses of both; side that of one, and a variable that leads to none known."""
        web = container("web", DB_HOST=ADDRESS, STOCK_DB_HOST=OTHER)
        side = container("side", DB_HOST=ADDRESS, secrets={"REPORTS_DATABASE_URL": URL}, DB_POOL_SIZE="7")
        made = {**self.made("DB_PASSWORD"), "ApiTask": tasks(web, side)}
        assert [words for words in evidence(made).values() if "REPORTS_DATABASE_URL" in words] != []
        found = document_of(made).workloads.values()
        counted = {
            (item.database, name) for item in found if isinstance(item, Service) for name in item.containers or ()
        }
        assert counted == {("Db", "web"), ("Db", "side"), ("Other", "web"), ("Other", "side")}
