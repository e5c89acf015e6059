"""What the plan rests on."""

from tests.budget.orders import entry, findings, only, planned


def test_every_default_that_nobody_confirmed_is_named() -> None:
    made = planned({"api": {"database": "orders"}})
    finding = only(made, "assumed")
    assert (finding.severity.value, finding.subject) == ("info", "api")
    assert finding.message == (
        "assumed for api: a desired count of 1 task; no autoscaling: never more than the desired count;"
        " maximum_percent 200: a deployment runs the tasks twice; 1 process per task"
    )
    assert made.fits


def test_a_document_that_says_everything_assumes_nothing() -> None:
    made = planned({"api": entry(tasks=4, max_tasks=4, processes=1)})
    assert findings(made, "assumed") == []


def test_a_reserve_that_nobody_gave_is_assumed_of_the_database() -> None:
    made = planned({}, engine="postgres", engine_version="18.1", reserved={})
    assert only(made, "assumed").message == "assumed for orders: 10 connections for migrations, psql and monitoring"


def test_a_proxys_default_percentage_is_assumed() -> None:
    made = planned({}, proxies={"front": {"database": "orders"}})
    assert only(made, "assumed").message == "assumed for front: 100 % of max_connections, the default of RDS Proxy"
