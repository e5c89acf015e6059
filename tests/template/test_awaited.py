"""A container that has ended before another one starts is not counted beside it."""

from typing import Any

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.overlay import left_out, overlaid
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.workloads import Service
from constructs_lib.template.app import App
from constructs_lib.template.awaited import awaited_in
from constructs_lib.template.discover import discover
from constructs_lib.template.misfits import misfits
from constructs_lib.template.reread import reread
from tests.template.app_templates import resource
from tests.template.reachable_shop import ADDRESS, DATABASE, SHOP, assembly, container, document_of, service, tasks
from tests.template.test_discover import OPEN, errors, peaks

Json = dict[str, Any]


def waiting(name: str, *others: str, condition: object = "SUCCESS", **more: Any) -> Json:
    """A container that the database counts, and that starts when others have come that far."""
    wait = [{"ContainerName": other, "Condition": condition} for other in others]
    return {**container(name, DB_HOST=ADDRESS), "DependsOn": wait, **more}


def shop(*containers: Json, **more: Json) -> Json:
    return {**SHOP, "ApiTask": tasks(*containers), **more}


AFTER: Json = {"DependsOn": [{"ContainerName": "migrate", "Condition": "SUCCESS"}]}
FRONT: Json = {
    "Front": resource("AWS::RDS::DBProxy", EngineFamily="POSTGRESQL"),
    "Targets": resource(
        "AWS::RDS::DBProxyTargetGroup", DBProxyName={"Ref": "Front"}, DBInstanceIdentifiers=[{"Ref": "Db"}]
    ),
}


def told(made: Json, name: str = "Api", **said: Any) -> Plan:
    """What becomes of the shop where a person says something of a workload."""
    templates = assembly(made)
    found = discover(templates)
    entries, _ = overlaid(found.entries, {"workloads": {name: said} if said else {}})
    document = Document.read(entries)
    assert not list(misfits(document, "", App(templates)))
    assert not list(left_out(found.entries, entries))
    return plan(found.completed(reread(document, "", templates)))


@pytest.mark.parametrize("condition", ["SUCCESS", "COMPLETE"])
def test_what_has_ended_before_is_not_counted_beside_what_waited(condition: str) -> None:
    """2 tasks × 200 % × (5 + 10) = 60, and not for both containers."""
    assert peaks(shop(waiting("migrate"), waiting("web", "migrate", condition=condition))) == {"Api": 60}


@pytest.mark.parametrize("condition", ["START", "HEALTHY", None, {"Ref": "Condition"}])
def test_what_only_has_started_is(condition: object) -> None:
    """2 tasks × 200 % × (5 + 10) × 2 containers = 120."""
    assert peaks(shop(waiting("migrate"), waiting("web", "migrate", condition=condition))) == {"Api": 120}


@pytest.mark.parametrize(
    "wait",
    [
        {"Fn::If": ["Wide", {"ContainerName": "migrate", "Condition": "SUCCESS"}, {"Ref": "AWS::NoValue"}]},
        {"Ref": "Wait"},
        {"ContainerName": {"Ref": "Migrate"}, "Condition": "SUCCESS"},
        {"ContainerName": "missing", "Condition": "SUCCESS"},
        5,
    ],
)
def test_a_wait_that_cannot_be_read_is_none(wait: object) -> None:
    assert peaks(shop(waiting("migrate"), waiting("web", DependsOn=[wait]))) == {"Api": 120}


@pytest.mark.parametrize(
    ("policy", "peak"),
    [
        ({"Enabled": True}, 120),
        ({"Ref": "Policy"}, 120),
        ({"Enabled": False}, 60),
        ({"Enabled": "false"}, 60),
        ({"Ref": "AWS::NoValue"}, 60),
        (None, 60),
    ],
)
def test_what_is_started_again_after_it_has_ended_is_counted(policy: Json, peak: int) -> None:
    assert peaks(shop(waiting("migrate", RestartPolicy=policy), waiting("web", "migrate"))) == {"Api": peak}


def test_of_two_that_one_waits_for_one_counts_beside_it_and_of_a_chain_none() -> None:
    """2 tasks × 200 % × (5 + 10) = 60 for each container that counts."""
    assert peaks(shop(waiting("one"), waiting("two"), waiting("web", "one", "two"))) == {"Api": 120}
    assert peaks(shop(waiting("one"), waiting("two", "one"), waiting("web", "two"))) == {"Api": 60}
    assert peaks(shop(waiting("a", "b", "c"), waiting("c", "b"), waiting("b"))) == {"Api": 60}


def test_of_more_containers_than_a_task_can_have_none_is_taken_to_wait() -> None:
    """2 tasks × 200 % × (5 + 10) = 60 for each container that counts: one of 100 in a chain, and all of 101."""
    chain = [waiting("c0"), *(waiting(f"c{place}", f"c{place - 1}") for place in range(1, 101))]
    assert peaks(shop(*chain[:100])) == {"Api": 60}
    assert peaks(shop(*chain)) == {"Api": 6060}


def test_of_two_that_wait_for_one_only_one_stands_for_it() -> None:
    """2 tasks × 200 % × (5 + 10) = 60 for each container that counts."""
    assert peaks(shop(waiting("one"), waiting("web", "one"), waiting("jobs", "one"))) == {"Api": 120}


MANY: Json = {"Command": ["gunicorn", "-w", "4", "a:a"]}


def test_of_two_that_never_run_at_once_the_one_that_opens_more_is_counted_whichever_waits() -> None:
    """1 process: 2 tasks × 200 % × (5 + 10) = 60; 4: 240."""
    assert peaks(shop(waiting("migrate"), waiting("web", "migrate", **MANY))) == {"Api (web)": 240}
    assert peaks(shop(waiting("migrate", **MANY), waiting("web", "migrate"))) == {"Api (migrate)": 240}


def test_of_a_chain_the_one_that_opens_most_is_counted() -> None:
    """2 tasks × 200 % × 4 processes × (5 + 10) = 240."""
    made = shop(waiting("one"), waiting("two", "one", **MANY), waiting("web", "two"))
    assert peaks(made) == {"Api (two)": 240}


def test_the_workload_that_stands_for_another_says_so_and_which_of_its_containers_counts() -> None:
    (same,) = document_of(shop(waiting("migrate"), waiting("web", "migrate"))).workloads.values()
    assert same.evidence == (
        "DB_HOST of container 'migrate', DB_HOST of container 'web'; never at once with 'web', and not counted while no"
        " larger: 'migrate'"
    )
    larger = shop(waiting("one"), waiting("two", "one"), waiting("web", "two", **MANY))
    (web,) = document_of(larger).workloads.values()
    assert (
        web.evidence
        == "DB_HOST of container 'web'; never at once with 'web', and not counted while no larger: 'one', 'two'"
    )


def test_a_container_between_two_is_a_link_only_where_it_is_there() -> None:
    """1 task × 200 % × (5 + 10) = 30 for each container that counts; of the first definition alone only `c`."""
    chain = [waiting("a"), waiting("b", "a"), waiting("c", "b")]
    without = tasks(waiting("a"), waiting("c"))
    made = shop(*chain, OtherTask=without, Api=service(TaskDefinition=OPEN))
    assert peaks(made) == {"Api": 60}
    assert peaks({**made, "OtherTask": tasks(waiting("a"), waiting("c", "a"))}) == {"Api": 30}
    assert peaks({**made, "OtherTask": made["ApiTask"]}) == {"Api": 30}


def test_containers_that_wait_for_each_other_in_turn_never_run_at_once() -> None:
    """1 task × 200 % × (5 + 10) = 30, in whichever order."""
    other = tasks(waiting("one", "two"), waiting("two"))
    assert peaks(shop(waiting("one"), waiting("two", "one"), OtherTask=other, Api=service(TaskDefinition=OPEN))) == {
        "Api": 30
    }


def test_where_nothing_says_how_the_database_was_found_nothing_says_what_is_left_out() -> None:
    templates = assembly(shop(waiting("migrate"), waiting("web", "migrate")))
    found = discover(templates)
    del found.entries["workloads"]["Api"]["evidence"]
    (api,) = found.document(templates).workloads.values()
    assert isinstance(api, Service)
    assert (api.containers, api.evidence) == (("web",), None)


def test_of_a_circle_in_one_definition_nothing_is_left_out_for_the_wait_in_another() -> None:
    """1 task × 200 % × (5 + 10) × 2 containers = 60."""
    circle = tasks(waiting("migrate", "web"), waiting("web", "migrate"))
    made = shop(waiting("migrate"), waiting("web", "migrate"), OtherTask=circle, Api=service(TaskDefinition=OPEN))
    assert peaks(made) == {"Api": 60}


def test_what_connects_to_another_database_or_through_a_proxy_is_counted_there() -> None:
    """2 tasks × 200 % × (5 + 10) = 60 in each place."""
    other = {**container("web", DB_HOST={"Fn::GetAtt": ["Db2", "Endpoint.Address"]}), **AFTER}
    made = shop(waiting("migrate"), other, Db2=DATABASE["Db"])
    assert peaks(made) == {"Api (Db)": 60, "Api (Db2)": 60}
    through = {**container("web", DB_HOST={"Fn::GetAtt": ["Front", "Endpoint"]}), **AFTER}
    assert peaks(shop(waiting("migrate"), through, **FRONT)) == {"Api (migrate)": 60, "Api (web)": 60}


def test_clients_that_share_the_connections_of_a_proxy_otherwise_are_both_counted() -> None:
    """2 tasks × 200 % × (5 + 10) = 60; with 4 processes and 4 clients per connection 240 ÷ 4 = 60."""
    through = {"Fn::GetAtt": ["Front", "Endpoint"]}
    made = shop(container("migrate", DB_HOST=through), {**container("web", DB_HOST=through), **AFTER, **MANY}, **FRONT)
    assert sorted(told(made, "Api (web)").tally.allotments) == ["Api (web)"]
    assert sorted(told(made, "Api (web)", multiplexing=4).tally.allotments) == ["Api (migrate)", "Api (web)"]


def test_engines_of_a_process_add_to_what_a_container_opens() -> None:
    """Web: 2 processes × (5 + 10) = 30 in a task; migrate: 15, and with 3 engines 45."""
    made = shop(waiting("migrate"), waiting("web", "migrate", Command=["gunicorn", "-w", "2", "a:a"]))
    assert list(told(made, "Api (web)").tally.allotments) == ["Api (web)"]
    assert list(told(made, "Api (migrate)", engines_per_process=3).tally.allotments) == ["Api (migrate)"]


def test_beside_what_has_no_limit_it_is_counted() -> None:
    made = shop(waiting("migrate"), waiting("web", "migrate", **MANY))
    unlimited = told(made, "Api (web)", pool_size=5, max_overflow=-1)
    assert sorted(unlimited.tally.allotments) == ["Api (migrate)", "Api (web)"]


def test_how_many_tasks_there_are_may_be_said_of_the_one_that_stands_for_both() -> None:
    """The desired count is not known: 3 tasks × 200 % × 4 processes × (5 + 10) = 360."""
    computed = service("ApiTask", "ApiGroup", DesiredCount={"Ref": "Count"})
    made = shop(waiting("migrate"), waiting("web", "migrate", **MANY), Api=computed)
    assert peaks(made) == {"Api (web)": None}
    (web,) = told(made, "Api (web)", max_tasks=3).tally.allotments.values()
    assert web.connections is not None
    assert web.connections.peak == 360
    two = container("migrate", DB_HOST=ADDRESS, DB_POOL_SIZE="20", DB_MAX_OVERFLOW="40")
    as_many = shop(two, waiting("web", "migrate", **MANY), Api=computed)
    assert list(told(as_many, "Api (web)", max_tasks=3).tally.allotments) == ["Api (web)"]
    assert sorted(told(made, "Api (migrate)", max_tasks=3).tally.allotments) == ["Api (migrate)", "Api (web)"]


def test_beside_what_is_unknown_it_is_counted() -> None:
    computed = container("web", DB_HOST=ADDRESS, DB_POOL_SIZE={"Ref": "Size"})
    made = shop(waiting("migrate"), {**computed, "DependsOn": waiting("web", "migrate")["DependsOn"]})
    assert peaks(made) == {"Api (migrate)": 60, "Api (web)": None}


def test_a_circle_is_no_order() -> None:
    assert peaks(shop(waiting("one", "two"), waiting("two", "one"), waiting("self", "self"))) == {"Api": 180}


def test_where_another_task_definition_may_be_run_without_the_wait_both_count() -> None:
    """1 task × 200 % × (5 + 10) × 2 containers = 60."""
    both = tasks(waiting("migrate"), waiting("web"))
    made = shop(waiting("migrate"), waiting("web", "migrate"), OtherTask=both, Api=service(TaskDefinition=OPEN))
    assert peaks(made) == {"Api": 60}
    assert peaks({**made, "OtherTask": made["ApiTask"]}) == {"Api": 30}


def test_a_task_that_a_rule_starts_waits_as_well() -> None:
    """2 tasks × (5 + 10) = 30."""
    ecs = {"TaskDefinitionArn": {"Ref": "Nightly"}, "TaskCount": 2}
    rule = resource("AWS::Events::Rule", ScheduleExpression="rate(1 day)", Targets=[{"EcsParameters": ecs}])
    made = {**DATABASE, "Nightly": tasks(waiting("migrate"), waiting("web", "migrate")), "Rule": rule}
    assert peaks(made) == {"Nightly": 30}


def test_where_groups_alone_let_the_task_in_the_wait_counts_as_well() -> None:
    """2 tasks × 200 % × (5 + 10) = 60."""
    made = shop({**waiting("migrate"), "Environment": []}, {**waiting("web", "migrate"), "Environment": []})
    assert peaks(made) == {"Api": 60}


def test_what_a_person_says_of_the_pools_holds_for_both() -> None:
    """2 tasks × 200 % × 4 processes × (2 + 1) = 48."""
    made = told(shop(waiting("migrate"), waiting("web", "migrate")), processes=4, pool_size=2, max_overflow=1)
    connections = made.tally.allotments["Api"].connections
    assert connections is not None
    assert connections.peak == 48


def test_a_pool_that_the_budget_chooses_must_be_in_both() -> None:
    made = told(shop(waiting("migrate"), waiting("web", "migrate")), pool_size=None, max_overflow=None)
    (api,) = made.document.workloads.values()
    assert isinstance(api, Service)
    assert (api.containers, list(api.found or ())) == (("web",), ["migrate", "web"])
    conflicts = [item.message for item in made.findings if item.id == "environment-conflict"]
    assert any("migrate" in message for message in conflicts)


def test_what_a_person_says_of_the_tasks_of_one_alone_is_not_taken_for_the_other() -> None:
    made = shop(waiting("migrate"), waiting("web", "migrate", Command=["gunicorn", "-w", "4", "a:a"]))
    templates = assembly(made)
    found = discover(templates)
    entries, _ = overlaid(found.entries, {"workloads": {"Api (migrate)": {"max_tasks": 50}}})
    planned = plan(found.completed(reread(Document.read(entries), "", templates)))
    assert sorted(planned.tally.allotments) == ["Api (migrate)", "Api (web)"]


@pytest.mark.parametrize("strange", [None, 5, "x", [], [None, {}, {"ContainerName": []}], {"Fn::If": []}])
def test_strange_waits_do_no_harm(strange: object) -> None:
    assert awaited_in([{"ContainerDefinitions": [{"Name": "web", "DependsOn": strange}]}]) == {}
    assert errors(shop(waiting("web", DependsOn=strange))) == {}
