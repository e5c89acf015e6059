"""Clients that are in no budget."""

from dataclasses import replace
from typing import Any

import pytest

from constructs_lib.budget.client import Access, Client
from constructs_lib.budget.document import Document
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.resource import Resource
from tests.budget.orders import document, entry, findings, reached

Json = dict[str, Any]
REPORT = Client(
    name="Report",
    type="AWS::Lambda::Function",
    resource=Resource(logical_id="Report"),
    path="Report → ReportGroup → Ingress (tcp 5432) → OrdersGroup",
    close="Ingress",
)


def subjects(made: Plan) -> list[str]:
    return [finding.resource.logical_id for finding in findings(made, "unbudgeted-client") if finding.resource]


def test_a_client_is_named_with_its_type_its_port_and_its_path() -> None:
    made = reached(document({"api": entry(tasks=4)}), REPORT)
    (finding,) = findings(made, "unbudgeted-client")
    assert finding.message == (
        "Report (AWS::Lambda::Function) can reach orders on port 5432 and is in no budget:"
        " Report → ReportGroup → Ingress (tcp 5432) → OrdersGroup"
    )
    entry_of_it = "kind: reserved, database: orders, connections: N, resource: {logical_id: Report}"
    assert f"as a function, or as a reservation ({entry_of_it}); or," in finding.fix
    assert finding.fix.endswith("or, if it does not connect, remove Ingress")
    (of_construct,) = findings(reached(document({}, construct_path="App/Budget"), REPORT), "unbudgeted-client")
    assert "a reservation (with it as client); or," in of_construct.fix
    assert (finding.subject, finding.kind, finding.resource) == ("orders", "databases", REPORT.resource)
    assert made.fits, "a warning"


def test_what_also_lets_in_a_counted_client_is_not_to_be_removed() -> None:
    """Of three by one ingress, one is a service of the budget: it would lose the database, too."""
    ingress = "the ingress of OrdersGroup from AppGroup"
    api, other = (
        Client(
            name=name,
            type="AWS::ECS::Service",
            resource=Resource(logical_id=name),
            path=f"{name} → AppGroup → OrdersGroup (tcp 5432)",
            close=ingress,
        )
        for name in ("Api", "Other")
    )
    shared = replace(REPORT, close=ingress)
    alone = reached(document({}), api, other, shared)
    assert all(finding.fix.endswith(f"remove {ingress}") for finding in findings(alone, "unbudgeted-client"))
    counted = reached(document({"api": entry(resource={"logical_id": "Api"})}), api, other, shared)
    assert subjects(counted) == ["Other", "Report"]
    for finding in findings(counted, "unbudgeted-client"):
        assert finding.fix.endswith(
            "or, if it does not connect, take it out of the security group on that path and leave the ingress of"
            " OrdersGroup from AppGroup, by which Api connects"
        )
    both = {name: entry(resource={"logical_id": name}) for name in ("Api", "Other")}
    (last,) = findings(reached(document(both), api, other, shared), "unbudgeted-client")
    assert last.fix.endswith("by which Api and Other connect")


@pytest.mark.parametrize(
    ("kind", "proposed"),
    [
        ("AWS::ECS::Service", "as a service, as Celery workers, or as a reservation (with"),
        ("AWS::ECS::TaskDefinition", "as a task, or as a reservation (with"),
        ("AWS::EC2::Instance", "to the budget of orders as a reservation (with"),
    ],
)
def test_only_what_a_client_can_be_is_proposed(kind: str, proposed: str) -> None:
    made = reached(document({}, construct_path="App/Budget"), replace(REPORT, type=kind))
    (finding,) = findings(made, "unbudgeted-client")
    assert proposed in finding.fix
    assert ("Celery" in finding.fix) == (kind == "AWS::ECS::Service")


def test_a_workload_a_reservation_and_a_proxy_put_their_resources_into_the_budget() -> None:
    where = {"resource": {"logical_id": "Report"}}
    assert subjects(reached(document({"api": entry(**where)}), REPORT)) == []
    assert subjects(reached(document({"api": entry(kind="reserved", connections=5, **where)}), REPORT)) == []
    proxied = document({}, proxies={"front": {"database": "orders", **where}})
    assert subjects(reached(proxied, REPORT)) == []


def test_a_resource_of_the_same_name_in_another_template_is_another_resource() -> None:
    there = entry(resource={"logical_id": "Report", "template": "other.template.json"})
    assert subjects(reached(document({"api": there}), REPORT)) == ["Report"]


def test_a_client_of_several_servers_is_named_once() -> None:
    both = {"schema": 1, "databases": {"orders": {"max_connections": 99}, "orders-reader": {"max_connections": 99}}}
    assert subjects(reached(Document.read(both), REPORT)) == ["Report"]


def test_a_client_of_two_servers_by_ways_of_its_own_is_named_for_each() -> None:
    """Of which each has connections of its own to count."""
    both = {"schema": 1, "databases": {"orders": {"max_connections": 99}, "events": {"max_connections": 99}}}
    read = Document.read(both)
    databases = {
        name: replace(item, access=Access(port="port 5432", clients=(replace(REPORT, path=f"Report → {name}"),)))
        for name, item in read.databases.items()
    }
    made = plan(replace(read, databases=databases))
    assert [finding.subject for finding in findings(made, "unbudgeted-client")] == ["events", "orders"]


def test_to_be_counted_at_one_server_says_nothing_of_another_that_a_way_of_its_own_leads_to() -> None:
    """A way that both share is one whichever the client means: it is counted at one of them."""
    value = document({"api": entry(resource={"logical_id": "Report"})}).to_json()
    read = Document.read({**value, "databases": {**value["databases"], "events": {"max_connections": 99}}})
    shared = reached(read, REPORT)
    assert findings(shared, "unbudgeted-client") == []
    databases = {
        name: replace(item, access=Access(port="port 5432", clients=(replace(REPORT, path=f"Report → {name}"),)))
        for name, item in read.databases.items()
    }
    made = plan(replace(read, databases=databases))
    (finding,) = findings(made, "unbudgeted-client")
    assert finding.subject == "events"
    assert "can reach events on port 5432 and is in the budget of orders alone: Report → events" in finding.message
    assert made.uncounted() == {"orders": 0, "events": 1}
    possible = reached(read, possible=(REPORT,))
    assert findings(possible, "unbudgeted-client") == [], "an address that is let in may be anybody's"


def test_groups_of_the_same_name_in_two_templates_are_two_ways() -> None:
    value = document({"api": entry(resource={"logical_id": "Report"})}, resource={"logical_id": "Db"}).to_json()
    other = {"max_connections": 99, "resource": {"logical_id": "Db", "template": "other.json"}}
    read = Document.read({**value, "databases": {**value["databases"], "events": other}})
    assert [finding.subject for finding in findings(reached(read, REPORT), "unbudgeted-client")] == ["events"]


def test_what_stands_in_no_template_is_no_finding_but_a_word_at_the_administrative_reserve() -> None:
    unseen = ("10.0.0.0/8", "a bastion", "sg-1", "sg-2", "sg-3")
    made = reached(document({}, reserved={"engine": 3}), unseen=unseen)
    assert subjects(made) == []
    words = "and on port 5432 what no template shows: 10.0.0.0/8, a bastion, sg-1, 2 more"
    assert made.tally.databases["orders"].capacity.unseen_too.endswith(words)
    (assumed,) = findings(made, "assumed")
    assert assumed.message.endswith(words)


def test_without_templates_nothing_is_found() -> None:
    assert findings(plan(document({"api": entry(tasks=4)})), "unbudgeted-client") == []


def test_what_may_have_an_address_that_is_let_in_is_one_warning_for_a_database() -> None:
    others = [
        replace(REPORT, name=f"Report{number}", resource=Resource(logical_id=f"Report{number}")) for number in range(7)
    ]
    (finding,) = findings(
        reached(document({}), possible=(REPORT, *others), unseen=("10.0.0.0/8",)), "unbudgeted-client"
    )
    assert finding.message == (
        "Report (AWS::Lambda::Function) can reach orders on port 5432 from a range of addresses and is in no budget:"
        " Report → ReportGroup → Ingress (tcp 5432) → OrdersGroup, and so can Report0, Report1, Report2, Report3,"
        " Report4, 2 more"
    )
    assert "in place of Ingress" in finding.fix
