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
from tests.template.reachable_shop import ADDRESS, DATABASE, SHOP, assembly, container, service, tasks
from tests.template.test_discover import OPEN, errors, peaks

Json = dict[str, Any]


def waiting(name: str, *others: str, condition: object = "SUCCESS", **more: Any) -> Json:
    """A container that the database counts, and that starts when others have come that far."""
    wait = [{"ContainerName": other, "Condition": condition} for other in others]
    return {**container(name, DB_HOST=ADDRESS), "DependsOn": wait, **more}


def shop(*containers: Json, **more: Json) -> Json:
    return {**SHOP, "ApiTask": tasks(*containers), **more}


def told(made: Json, **said: Any) -> Plan:
    """What becomes of the shop where a person says something of its API."""
    templates = assembly(made)
    found = discover(templates)
    entries, _ = overlaid(found.entries, {"workloads": {"Api": said}})
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
    ("policy", "peak"), [({"Enabled": True}, 120), ({"Ref": "Policy"}, 120), ({"Enabled": False}, 60)]
)
def test_what_is_started_again_after_it_has_ended_is_counted(policy: Json, peak: int) -> None:
    assert peaks(shop(waiting("migrate", RestartPolicy=policy), waiting("web", "migrate"))) == {"Api": peak}


def test_of_two_that_one_waits_for_one_counts_beside_it_and_of_a_chain_none() -> None:
    """2 tasks × 200 % × (5 + 10) = 60 for each container that counts."""
    assert peaks(shop(waiting("one"), waiting("two"), waiting("web", "one", "two"))) == {"Api": 120}
    assert peaks(shop(waiting("one"), waiting("two", "one"), waiting("web", "two"))) == {"Api": 60}
    assert peaks(shop(waiting("a", "b", "c"), waiting("c", "b"), waiting("b"))) == {"Api": 60}


def test_of_two_that_wait_for_one_only_one_stands_for_it() -> None:
    """2 tasks × 200 % × (5 + 10) = 60 for each container that counts."""
    assert peaks(shop(waiting("one"), waiting("web", "one"), waiting("jobs", "one"))) == {"Api": 120}


def test_what_opens_more_than_what_waits_for_it_is_counted() -> None:
    """1 process: 2 tasks × 200 % × (5 + 10) = 60; 4: 240."""
    many: Json = {"Command": ["gunicorn", "-w", "4", "a:a"]}
    assert peaks(shop(waiting("migrate"), waiting("web", "migrate", **many))) == {"Api (web)": 240}
    assert peaks(shop(waiting("migrate", **many), waiting("web", "migrate"))) == {"Api (migrate)": 240, "Api (web)": 60}


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
