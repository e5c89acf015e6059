"""Calls that cannot be meant raise at once, in four parts: what is wrong, what was got, what is allowed, what to do."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds

from constructs_lib.cdk import ConnectionBudget, MisuseError
from tests.cdk.shop import Shop

pytestmark = pytest.mark.synth

COUNTS = (0, -1, True, 1.5, 2.0, float("nan"), float("inf"), "2", [2])


class TestNumbers:
    @pytest.mark.parametrize("value", COUNTS)
    @pytest.mark.parametrize("keyword", ["processes_per_task", "engines_per_process", "weight", "multiplexing"])
    def test_a_count_of_a_service_is_a_whole_number_from_1(self, shop: Shop, keyword: str, value: Any) -> None:
        message = _refused(shop, keyword, value)

        assert message.startswith(f"{keyword} must be a whole number from 1 ")
        assert f"got {_shown(value)} " in message

    @pytest.mark.parametrize("value", [-1, True, 1.5, "2"])
    def test_max_tasks_is_a_whole_number_from_0(self, shop: Shop, value: Any) -> None:
        assert _refused(shop, "max_tasks", value).startswith("max_tasks must be a whole number from 0 ")

    @pytest.mark.parametrize("value", [-1, True, 150.0, "150", 10_001])
    def test_maximum_percent_is_a_whole_percentage(self, shop: Shop, value: Any) -> None:
        assert _refused(shop, "maximum_percent", value).startswith("maximum_percent must be a whole number from 0 ")

    @pytest.mark.parametrize("value", [0, -1, True, "30", 3601])
    def test_pool_timeout_is_in_seconds(self, shop: Shop, value: Any) -> None:
        assert _refused(shop, "pool_timeout", value).startswith("pool_timeout must be a whole number from 1 to 3600")

    @pytest.mark.parametrize("value", COUNTS)
    def test_the_concurrency_of_celery_is_a_whole_number_from_1(self, shop: Shop, value: Any) -> None:
        budget = shop.budget(database=shop.instance())

        with pytest.raises(MisuseError, match=r"^concurrency must be a whole number from 1 .*'workers'.*; ") as raised:
            budget.add_celery_workers("workers", service=shop.fargate(), concurrency=value)

        assert f"got {_shown(value)} " in str(raised.value)

    @pytest.mark.parametrize("value", [-1, True, 1.5, "2", None])
    def test_a_reservation_is_a_whole_number_from_0(self, shop: Shop, value: Any) -> None:
        budget = shop.budget(database=shop.instance())

        with pytest.raises(MisuseError, match=r"^connections must be a whole number from 0 .*'psql'"):
            budget.add_reservation("psql", connections=value)

    def test_a_reservation_is_known_at_synth(self, shop: Shop) -> None:
        budget = shop.budget(database=shop.instance())

        with pytest.raises(
            MisuseError, match=r"^connections must be a number that is known at synth, got a token .*; "
        ):
            budget.add_reservation("psql", connections=int(cdk.Token.as_number({"Ref": "Most"})))

    @pytest.mark.parametrize("value", [5, {}, ["a"], "", "missing.json"])
    @pytest.mark.parametrize("keyword", ["facts", "deployed"])
    def test_a_file_is_named_by_its_path(self, shop: Shop, keyword: str, value: Any) -> None:
        with pytest.raises(MisuseError, match=rf"^{keyword} must be a .*, got .*Shop/Budget.*; "):
            shop.budget(database=shop.instance(), **{keyword: value})

    @pytest.mark.parametrize("value", [-1, True, 1.5, "2"])
    @pytest.mark.parametrize("keyword", ["engine_reserve", "admin_reserve"])
    def test_a_reserve_is_a_whole_number_from_0(self, shop: Shop, keyword: str, value: Any) -> None:
        with pytest.raises(MisuseError, match=rf"^{keyword} must be a whole number from 0 .*Shop/Budget.*; "):
            shop.budget(database=shop.instance(), **{keyword: value})

    @pytest.mark.parametrize("value", [0, -1, True, 683.0, float("nan"), ""])
    def test_max_connections_is_a_whole_number_from_1_or_a_formula(self, shop: Shop, value: Any) -> None:
        with pytest.raises(MisuseError, match=r"^max_connections must be .*Shop/Budget.*; "):
            ConnectionBudget(shop, "Budget", database=shop.instance(), max_connections=value)

    @pytest.mark.parametrize("value", [0, 101, True, 80.0, "80"])
    def test_the_percentage_of_a_proxy_is_1_to_100(self, shop: Shop, value: Any) -> None:
        with pytest.raises(MisuseError, match=r"^proxy_max_connections_percent must be a whole number from 1 to 100"):
            shop.budget(database=shop.instance(), proxy=_imported_proxy(shop), proxy_max_connections_percent=value)


class TestWords:
    @pytest.mark.parametrize("value", ["50/60", "0/100", "70", "70/30/0", "seventy/thirty", "", 50])
    def test_a_split_adds_up_to_100(self, shop: Shop, value: object) -> None:
        message = _refused(shop, "split", value)

        assert message.startswith("split must ")
        assert f"got {_shown(value)} " in message

    @pytest.mark.parametrize("value", ["1X", "", "DB-", "DB POOL", "Ü_", 5])
    def test_a_prefix_can_begin_a_variables_name(self, shop: Shop, value: object) -> None:
        message = _refused(shop, "env_prefix", value)

        assert message.startswith("env_prefix must be letters, digits and underscores")
        assert f"got {_shown(value)} " in message

    @pytest.mark.parametrize("value", ["processes", "", 4])
    def test_a_celery_pool_is_one_that_celery_has(self, shop: Shop, value: Any) -> None:
        budget = shop.budget(database=shop.instance())

        with pytest.raises(
            MisuseError, match=r"^pool must be one of prefork, threads, gevent, eventlet, solo, got .*'workers'.*; "
        ):
            budget.add_celery_workers("workers", service=shop.fargate(), concurrency=4, pool=value)

    @pytest.mark.parametrize("value", ["replica", "", 1])
    def test_an_endpoint_is_the_writers_or_the_readers(self, shop: Shop, value: Any) -> None:
        assert _refused(shop, "endpoint", value).startswith("endpoint must be 'writer' or 'reader', got ")

    def test_an_instance_has_no_reader_endpoint(self, shop: Shop) -> None:
        budget = shop.budget(database=shop.instance())
        match = (
            r"^endpoint must be .* 'writer' where the database is an instance, got 'reader' .*'reports'.*; leave it out"
        )

        with pytest.raises(MisuseError, match=match):
            budget.add_reservation("reports", connections=1, endpoint="reader")

    @pytest.mark.parametrize("value", ["yes", 1])
    def test_iam_auth_is_true_or_false(self, shop: Shop, value: Any) -> None:
        assert _refused(shop, "iam_auth", value).startswith("iam_auth must be true or false")

    @pytest.mark.parametrize("value", ["", " ", 5, None, "a\nb", "x" * 501], ids=lambda value: repr(value)[:9])
    def test_a_workload_has_a_name(self, shop: Shop, value: Any) -> None:
        budget = shop.budget(database=shop.instance())

        with pytest.raises(MisuseError, match=r"^name must be "):
            budget.add_service(value, service=shop.fargate())

    @pytest.mark.parametrize("keyword", ["engine", "engine_version", "instance_class"])
    @pytest.mark.parametrize("value", [5, ""])
    def test_what_describes_an_import_is_text(self, shop: Shop, keyword: str, value: Any) -> None:
        database = _imported_instance(shop)

        with pytest.raises(MisuseError, match=rf"^{keyword} must be .*Shop/Budget.*; "):
            shop.budget(database=database, **{keyword: value})

    def test_another_major_version_contradicts_what_the_database_says_of_itself(self, shop: Shop) -> None:
        with pytest.raises(MisuseError, match=r"^engine_version must be .* got '1.8'.*'16.4'"):
            shop.budget(database=shop.instance(), engine_version="1.8")

    def test_a_keyword_cannot_contradict_what_the_database_says_of_itself(self, shop: Shop) -> None:
        """Else a larger class, said by mistake, would hide that the sum does not fit."""
        with pytest.raises(MisuseError, match=r"^instance_class must be .* got 'db.r6g.16xlarge'.*'db.r6g.large'"):
            shop.budget(database=shop.instance(), instance_class="db.r6g.16xlarge")


class TestPools:
    @pytest.mark.parametrize(
        ("given", "missing"),
        [({"pool_size": 5}, "max_overflow"), ({"max_overflow": 5}, "pool_size"), ({"pool_size": 0}, "max_overflow")],
    )
    def test_a_fixed_pool_has_both_of_its_numbers(self, shop: Shop, given: dict[str, Any], missing: str) -> None:
        budget = shop.budget(database=shop.instance())

        with pytest.raises(MisuseError, match=rf"^{missing} is required: a fixed pool has both .*'api'.*; "):
            budget.add_service("api", service=shop.fargate(), **given)

    @pytest.mark.parametrize(("keyword", "least"), [("pool_size", 0), ("max_overflow", -1)])
    def test_the_numbers_of_a_fixed_pool_are_those_of_sqlalchemy(self, shop: Shop, keyword: str, least: int) -> None:
        """pool_size=0 and max_overflow=-1 mean no limit: a finding, for they can be acknowledged."""
        budget = shop.budget(database=shop.instance())
        fixed: dict[str, Any] = {"pool_size": 5, "max_overflow": 5, keyword: least - 1}

        with pytest.raises(MisuseError, match=rf"^{keyword} must be a whole number from {least} .*got {least - 1} "):
            budget.add_service("api", service=shop.fargate(), **fixed)

    def test_multiplexing_needs_a_proxy(self, shop: Shop) -> None:
        assert _refused(shop, "multiplexing", 4).startswith("multiplexing needs a proxy")

    def test_multiplexing_needs_the_proxy_that_false_switches_off(self, shop: Shop) -> None:
        budget = shop.budget(database=shop.instance(), proxy=_imported_proxy(shop), proxy_max_connections_percent=80)

        with pytest.raises(MisuseError, match=r"^multiplexing needs a proxy"):
            budget.add_service("api", service=shop.fargate(), proxy=False, multiplexing=4)


class TestConstructs:
    def test_a_service_is_a_service(self, shop: Shop) -> None:
        budget = shop.budget(database=shop.instance())
        wrong: Any = shop.task("Api", ["web"])

        with pytest.raises(
            MisuseError, match=r"^service must be an ecs.FargateService or ecs.Ec2Service .*got FargateTaskDefinition"
        ):
            budget.add_service("api", service=wrong)

    def test_a_service_of_another_app_is_covered_by_a_reservation(self, shop: Shop) -> None:
        budget = shop.budget(database=shop.instance())
        imported: Any = ecs.FargateService.from_fargate_service_attributes(
            shop, "Api", cluster=shop.cluster, service_name="api"
        )

        with pytest.raises(MisuseError, match=r"^service must be .* defined in this app.*add_reservation"):
            budget.add_service("api", service=imported)

    def test_a_database_is_a_database(self, shop: Shop) -> None:
        wrong: Any = shop.cluster

        with pytest.raises(
            MisuseError, match=r"^database must be an instance or a cluster of aws_rds, got Cluster .*; pass the"
        ):
            shop.budget(database=wrong)

    def test_a_database_is_no_other_l1_construct(self, shop: Shop) -> None:
        wrong: Any = rds.CfnGlobalCluster(shop, "Orders", engine="postgres")

        with pytest.raises(MisuseError, match=r"^database must be .*got CfnGlobalCluster"):
            shop.budget(database=wrong)

    def test_a_proxy_is_a_proxy(self, shop: Shop) -> None:
        wrong: Any = shop.cluster

        with pytest.raises(MisuseError, match=r"^proxy must be an rds.DatabaseProxy, got Cluster .*; pass what"):
            shop.budget(database=shop.instance(), proxy=wrong)

    def test_the_proxy_of_a_service_is_a_proxy(self, shop: Shop) -> None:
        assert _refused(shop, "proxy", 1).startswith("proxy must be an rds.DatabaseProxy, got int")

    def test_a_container_is_one_that_the_task_has(self, shop: Shop) -> None:
        message = _refused(shop, "containers", ["web", "wbe"])

        assert message.startswith("containers must be names of containers that the task has, got 'wbe' ")
        assert "the task has web" in message

    def test_a_log_router_is_no_container_that_uses_the_database(self, shop: Shop) -> None:
        service = shop.fargate()
        service.task_definition.add_firelens_log_router(
            "router",
            image=ecs.ContainerImage.from_registry("fluent"),
            firelens_config=ecs.FirelensConfig(type=ecs.FirelensLogRouterType.FLUENTBIT),
        )
        budget = shop.budget(database=shop.instance())

        with pytest.raises(MisuseError, match="got 'router'"):
            budget.add_service("api", service=service, containers=["router"])

    @pytest.mark.parametrize("value", [[], ()])
    def test_at_least_one_container_uses_the_database(self, shop: Shop, value: Any) -> None:
        assert _refused(shop, "containers", value).startswith("containers must be ")


class TestOnlyOnce:
    def test_a_name_is_new_in_its_budget(self, shop: Shop) -> None:
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=shop.fargate())

        with pytest.raises(MisuseError, match=r"^name must be new in its budget, got 'api' again .*Shop/Budget.*; "):
            budget.add_reservation("api", connections=5)

    def test_a_database_has_one_budget(self, shop: Shop) -> None:
        database = shop.instance()
        shop.budget(database=database)

        with pytest.raises(
            MisuseError,
            match=r"^database Shop/Orders is already in the connection budget Shop/Budget, got it again in Shop/Other; "
            "add the workloads to that budget",
        ):
            shop.budget("Other", database=database)

    def test_a_database_has_one_budget_also_across_stacks(self, app: cdk.App, shop: Shop) -> None:
        database = shop.instance()
        shop.budget(database=database)

        with pytest.raises(MisuseError, match="got it again in Other/Budget"):
            Shop(app, "Other").budget(database=database)

    def test_a_database_that_is_imported_twice_is_still_one(self, app: cdk.App, shop: Shop) -> None:
        shop.budget(database=_imported_instance(shop))
        other = Shop(app, "Other")

        with pytest.raises(MisuseError, match=r"^database instance orders .*is already in the connection budget"):
            other.budget(database=_imported_instance(other))

    def test_the_variables_of_a_container_belong_to_one_workload(self, shop: Shop) -> None:
        service = shop.fargate()
        shop.budget(database=shop.instance()).add_service("api", service=service)
        other = shop.budget("UserBudget", database=shop.instance("Users"))

        with pytest.raises(
            MisuseError,
            match=r"^DB_\* of container 'web' .*Shop/Budget \(api\), got it again in Shop/UserBudget \(api\); "
            "give the second service a task definition of its own",
        ):
            other.add_service("api", service=service)

    def test_an_equal_prefix_is_taken_as_well(self, shop: Shop) -> None:
        service = shop.fargate()
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=service, env_prefix="ORDERS_")

        with pytest.raises(MisuseError, match=r"^ORDERS_\* of container 'web'"):
            budget.add_service("again", service=service, env_prefix="ORDERS_")

    def test_two_services_of_one_task_definition_cannot_have_pools_of_two_sizes(self, shop: Shop) -> None:
        task = shop.task("Api", ["web"])
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=shop.fargate(task_definition=task))

        with pytest.raises(MisuseError, match=r"^DB_\* of container 'web' of Shop/ApiTask is already"):
            budget.add_service("admin", service=shop.fargate("Admin", task_definition=task))


def test_a_misuse_is_a_value_error_and_says_where(shop: Shop) -> None:
    """As the CDK's own: the construct's path, in the caller's words, lower-case, without a full stop."""
    budget = shop.budget(database=shop.instance())

    with pytest.raises(ValueError, match="processes_per_task") as raised:
        budget.add_service("api", service=shop.fargate(), processes_per_task=0)

    assert isinstance(raised.value, MisuseError)
    message = str(raised.value)
    assert "workload 'api' of ConnectionBudget Shop/Budget" in message
    assert not message.endswith(".")
    assert raised.value.__cause__ is None


def test_a_workload_that_was_refused_leaves_no_trace(shop: Shop) -> None:
    """A caller that corrects itself can use the name again."""
    budget = shop.budget(database=shop.instance())
    service = shop.fargate()
    slips: list[dict[str, Any]] = [{"processes_per_task": 0}, {"containers": ["wbe"]}, {"split": "1/2"}]
    for wrong in slips:
        with pytest.raises(MisuseError):
            budget.add_service("api", service=service, **wrong)

    budget.add_service("api", service=service, processes_per_task=2)


def _refused(shop: Shop, keyword: str, value: Any) -> str:
    """What is said of a keyword of `add_service`."""
    budget = shop.budget(database=shop.instance())
    with pytest.raises(MisuseError) as raised:
        budget.add_service("api", service=shop.fargate(), **{keyword: value})
    message = str(raised.value)
    assert "api" in message
    assert "; " in message, "the last part says what to change"
    return message


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    return "true" if value is True else ascii(value)


def _imported_proxy(shop: Shop) -> rds.IDatabaseProxy:
    return rds.DatabaseProxy.from_database_proxy_attributes(
        shop,
        "Proxy",
        db_proxy_arn="arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-1",
        db_proxy_name="orders",
        endpoint="orders.proxy",
        security_groups=[],
    )


def _imported_instance(shop: Shop) -> rds.IDatabaseInstance:
    return rds.DatabaseInstance.from_database_instance_attributes(
        shop,
        "Orders",
        instance_identifier="orders",
        instance_endpoint_address="orders.internal",
        port=5432,
        security_groups=[],
    )


def test_a_workload_that_was_refused_leaves_its_name_free(shop: Shop) -> None:
    service = shop.fargate("Api")
    budget = shop.budget(database=shop.instance())
    budget.add_service("api", service=service)
    with pytest.raises(MisuseError, match="already in the connection budget"):
        budget.add_service("admin", service=service)
    budget.add_service("admin", service=service, env_prefix="ADMIN_")


class TestOneServerUnderTwoConstructs:
    """A server has one budget, whichever construct it is given as."""

    def test_an_instance_and_its_level_1_construct(self, shop: Shop) -> None:
        database = shop.instance()
        shop.budget(database=database)

        with pytest.raises(MisuseError, match=r"^database Shop/Orders is already in the connection budget Shop/Budget"):
            shop.budget("Other", database=database.node.default_child)

    def test_a_cluster_and_one_of_its_instances(self, shop: Shop) -> None:
        cluster = shop.aurora(writer=rds.ClusterInstance.provisioned("writer"))
        instance = next(item for item in cluster.node.find_all() if isinstance(item, rds.CfnDBInstance))
        shop.budget(database=instance)

        with pytest.raises(MisuseError, match=r"^database Shop/Orders is already in the connection budget Shop/Budget"):
            shop.budget("Other", database=cluster)

    def test_an_instance_and_an_import_of_its_identifier(self, shop: Shop) -> None:
        database = shop.instance()
        again = rds.DatabaseInstance.from_database_instance_attributes(
            shop,
            "Again",
            instance_identifier=database.instance_identifier,
            instance_endpoint_address="orders",
            port=5432,
            security_groups=[],
        )
        shop.budget(database=database)

        with pytest.raises(MisuseError, match=r"^database Shop/Orders is already in the connection budget Shop/Budget"):
            shop.budget("Other", database=again)

    def test_two_instances_that_stand_alone_are_two_servers(self, shop: Shop) -> None:
        shop.budget(database=shop.instance())
        shop.budget("Other", database=shop.instance("Users"))


def test_a_second_service_of_a_task_definition_is_told_to_take_its_own(shop: Shop) -> None:
    first = shop.fargate()
    budget = shop.budget(database=shop.instance())
    budget.add_service("api", service=first)

    with pytest.raises(MisuseError, match="give the second service a task definition of its own"):
        budget.add_service("again", service=shop.fargate("Again", task_definition=first.task_definition))
