"""What the plan rests on."""

from dataclasses import replace

import pytest

from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import plan
from tests.budget.orders import document, entry, findings, only, planned


def test_every_default_that_nobody_confirmed_is_named() -> None:
    made = planned({"api": {"database": "orders"}})
    finding = only(made, "assumed")
    assert (finding.severity.value, finding.subject) == ("info", "api")
    assert finding.message == (
        "assumed for api: a desired count of 1 task: where none is given, ECS keeps what runs;"
        " no autoscaling: never more than the desired count;"
        " maximum_percent 200: a deployment runs the tasks twice; 1 process per task"
    )
    assert finding.fix == "give tasks, max_tasks, maximum_percent and processes"
    assert made.fits


def test_only_what_was_assumed_is_asked_for_in_the_words_of_whoever_wrote_it() -> None:
    said = entry(tasks=4, max_tasks=4)
    assert only(planned({"api": said}), "assumed").fix == "give processes"
    assert only(planned({"api": {**said, "construct_path": "A/Budget"}}), "assumed").fix == "give processes_per_task"
    desired = {**said, "processes": 1, "sources": {"tasks": "assumed"}, "construct_path": "A/Budget"}
    assert only(planned({"api": desired}), "assumed").fix == "give the service's desired_count"
    reserved = planned({}, engine="postgres", engine_version="18.1", reserved={}, construct_path="A/Budget")
    assert only(reserved, "assumed").fix == "give admin_reserve"


@pytest.mark.parametrize("deployment", ["external", "blue-green", "linear", "canary", "code-deploy"])
def test_a_maximum_percent_is_not_assumed_where_the_deployment_does_not_go_by_it(deployment: str) -> None:
    """Each set of tasks has the full number, whatever the percentage."""
    said = {"database": "orders", "tasks": 4, "max_tasks": 4, "task_sets": 3}
    finding = only(planned({"api": {**said, "deployment": deployment}}), "assumed")
    assert finding.message == "assumed for api: 1 process per task"
    assert finding.fix == "give processes"
    resting = {"defaults": {"maximum_percent": ["Percent"]}, "sources": {"maximum_percent": "read"}}
    by_default = {**said, "processes": 1, "maximum_percent": 150, **resting}
    assert findings(planned({"api": {**by_default, "deployment": deployment}}), "assumed") == []
    assert only(planned({"api": by_default}), "assumed").fix == "give --parameter Percent=…"
    for counts in ("rolling", {"unknown": "Fn::If"}):
        rolling = only(planned({"api": {**said, "deployment": counts}}), "assumed")
        assert "maximum_percent 200: a deployment runs the tasks twice" in rolling.message


def test_a_database_that_only_a_name_leads_to_is_assumed_for_the_reason_that_it_was_found_by() -> None:
    said = entry(tasks=4, max_tasks=4, processes=1, sources={"database": "assumed"})
    finding = only(planned({"api": {**said, "evidence": "by the name of DB_URL"}}), "assumed")
    assert finding.message == "assumed for api: database orders: by the name of DB_URL"
    assert finding.fix == "give database (or proxy)"
    of_construct = only(planned({"api": {**said, "construct_path": "A/Budget"}}), "assumed")
    assert of_construct.message.startswith("assumed for api: database orders: no reader of the cluster is known")
    assert of_construct.fix == "give the cluster a reader, or leave endpoint out"


def test_facts_without_a_limit_are_no_help_and_said_to_be_none() -> None:
    facts = {"engine": "postgres", "instance_class": "db.r6g.large", "looked_up": "2026-01-01"}
    server = {"engine": "postgres", "engine_version": "16.4", "instance_class": "db.r6g.large", "facts": facts}
    made = plan(Document.read({"schema": 1, "databases": {"orders": {**server, "reserved": {"admin": 10}}}}))
    assert only(made, "assumed").message.endswith(
        "the facts looked up on 2026-01-01 have no max_connections: look up the running server again"
    )


def test_a_document_that_says_everything_assumes_nothing() -> None:
    made = planned({"api": entry(tasks=4, max_tasks=4, processes=1)})
    assert findings(made, "assumed") == []


def test_a_reserve_that_nobody_gave_is_assumed_of_the_database() -> None:
    made = planned({}, engine="postgres", engine_version="18.1", reserved={})
    assert only(made, "assumed").message == "assumed for orders: 10 connections for migrations, psql and monitoring"


def test_a_proxys_default_percentage_is_assumed() -> None:
    made = planned({}, proxies={"front": {"database": "orders"}})
    assert only(made, "assumed").message == "assumed for front: 100 % of max_connections, the default of RDS Proxy"


def test_a_proxy_whose_database_is_not_in_the_templates_is_assumed_to_have_another_one() -> None:
    made = document({"api": entry(tasks=4, max_tasks=4, processes=1)})
    orders = replace(made.databases["orders"], strays={"Shop/Front": "Front8A1B"})
    finding = only(plan(replace(made, databases={"orders": orders})), "assumed")
    assert finding.message == (
        "assumed for orders: Shop/Front is a proxy of another database, as the templates do not say which one stands"
        " behind it"
    )
    assert finding.fix == (
        "where Shop/Front stands in front of orders, give proxies: {Shop/Front: {database: orders, resource:"
        " {logical_id: Front8A1B}}}"
    )
