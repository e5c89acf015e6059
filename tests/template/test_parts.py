"""The workloads that what was found amounts to."""

from typing import Any

from constructs_lib.template.discover import discover
from tests.template.app_templates import instance
from tests.template.reachable_shop import ADDRESS, SHOP, assembly, container, evidence, service, tasks

Json = dict[str, Any]
SECRET = {"Fn::GetAtt": ["Db", "MasterUserSecret.SecretArn"]}


def known(*containers: Json, **more: Json) -> list[str | None]:
    """How it is known where each workload of the API connects to."""
    entries = discover(assembly({**SHOP, "ApiTask": tasks(*containers), **more})).entries
    sources = [item["sources"] for item in entries["workloads"].values()]
    return [item.get("database", item.get("proxy")) for item in sources]


def test_an_address_is_read_and_what_a_secret_holds_is_documented() -> None:
    assert known(container(DB_HOST=ADDRESS)) == ["read"]
    assert known(container(secrets={"DB": SECRET})) == ["documented"]
    assert known(container(DB_HOST=ADDRESS, secrets={"DB": SECRET})) == ["read"]


def test_of_containers_that_count_together_one_with_the_address_decides() -> None:
    one, other = container("a", secrets={"DB": SECRET}), container("b", DB_HOST=ADDRESS)
    assert known(one, other) == ["read"]


def test_what_only_may_connect_has_no_source_and_a_name_is_an_assumption() -> None:
    assert known(container()) == [None], "its security group is let in"
    assert known(container(DB_HOST="db"), Db=instance(), Api=service(DesiredCount=1)) == ["assumed"]


def test_of_containers_that_count_together_it_is_said_what_leads_each_there() -> None:
    """Of more than three the rest is a number; what leads all of them alike is said once."""
    names = ("migrate", "side", "web", "audit", "sync")
    few = {**SHOP, "ApiTask": tasks(*(container(name, DB_HOST=ADDRESS) for name in names[:2]))}
    assert evidence(few) == {"Api": "DB_HOST of container 'migrate', DB_HOST of container 'side'"}
    many = {**SHOP, "ApiTask": tasks(*(container(name, DB_HOST=ADDRESS) for name in names))}
    words = "DB_HOST of container 'audit', DB_HOST of container 'migrate', DB_HOST of container 'side'"
    assert evidence(many) == {"Api": f"{words} and what leads 2 more of its containers"}
    alike = {**SHOP, "ApiTask": tasks(*map(container, names[:2]))}
    assert evidence(alike) == {"Api": "through security groups: Api → ApiGroup → DbGroup (tcp 5432)"}
