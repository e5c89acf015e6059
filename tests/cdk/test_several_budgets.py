"""Apps of several services, budgets, stacks and stages."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_rds as rds
from constructs import Construct

from tests.cdk.shop import POSTGRES, Shop, scaled_by_hand
from tests.cdk.synthesis import Synthesis

pytestmark = pytest.mark.synth

Synth = Callable[..., Synthesis]
UNBOUNDED: dict[str, Any] = {"pool_size": 0, "max_overflow": 5}


class TestOneStack:
    def test_several_services_share_one_database(self, shop: Shop, synth: Synth) -> None:
        """4 + 2 tasks: 670 // 6 = 111; 77 + 33 for each."""
        budget = shop.budget(database=shop.instance())
        budget.add_service("api", service=shop.fargate(), processes_per_task=1)
        budget.add_service(
            "admin", service=shop.fargate("Admin", containers=["admin"], desired_count=2), processes_per_task=1
        )

        synthesis = synth()

        for container in ("web", "admin"):
            assert synthesis.variables(container)["DB_POOL_SIZE"] == "77"
            assert synthesis.variables(container)["DB_MAX_OVERFLOW"] == "33"

    def test_two_budgets_may_use_one_workload_name(self, shop: Shop, synth: Synth) -> None:
        """Each has its own database: 4 pools of 167, and (213 − 13) // 2 = 100; 70 + 30."""
        shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1)
        shop.budget("UserBudget", database=shop.instance("Users"), max_connections=213).add_service(
            "api", service=shop.fargate("Api2", containers=["web2"], desired_count=2), processes_per_task=1
        )

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables("web")["DB_POOL_SIZE"] == "116"
        assert synthesis.variables("web2")["DB_POOL_SIZE"] == "70"
        assert synthesis.variables("web2")["DB_APPLICATION_NAME"] == "api", "the name that the user gave, not the path"
        assert set(synthesis.document["databases"]) == {"Orders", "Users"}
        assert len(synthesis.document["workloads"]) == 2

    def test_two_databases_may_have_one_construct_id(self, shop: Shop, synth: Synth) -> None:
        """4 pools of 167, and (213 − 13) // 2 = 100; 70 + 30."""
        other = Construct(shop, "Other")
        users = rds.DatabaseInstance(other, "Orders", engine=POSTGRES, vpc=shop.vpc, vpc_subnets=shop.private)
        shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1)
        shop.budget("UserBudget", database=users, max_connections=213).add_service(
            "users", service=shop.fargate("Api2", containers=["web2"], desired_count=2), processes_per_task=1
        )

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables("web")["DB_POOL_SIZE"] == "116"
        assert synthesis.variables("web2")["DB_POOL_SIZE"] == "70"
        assert len(synthesis.document["databases"]) == 2

    def test_one_service_may_use_two_databases_under_two_prefixes(self, shop: Shop, synth: Synth) -> None:
        """167 → 116 + 50 of the orders; (213 − 13) // 4 = 50 → 35 + 15 of the users."""
        service = shop.fargate()
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        shop.budget("UserBudget", database=shop.instance("Users"), max_connections=213).add_service(
            "api", service=service, processes_per_task=1, env_prefix="USERS_"
        )

        variables = synth().variables()

        assert (variables["DB_POOL_SIZE"], variables["DB_MAX_OVERFLOW"]) == ("116", "50")
        assert (variables["USERS_POOL_SIZE"], variables["USERS_MAX_OVERFLOW"]) == ("35", "15")
        assert variables["RDS_MAX_CONNECTIONS"] == "683", "that of the database behind DB_"

    def test_one_service_may_have_two_workloads_in_containers_of_their_own(self, shop: Shop, synth: Synth) -> None:
        """4 pools each: 670 // 8 = 83; 58 + 24."""
        service = shop.fargate(containers=["web", "batch"])
        budget = shop.budget(database=shop.instance())
        budget.add_service("web", service=service, processes_per_task=1, containers=["web"])
        budget.add_service("batch", service=service, processes_per_task=1, containers=["batch"])

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables("web")["DB_APPLICATION_NAME"] == "web"
        assert synthesis.variables("batch")["DB_APPLICATION_NAME"] == "batch"
        assert synthesis.variables("batch")["DB_POOL_SIZE"] == "58"

    def test_a_budget_without_workloads_is_no_error(self, shop: Shop, synth: Synth) -> None:
        shop.budget(database=shop.instance())

        synthesis = synth()

        assert not synthesis.failed
        assert synthesis.ids == []

    def test_every_budget_is_printed_once(self, shop: Shop, synth: Synth) -> None:
        for name in ("Orders", "Users", "Stock"):
            shop.budget(f"{name}Budget", database=shop.instance(name))

        printed = synth().printed

        for name in ("Orders", "Users", "Stock"):
            assert printed.count(f"Connection budget of {name} (") == 1


class TestSeveralStacks:
    def test_database_services_and_budget_may_be_three_stacks(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        """303 − 13 = 290; 290 // 4 = 72; 50 + 21."""
        data, services = Shop(app, "Data"), Shop(app, "Services")
        service = services.fargate()
        service.auto_scale_task_count(max_capacity=4)
        shop.budget(database=data.instance(parameters={"max_connections": "303"}), max_connections=None).add_service(
            "api", service=service, processes_per_task=1
        )

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables()["DB_POOL_SIZE"] == "50"
        assert synthesis.document["workloads"]["api"]["resource"]["template"] == "Services.template.json"
        assert synthesis.document["databases"]["Orders"]["resource"]["template"] == "Data.template.json"

    def test_the_task_definition_may_be_in_a_stack_of_its_own(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        task = Shop(app, "Tasks").task("Api", ["web"])
        shop.budget(database=shop.instance()).add_service(
            "api", service=shop.fargate(task_definition=task), processes_per_task=1
        )

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables()["DB_POOL_SIZE"] == "116"

    def test_budgets_of_several_stacks_do_not_meet(self, app: cdk.App, synth: Synth) -> None:
        for name, container in (("Orders", "web"), ("Users", "web2")):
            stack = Shop(app, name)
            stack.budget(database=stack.instance()).add_service(
                "api", service=stack.fargate(containers=[container]), processes_per_task=1
            )

        synthesis = synth()

        assert synthesis.ids == []
        for name, container in (("Orders", "web"), ("Users", "web2")):
            assert synthesis.variables(container)["DB_POOL_SIZE"] == "116"
            assert list(synthesis.template(name)["Metadata"]["ConnectionBudget"]["workloads"]) == ["api"]

    def test_a_scalable_target_of_another_stack_is_counted(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        """8 tasks × 166 = 1328 > 670."""
        service = shop.fargate()
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1)
        scaled_by_hand(Shop(app, "Scaling"), service, 8)

        assert "overcommitted" in synth().errors

    def test_one_failing_budget_fails_the_app(self, app: cdk.App, shop: Shop, synth: Synth) -> None:
        other = Shop(app, "Other")
        shop.budget(database=shop.instance()).add_service("api", service=shop.fargate(), processes_per_task=1)
        other.budget(database=other.instance()).add_service(
            "api", service=other.fargate(), processes_per_task=1, pool_size=500, max_overflow=0
        )

        synthesis = synth()

        assert synthesis.failed
        assert [(item.id, item.constructs) for item in synthesis.findings] == [
            ("overcommitted", ("Other/Orders/Resource",))
        ]


class TestStages:
    def test_two_stages_with_the_same_ids_have_budgets_of_their_own(self, app: cdk.App, synth: Synth) -> None:
        """4 pools of 167 and 8 of 83."""
        for stage, tasks in (("Beta", 4), ("Prod", 8)):
            shop = Shop(cdk.Stage(app, stage))
            shop.budget(database=shop.instance()).add_service(
                "api", service=shop.fargate(desired_count=tasks), processes_per_task=1
            )

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables("web", "BetaShop*")["DB_POOL_SIZE"] == "116"
        assert synthesis.variables("web", "ProdShop*")["DB_POOL_SIZE"] == "58"
        for stage in ("Beta", "Prod"):
            assert synthesis.printed.count(f"Connection budget of Orders ({stage}/Shop/Budget): postgres") == 1

    def test_only_the_stage_that_does_not_fit_is_reported(self, app: cdk.App, synth: Synth) -> None:
        for stage, size in (("Beta", 10), ("Prod", 500)):
            shop = Shop(cdk.Stage(app, stage))
            shop.budget(database=shop.instance()).add_service(
                "api", service=shop.fargate(), processes_per_task=1, pool_size=size, max_overflow=0
            )

        synthesis = synth()

        assert synthesis.failed
        assert [(item.id, item.constructs) for item in synthesis.findings] == [
            ("overcommitted", ("Prod/Shop/Orders/Resource",))
        ]

    def test_an_acknowledgement_in_one_stage_leaves_the_other(self, app: cdk.App, synth: Synth) -> None:
        stages = {name: cdk.Stage(app, name) for name in ("Beta", "Prod")}
        for stage in stages.values():
            shop = Shop(stage)
            shop.budget(database=shop.instance()).add_service(
                "api", service=shop.fargate(), processes_per_task=1, pool_size=500, max_overflow=0
            )
        cdk.Validations.of(stages["Beta"]).acknowledge(
            cdk.Acknowledgment(id="ConnectionBudget::overcommitted", reason="load test")
        )

        synthesis = synth()

        assert synthesis.failed
        assert [item.constructs for item in synthesis.findings] == [("Prod/Shop/Orders/Resource",)]
        assert [item.reason for item in synthesis.suppressed] == ["load test"]

    def test_a_stage_may_hold_three_stacks(self, app: cdk.App, synth: Synth) -> None:
        stage = cdk.Stage(app, "Prod")
        data, services, home = Shop(stage, "Data"), Shop(stage, "Services"), Shop(stage, "Home")
        home.budget(database=data.instance()).add_service("api", service=services.fargate(), processes_per_task=1)

        synthesis = synth()

        assert synthesis.ids == []
        assert synthesis.variables()["DB_POOL_SIZE"] == "116"

    def test_a_stage_may_be_in_a_stage(self, app: cdk.App, synth: Synth) -> None:
        shop = Shop(cdk.Stage(cdk.Stage(app, "Prod"), "Europe"))
        service = shop.fargate()
        shop.budget(database=shop.instance()).add_service("api", service=service, processes_per_task=1, **UNBOUNDED)
        cdk.Validations.of(service).acknowledge(
            cdk.Acknowledgment(id="ConnectionBudget::unbounded-pool", reason="load test")
        )

        synthesis = synth()

        assert not synthesis.failed
        assert [item.constructs for item in synthesis.suppressed] == [("Prod/Europe/Shop/Api/Service",)]

    def test_one_identifier_in_two_stages_names_two_databases(self, app: cdk.App, synth: Synth) -> None:
        """Stages are deployed to accounts of their own."""
        for name in ("Beta", "Prod"):
            shop = Shop(cdk.Stage(app, name))
            imported = rds.DatabaseInstance.from_database_instance_attributes(
                shop, "Db", instance_identifier="orders", instance_endpoint_address="x", port=5432, security_groups=[]
            )
            shop.budget(database=imported)

        assert not synth().failed
