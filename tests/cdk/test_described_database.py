"""What is read of a database: of its construct, and of the finished template alike."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds

from constructs_lib.cdk import ConnectionBudget
from tests.cdk.shop import POSTGRES, Shop
from tests.cdk.synthesis import Synthesis

pytestmark = pytest.mark.synth

Synth = Callable[..., Synthesis]
R6G_LARGE = 1678
"""floor((0.95 × 16 GiB − 310 MiB) / 9531392), the default of PostgreSQL on 16 GiB."""


class TestInstances:
    def test_class_engine_and_version_are_read(self, shop: Shop, synth: Synth) -> None:
        """16.4 reserves 3 + 2 = 5 (16.5 is the first with 4 more), the administrator 10: 1663 // 4 = 415; 290 + 124."""
        limit, variables, database = _budgeted(shop, synth, shop.instance())

        assert limit == R6G_LARGE
        assert (variables["DB_POOL_SIZE"], variables["DB_MAX_OVERFLOW"]) == ("290", "124")
        assert (database["engine"], database["engine_version"]) == ("postgres", "16.4")
        assert database["instance_class"] == "db.r6g.large"

    def test_mysql_divides_by_its_own_number(self, shop: Shop, synth: Synth) -> None:
        """floor((0.95 × 16 GiB − 310 MiB) / 12582880) = 15995817164 // 12582880 = 1271."""
        engine = rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.VER_8_0_39)

        limit, _, database = _budgeted(shop, synth, shop.instance(engine=engine))

        assert limit == 1271
        assert (database["engine"], database["engine_version"]) == ("mysql", "8.0.39")

    def test_an_instance_made_from_a_snapshot_is_read_too(self, shop: Shop, synth: Synth) -> None:
        database = rds.DatabaseInstanceFromSnapshot(
            shop,
            "Orders",
            snapshot_identifier="orders-snapshot",
            engine=POSTGRES,
            instance_type=ec2.InstanceType("r6g.large"),
            vpc=shop.vpc,
        )

        assert _budgeted(shop, synth, database)[0] == R6G_LARGE

    def test_a_minor_version_that_rds_chooses_can_be_said(self, shop: Shop, synth: Synth) -> None:
        """16.8 reserves 9 where 16 alone leaves it open, and no more is known of it."""
        engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16)

        _, _, database = _budgeted(shop, synth, shop.instance(engine=engine), engine_version="16.8")

        assert database["engine_version"] == "16.8"

    def test_a_class_that_is_a_parameter_is_unknown(self, shop: Shop, synth: Synth) -> None:
        of_stage = cdk.CfnParameter(shop, "Class")
        database = shop.instance(instance_type=ec2.InstanceType(of_stage.value_as_string))
        ConnectionBudget(shop, "Budget", database=database).add_service("api", service=shop.fargate())

        synthesis = synth()

        assert synthesis.failed
        assert synthesis.errors == ["unknown-limit"]
        assert synthesis.variables() == {}, "nothing may be written that nobody can justify"

    @pytest.mark.parametrize("said", [{"instance_class": "db.r6g.large"}, {"max_connections": R6G_LARGE}])
    def test_what_cannot_be_read_can_be_said(self, shop: Shop, synth: Synth, said: dict[str, Any]) -> None:
        of_stage = cdk.CfnParameter(shop, "Class")
        database = shop.instance(instance_type=ec2.InstanceType(of_stage.value_as_string))

        assert _budgeted(shop, synth, database, **said)[0] == R6G_LARGE


class TestParameterGroups:
    def test_the_instances_own_parameters_decide(self, shop: Shop, synth: Synth) -> None:
        limit, _, database = _budgeted(shop, synth, shop.instance(parameters={"max_connections": "303"}))

        assert limit == 303
        assert database["parameter_max_connections"] == "303"

    def test_a_formula_is_computed(self, shop: Shop, synth: Synth) -> None:
        """15995817164 // 31772206 = 503."""
        formula = "LEAST({DBInstanceClassMemory/31772206},5000)"

        assert _budgeted(shop, synth, shop.instance(parameters={"max_connections": formula}))[0] == 503

    def test_a_group_of_another_stack_decides(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        shared = Shop(app, "Shared")
        group = rds.ParameterGroup(shared, "Parameters", engine=POSTGRES, parameters={"max_connections": "303"})

        assert _budgeted(shop, synth, shop.instance(parameter_group=group))[0] == 303

    def test_a_group_that_leaves_the_default_leaves_the_formula(self, shop: Shop, synth: Synth) -> None:
        assert _budgeted(shop, synth, shop.instance(parameters={"rds.force_ssl": "1"}))[0] == R6G_LARGE

    def test_a_group_that_this_app_does_not_define_makes_the_limit_unknown(self, shop: Shop, synth: Synth) -> None:
        group = rds.ParameterGroup.from_parameter_group_name(shop, "Parameters", "platform-team")
        ConnectionBudget(shop, "Budget", database=shop.instance(parameter_group=group)).add_service(
            "api", service=shop.fargate()
        )

        synthesis = synth()

        assert synthesis.errors == ["unknown-limit"]
        assert "platform-team" in synthesis.findings[0].message

    def test_the_engines_default_group_is_no_unknown(self, shop: Shop, synth: Synth) -> None:
        group = rds.ParameterGroup.from_parameter_group_name(shop, "Parameters", "default.postgres16")

        assert _budgeted(shop, synth, shop.instance(parameter_group=group))[0] == R6G_LARGE

    def test_a_parameter_that_is_a_parameter_of_the_stack_is_unknown(self, shop: Shop, synth: Synth) -> None:
        of_stage = cdk.CfnParameter(shop, "MaxConnections")
        database = shop.instance(parameters={"max_connections": of_stage.value_as_string})
        ConnectionBudget(shop, "Budget", database=database).add_service("api", service=shop.fargate())

        assert synth().errors == ["unknown-limit"]

    def test_the_lower_of_the_group_and_the_users_word_counts(self, shop: Shop, synth: Synth) -> None:
        database = shop.instance(parameters={"max_connections": "303"})

        assert _budgeted(shop, synth, database, max_connections=683)[0] == 303


class TestReplicas:
    def test_a_replica_has_its_own_class_and_its_sources_engine(self, shop: Shop, synth: Synth) -> None:
        """db.r6g.xlarge has 32 GiB: PostgreSQL's 3390."""
        replica = rds.DatabaseInstanceReadReplica(
            shop,
            "Replica",
            source_database_instance=shop.instance(),
            instance_type=ec2.InstanceType("r6g.xlarge"),
            vpc=shop.vpc,
        )

        limit, _, database = _budgeted(shop, synth, replica)

        assert limit == 3390
        assert (database["engine"], database["engine_version"]) == ("postgres", "16.4")

    def test_a_replica_of_another_stacks_instance_is_read(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        replica = rds.DatabaseInstanceReadReplica(
            shop,
            "Replica",
            source_database_instance=Shop(app, "Data").instance(),
            instance_type=ec2.InstanceType("r6g.xlarge"),
            vpc=shop.vpc,
        )

        assert _budgeted(shop, synth, replica)[0] == 3390

    @pytest.mark.parametrize("source_in", ["one stack", "two stacks"])
    def test_a_replica_without_parameters_has_its_sources(
        self, app: cdk.App, shop: Shop, synth: Synth, source_in: str
    ) -> None:
        source = (shop if source_in == "one stack" else Shop(app, "Data")).instance(
            parameters={"max_connections": "303"}
        )
        replica = rds.DatabaseInstanceReadReplica(
            shop,
            "Replica",
            source_database_instance=source,
            instance_type=ec2.InstanceType("r6g.xlarge"),
            vpc=shop.vpc,
        )

        assert _budgeted(shop, synth, replica)[0] == 303

    def test_a_replica_with_parameters_of_its_own_has_those(self, shop: Shop, synth: Synth) -> None:
        group = rds.ParameterGroup(shop, "Parameters", engine=POSTGRES, parameters={"max_connections": "202"})
        replica = rds.DatabaseInstanceReadReplica(
            shop,
            "Replica",
            source_database_instance=shop.instance(parameters={"max_connections": "303"}),
            instance_type=ec2.InstanceType("r6g.xlarge"),
            vpc=shop.vpc,
            parameter_group=group,
        )

        assert _budgeted(shop, synth, replica)[0] == 202

    def test_source_and_replica_have_a_budget_each(self, shop: Shop, synth: Synth) -> None:
        source = shop.instance()
        replica = rds.DatabaseInstanceReadReplica(
            shop,
            "Replica",
            source_database_instance=source,
            instance_type=ec2.InstanceType("r6g.large"),
            vpc=shop.vpc,
        )
        service = shop.fargate()
        shop.budget(database=source).add_service("api", service=service, processes_per_task=1)
        shop.budget("ReplicaBudget", database=replica, max_connections=200).add_service(
            "reads", service=service, processes_per_task=1, env_prefix="REPLICA_"
        )

        variables = synth().variables()

        assert variables["DB_POOL_SIZE"] == "116"
        assert variables["REPLICA_POOL_SIZE"] == "32", "(200 − 13) // 4 = 46; 32 + 13"


class TestClusters:
    def test_a_provisioned_writer_decides(self, shop: Shop, synth: Synth) -> None:
        database = shop.aurora(
            writer=rds.ClusterInstance.provisioned("Writer", instance_type=ec2.InstanceType("r6g.large"))
        )

        limit, _, described = _budgeted(shop, synth, database)

        assert limit == R6G_LARGE
        assert (described["engine"], described["instance_class"]) == ("aurora-postgresql", "db.r6g.large")

    def test_serverless_is_bounded_by_the_maximum_acu(self, shop: Shop, synth: Synth) -> None:
        """AWS documents 1669 at 8 ACU."""
        database = shop.aurora(
            writer=rds.ClusterInstance.serverless_v2("Writer"),
            serverless_v2_min_capacity=1,
            serverless_v2_max_capacity=8,
        )

        assert _budgeted(shop, synth, database)[0] == 1669

    def test_the_cdks_default_range_is_half_an_acu_to_two(self, shop: Shop, synth: Synth) -> None:
        database = shop.aurora(writer=rds.ClusterInstance.serverless_v2("Writer"))

        _, _, described = _budgeted(shop, synth, database)

        assert (described["min_acu"], described["max_acu"]) == ("0.5", "2")

    def test_the_clusters_parameters_decide(self, shop: Shop, synth: Synth) -> None:
        database = shop.aurora(
            writer=rds.ClusterInstance.provisioned("Writer", instance_type=ec2.InstanceType("r6g.large")),
            parameters={"max_connections": "303"},
        )

        assert _budgeted(shop, synth, database)[0] == 303

    def test_the_instances_parameters_beat_those_of_its_cluster(self, shop: Shop, synth: Synth) -> None:
        database = shop.aurora(
            writer=rds.ClusterInstance.provisioned(
                "Writer", instance_type=ec2.InstanceType("r6g.large"), parameters={"max_connections": "202"}
            ),
            parameters={"max_connections": "303"},
        )

        assert _budgeted(shop, synth, database)[0] == 202

    def test_the_clusters_parameters_decide_where_the_instances_own_are_silent(self, shop: Shop, synth: Synth) -> None:
        database = shop.aurora(
            writer=rds.ClusterInstance.provisioned(
                "Writer", instance_type=ec2.InstanceType("r6g.large"), parameters={"log_statement": "all"}
            ),
            parameters={"max_connections": "303"},
        )

        assert _budgeted(shop, synth, database)[0] == 303


class TestReaders:
    def test_the_reader_endpoint_has_a_sum_of_its_own(self, shop: Shop, synth: Synth) -> None:
        """Aurora keeps 9, the administrator 10: 1659 // 4 = 414 → 289 + 124, and 3390 − 19 = 3371 // 4 = 842 → 589."""
        budget = ConnectionBudget(shop, "Budget", database=_with_readers(shop, "r6g.xlarge"))
        budget.add_service("api", service=shop.fargate(), processes_per_task=1)
        reports = shop.fargate("Reports", containers=["batch"])
        budget.add_service("reports", service=reports, processes_per_task=1, endpoint="reader")

        synthesis = synth()

        assert synthesis.errors == []
        assert synthesis.variables("web")["DB_POOL_SIZE"] == "289"
        assert synthesis.variables("batch")["DB_POOL_SIZE"] == "589"
        assert "failover-too-small" in synthesis.ids  # 1652 + 3368 are more than 3371 once the only reader is promoted

    def test_memory_that_was_given_for_the_writer_is_not_that_of_a_reader_of_another_class(
        self, shop: Shop, synth: Synth
    ) -> None:
        database = shop.aurora(
            writer=rds.ClusterInstance.provisioned("Writer", instance_type=ec2.InstanceType("z9g.large")),
            readers=[rds.ClusterInstance.provisioned("Reader", instance_type=ec2.InstanceType("z9g.small"))],
        )
        ConnectionBudget(shop, "Budget", database=database, memory_bytes=2**34)

        assert [(item.id, item.subject) for item in synth().findings if item.severity == "error"] == [
            ("unknown-limit", "Orders-reader")
        ]

    def test_the_smallest_reader_counts(self, shop: Shop, synth: Synth) -> None:
        """All connections of the endpoint may arrive at one: 822 − 19 = 803 // 4 = 200; 140 + 60."""
        budget = ConnectionBudget(shop, "Budget", database=_with_readers(shop, "r6g.xlarge", "t4g.large"))
        budget.add_service("reports", service=shop.fargate(), processes_per_task=1, endpoint="reader")

        assert synth().variables()["DB_POOL_SIZE"] == "140"

    def test_a_reader_that_cannot_take_over_is_a_warning(self, shop: Shop, synth: Synth) -> None:
        budget = ConnectionBudget(shop, "Budget", database=_with_readers(shop, "t4g.large"))
        budget.add_service("api", service=shop.fargate(), processes_per_task=1)

        synthesis = synth()

        assert not synthesis.failed
        assert "failover-too-small" in synthesis.ids

    def test_a_reader_that_shrinks_behind_the_budgets_back_is_caught(self, shop: Shop, synth: Synth) -> None:
        database = _with_readers(shop, "r6g.large")
        budget = ConnectionBudget(shop, "Budget", database=database)
        budget.add_service("reports", service=shop.fargate(), processes_per_task=1, endpoint="reader")
        (reader,) = (
            item for item in database.node.find_child("Reader0").node.find_all() if isinstance(item, rds.CfnDBInstance)
        )
        reader.add_property_override("DBInstanceClass", "db.t4g.large")

        assert synth().errors == ["environment-conflict", "overcommitted"]

    def test_without_a_reader_the_endpoint_leads_to_the_writer(self, shop: Shop, synth: Synth) -> None:
        budget = ConnectionBudget(shop, "Budget", database=_with_readers(shop), max_connections=683, admin_reserve=10)
        budget.add_service("api", service=shop.fargate(), processes_per_task=1, endpoint="reader")
        budget.add_reservation("reports", connections=1, endpoint="reader")

        synthesis = synth()

        assert synthesis.failed is False
        assert synthesis.printed.count("Connection budget of ") == 1
        assumed = {item.subject: item for item in synthesis.findings if item.id == "assumed"}
        assert "without one its reader endpoint leads to the writer" in assumed["api"].message
        assert "without one its reader endpoint leads to the writer" in assumed["reports"].message
        assert "api*" in synthesis.printed


class TestImports:
    def test_an_instance_of_another_app_says_what_it_is_by_keywords(self, shop: Shop, synth: Synth) -> None:
        """The engine's reserve of 16.4 is 5, as where it is read: 1663 // 4 = 415."""
        limit, variables, _ = _budgeted(
            shop,
            synth,
            _imported(shop),
            engine="postgres",
            engine_version="16.4",
            instance_class="db.r6g.large",
        )

        assert limit == R6G_LARGE
        assert variables["DB_POOL_SIZE"] == "290"

    def test_the_engine_of_an_import_is_read_where_it_was_given(self, shop: Shop, synth: Synth) -> None:
        limit, _, described = _budgeted(shop, synth, _imported(shop, engine=POSTGRES), instance_class="db.r6g.large")

        assert limit == R6G_LARGE
        assert described["engine_version"] == "16.4"

    def test_an_import_without_a_word_is_unknown(self, shop: Shop, synth: Synth) -> None:
        ConnectionBudget(shop, "Budget", database=_imported(shop)).add_service("api", service=shop.fargate())

        synthesis = synth()

        assert synthesis.failed
        assert synthesis.errors == ["unknown-limit"]
        assert "max_connections" in synthesis.findings[0].fix

    def test_the_limit_itself_is_enough(self, shop: Shop, synth: Synth) -> None:
        assert _budgeted(shop, synth, _imported(shop), max_connections=303)[0] == 303

    def test_a_cluster_of_another_app_works_alike(self, shop: Shop, synth: Synth) -> None:
        cluster = rds.DatabaseCluster.from_database_cluster_attributes(
            shop, "Orders", cluster_identifier="orders", port=5432
        )

        limit, _, _ = _budgeted(shop, synth, cluster, engine="aurora-postgresql", instance_class="db.r6g.large")

        assert limit == R6G_LARGE

    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ({"engine": "cockroach", "instance_class": "db.r6g.large"}, "cockroach"),
            ({"engine": "postgres", "instance_class": "db.r99g.large"}, "db.r99g.large"),
            ({"engine": "postgres"}, "instance class"),
        ],
    )
    def test_an_engine_or_a_class_that_nobody_knows_is_unknown_not_guessed(
        self, shop: Shop, synth: Synth, said: dict[str, Any], reason: str
    ) -> None:
        ConnectionBudget(shop, "Budget", database=_imported(shop), **said).add_service("api", service=shop.fargate())

        synthesis = synth()

        assert synthesis.errors == ["unknown-limit"]
        assert reason in synthesis.findings[0].message


def _budgeted(shop: Shop, synth: Synth, database: Any, **said: Any) -> tuple[int, dict[str, str], dict[str, Any]]:
    """The limit of a database whose budget fits, the variables of a service of four pools, and the written entry."""
    ConnectionBudget(shop, "Budget", database=database, **said).add_service(
        "api", service=shop.fargate(), processes_per_task=1
    )
    synthesis = synth()
    assert synthesis.errors == []
    variables = synthesis.variables()
    return int(variables["RDS_MAX_CONNECTIONS"]), variables, synthesis.document["databases"][database.node.id]


def _with_readers(shop: Shop, *classes: str) -> rds.DatabaseCluster:
    """An Aurora cluster whose writer is a db.r6g.large."""
    return shop.aurora(
        writer=rds.ClusterInstance.provisioned("Writer", instance_type=ec2.InstanceType("r6g.large")),
        readers=[
            rds.ClusterInstance.provisioned(f"Reader{index}", instance_type=ec2.InstanceType(name))
            for index, name in enumerate(classes)
        ],
    )


def _imported(shop: Shop, **props: Any) -> rds.IDatabaseInstance:
    return rds.DatabaseInstance.from_database_instance_attributes(
        shop,
        "Orders",
        instance_identifier="orders",
        instance_endpoint_address="orders.internal",
        port=5432,
        security_groups=[],
        **props,
    )


class TestMultiAzClusters:
    def test_writer_and_readers_have_the_clusters_class(self, shop: Shop, synth: Synth) -> None:
        """8 GiB: 822, less 9 and 10 leaves 803, for the writer and again for a reader."""
        cluster = rds.CfnDBCluster(
            shop, "Orders", engine="postgres", engine_version="17.4", db_cluster_instance_class="db.m6gd.large"
        )
        budget = ConnectionBudget(shop, "Budget", database=cluster)
        budget.add_reservation("orders", connections=803)
        budget.add_reservation("reports", connections=803, endpoint="reader")
        done = synth()
        assert not done.failed, done.error
        assert done.printed.count("FITS: at most 803 of 803 connections") == 2
