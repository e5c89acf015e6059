"""Every way to put RDS Proxies before a database, from a template to the connections at the server."""

from typing import Any

from constructs_lib.budget.plan import Plan
from tests.template.app_templates import counted, instance, resource, service, tasks

Json = dict[str, Any]


def proxied(name: str, percent: int) -> Json:
    """A proxy and its target group."""
    group = {"MaxConnectionsPercent": percent}
    return {
        name: resource("AWS::RDS::DBProxy", EngineFamily="POSTGRESQL"),
        f"{name}Group": resource(
            "AWS::RDS::DBProxyTargetGroup", DBProxyName={"Ref": name}, ConnectionPoolConfigurationInfo=group
        ),
    }


def workload(route: Json, **keys: Any) -> Json:
    size = {"processes": 1, "pool_size": 5, "max_overflow": 5}
    return {"resource": {"logical_id": "Api"}, **size, **route, **keys}


def made(proxies: Json, workloads: Json, resources: Json, **databases: Json) -> Plan:
    value = {
        "schema": 1,
        "databases": {"db": {"max_connections": 500, "resource": {"logical_id": "Db"}}, **databases},
        "proxies": proxies,
        "workloads": workloads,
    }
    given = {"Db": instance(), "Api": service(DesiredCount=4), "Tasks": tasks({"Name": "web"}), **resources}
    return counted(value, given)


def front(name: str, database: str = "db", **keys: Any) -> Json:
    return {"database": database, "resource": {"logical_id": name}, **keys}


def errors(plan: Plan) -> list[str]:
    return [finding.id for finding in plan.findings if finding.severity.value == "error"]


def conflicts_aside(plan: Plan) -> list[str]:
    """The errors but for the variables, which these templates do not have."""
    return [rule for rule in errors(plan) if rule != "environment-conflict"]


def test_several_proxies_each_take_their_percentage_of_the_server() -> None:
    """floor(500 × 33 %) = 165 and floor(500 × 25 %) = 125: 290 of 500 − 5 − 10 = 485."""
    plan = made(
        {"one": front("One"), "two": front("Two")},
        {"api": workload({"proxy": "one"}), "batch": workload({"proxy": "two"})},
        {**proxied("One", 33), **proxied("Two", 25)},
    )
    assert plan.tally.databases["db"].total == (290, 290, 290)
    assert {name: item.ceiling for name, item in plan.tally.proxies.items()} == {"one": 165, "two": 125}
    assert conflicts_aside(plan) == []


def test_clients_beside_a_proxy_come_on_top() -> None:
    """floor(500 × 80 %) = 400 and 4 × 200 % × 10 = 80 make 480 of 485; at 81 % it is all 485, at 82 % 5 too many."""
    for percent, total, fits in ((80, 480, True), (81, 485, True), (82, 490, False)):
        plan = made(
            {"one": front("One")},
            {"api": workload({"proxy": "one"}), "batch": workload({"database": "db"})},
            proxied("One", percent),
        )
        assert plan.tally.databases["db"].total.deploying == total
        assert (conflicts_aside(plan) == []) is fits
        assert fits or conflicts_aside(plan) == ["proxy-oversubscribed"]


READERS = {"readers": {"engine": "aurora-postgresql", "instance_class": "db.r6g.large", "max_connections": 100}}


def test_a_read_only_endpoint_spreads_its_clients_over_the_readers() -> None:
    """50 % of 100 at each of 3 readers: 150 for the clients, who ask for 80 while they deploy; 50 at each reader."""
    endpoint = resource("AWS::RDS::DBProxyEndpoint", DBProxyName={"Ref": "One"}, TargetRole="READ_ONLY")
    reads = front("One", "readers", targets=3, endpoint={"logical_id": "Reads"})
    resources = {**proxied("One", 50), "Reads": endpoint}
    plan = made({"reads": reads}, {"api": workload({"proxy": "reads"})}, resources, **READERS)
    assert plan.tally.proxies["reads"].accepts == 150
    assert plan.tally.proxies["reads"].total == (40, 40, 80)
    assert plan.tally.databases["readers"].total == (50, 50, 50)
    assert conflicts_aside(plan) == []

    asked = {"api": workload({"proxy": "reads"}, pool_size=10, max_overflow=10)}
    (finding,) = [
        item for item in made({"reads": reads}, asked, resources, **READERS).findings if item.id == "overcommitted"
    ]
    assert "can ask for 160 connections (deploying)" in finding.message
    assert "it opens at most 150 = 3 readers × 50" in finding.message


def test_a_reader_that_is_gone_from_the_template_gives_its_clients_nothing() -> None:
    """Two readers are left of three: 2 × 50 % of 100."""
    endpoint = resource("AWS::RDS::DBProxyEndpoint", DBProxyName={"Ref": "One"}, TargetRole="READ_ONLY")
    members = {name: instance(DBClusterIdentifier={"Ref": "Aurora"}) for name in ("Writer", "Reader1", "Reader2")}
    readers = {"readers": {**READERS["readers"], "resource": {"logical_id": "Reader1"}}}
    reads = front("One", "readers", targets=3, endpoint={"logical_id": "Reads"}, sources={"targets": "read"})
    resources = {**proxied("One", 50), "Reads": endpoint, "Aurora": resource("AWS::RDS::DBCluster"), **members}
    plan = made({"reads": reads}, {"api": workload({"proxy": "reads"})}, resources, **readers)
    assert plan.tally.proxies["reads"].accepts == 100


def test_an_endpoint_that_does_not_lead_to_the_readers_is_unknown() -> None:
    reads = front("One", "readers", endpoint={"logical_id": "Reads"})
    for properties in ({"TargetRole": "READ_WRITE"}, {"TargetRole": {"Ref": "Role"}}):
        resources = {**proxied("One", 50), "Reads": resource("AWS::RDS::DBProxyEndpoint", **properties)}
        plan = made({"reads": reads}, {"api": workload({"proxy": "reads"})}, resources, **READERS)
        assert conflicts_aside(plan) == ["unknown-limit"]


def test_the_writers_and_the_readers_endpoint_of_one_service_are_two_workloads() -> None:
    """8 tasks at the most: 8 × 10 at the writer and 8 × (2 + 1) at the reader."""
    workloads = {
        "api": workload({"database": "db"}),
        "api-reads": workload({"database": "readers"}, pool_size=2, max_overflow=1, env_prefix="READ_DB_"),
    }
    plan = made({}, workloads, {}, **READERS)
    assert plan.tally.databases["db"].total.peak == 80
    assert plan.tally.databases["readers"].total.peak == 24
    variables = plan.environments()
    assert variables["api-reads"]["READ_DB_POOL_SIZE"] == "2"
    assert "RDS_MAX_CONNECTIONS" not in variables["api-reads"]
    assert not set(variables["api"]) & set(variables["api-reads"])


def test_a_borrow_timeout_is_read_for_those_who_share_connections() -> None:
    resources = proxied("One", 80)
    resources["OneGroup"]["Properties"]["ConnectionPoolConfigurationInfo"]["ConnectionBorrowTimeout"] = 45
    plan = made({"one": front("One")}, {"api": workload({"proxy": "one"}, multiplexing=4)}, resources)
    (finding,) = [item for item in plan.findings if item.id == "incoherent-timeouts"]
    assert "a session waits up to 45 s" in finding.message
