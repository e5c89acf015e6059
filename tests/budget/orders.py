"""The database that most of these tests are about: `orders`, 683 connections, 3 + 10 of them reserved, 670 usable."""

from dataclasses import replace
from typing import Any

from constructs_lib.budget.client import Access, Client
from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Finding
from constructs_lib.budget.plan import Plan, plan
from constructs_lib.budget.resource import Resource

Json = dict[str, Any]

ORDERS: Json = {"max_connections": 683, "reserved": {"engine": 3, "admin": 10}}


def entry(**keys: Any) -> Json:
    """A service at `orders` whose deployments never run more than its tasks, unless the keys say otherwise."""
    route = {} if "proxy" in keys else {"database": "orders"}
    surge = {} if keys.get("kind") == "reserved" else {"maximum_percent": 100}
    return {**route, **surge, **keys}


def document(workloads: Json, *, proxies: Json | None = None, **database: Any) -> Document:
    """A document with the one database, its keys replaced by the given ones."""
    return Document.read(
        {
            "schema": 1,
            "databases": {"orders": {**ORDERS, **database}},
            "proxies": proxies or {},
            "workloads": workloads,
        }
    )


def planned(workloads: Json, *, proxies: Json | None = None, **database: Any) -> Plan:
    """The plan of such a document."""
    return plan(document(workloads, proxies=proxies, **database))


def findings(made: Plan, rule: str) -> list[Finding]:
    """What one rule found."""
    return [finding for finding in made.findings if finding.id == rule]


def only(made: Plan, rule: str) -> Finding:
    """The one thing that a rule found."""
    (finding,) = findings(made, rule)
    return finding


def client(name: str, kind: str = "AWS::EC2::Instance") -> Client:
    """Something that can reach a database."""
    return Client(name=name, type=kind, resource=Resource(logical_id=name), path=name, close=name)


def reached(read: Document, *clients: Client, possible: tuple[Client, ...] = (), unseen: tuple[str, ...] = ()) -> Plan:
    """The plan of a document whose databases can be reached, as templates would say."""
    access = Access(port="port 5432", clients=clients, possible=possible, unseen=unseen)
    databases = {name: replace(item, access=access) for name, item in read.databases.items()}
    return plan(replace(read, databases=databases))
