"""Proxies and their target groups."""

from typing import Any

import pytest

from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown
from constructs_lib.template.proxies import proxy_facts, read_only

Json = dict[str, Any]


def percent(configuration: object) -> int | Unknown:
    found: int | Unknown = proxy_facts({}, [{"ConnectionPoolConfigurationInfo": configuration}])[0][
        "max_connections_percent"
    ]
    return found


def test_a_proxy_that_says_nothing_has_the_defaults_of_rds_proxy() -> None:
    silent: list[list[Json]] = [[], [{}], [{"ConnectionPoolConfigurationInfo": {}}]]
    for groups in silent:
        facts, sources = proxy_facts({}, groups)
        assert facts == {"max_connections_percent": 100, "idle_client_timeout": 1800, "borrow_timeout": 120}
        assert set(sources.values()) == {Source.DOCUMENTED}


def test_what_its_target_group_and_the_proxy_say_is_read() -> None:
    pool = {"MaxConnectionsPercent": 80, "ConnectionBorrowTimeout": 15}
    groups = [{"ConnectionPoolConfigurationInfo": pool}]
    facts, sources = proxy_facts({"IdleClientTimeout": 600}, groups)
    assert facts == {"max_connections_percent": 80, "idle_client_timeout": 600, "borrow_timeout": 15}
    assert set(sources.values()) == {Source.READ}


@pytest.mark.parametrize(
    ("configuration", "reason"),
    [
        ({"MaxConnectionsPercent": {"Ref": "P"}}, "MaxConnectionsPercent is Ref P"),
        ({"MaxConnectionsPercent": 0}, "MaxConnectionsPercent is 0, and RDS Proxy takes 1 to 100"),
        ({"MaxConnectionsPercent": 101}, "MaxConnectionsPercent is 101, and RDS Proxy takes 1 to 100"),
        ({"Fn::If": ["A", {}, {}]}, "the pool's configuration is Fn::If …"),
    ],
)
def test_a_percentage_that_cannot_be_read_is_unknown_and_never_the_default(configuration: Json, reason: str) -> None:
    assert percent(configuration) == Unknown(reason)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (301, "ConnectionBorrowTimeout is 301, and RDS Proxy takes 0 to 300"),
        ({"Ref": "T"}, "ConnectionBorrowTimeout is Ref T"),
    ],
)
def test_a_borrow_timeout_that_cannot_be_is_unknown(value: object, reason: str) -> None:
    facts, _ = proxy_facts({}, [{"ConnectionPoolConfigurationInfo": {"ConnectionBorrowTimeout": value}}])
    assert facts["borrow_timeout"] == Unknown(reason)


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ({"TargetRole": "READ_ONLY"}, True),
        ({"TargetRole": "READ_WRITE"}, False),
        ({}, False),
        ({"TargetRole": {"Ref": "R"}}, Unknown("TargetRole is Ref R")),
        ({"TargetRole": []}, Unknown("TargetRole is neither a number nor a name")),
    ],
)
def test_an_endpoint_leads_to_the_readers_where_it_is_read_only(endpoint: Json, expected: object) -> None:
    assert read_only(endpoint) == expected


def test_a_timeout_that_cannot_be_read_is_unknown() -> None:
    facts, _ = proxy_facts({"IdleClientTimeout": {"Ref": "T"}}, [])
    assert facts["idle_client_timeout"] == Unknown("IdleClientTimeout is Ref T")


def test_a_proxy_of_sql_server_may_open_a_tenth_by_default() -> None:
    assert proxy_facts({"EngineFamily": "SQLSERVER"}, [{}])[0]["max_connections_percent"] == 10
    assert proxy_facts({"EngineFamily": "POSTGRESQL"}, [])[0]["max_connections_percent"] == 100
    unknown = proxy_facts({"EngineFamily": {"Ref": "F"}}, [])[0]["max_connections_percent"]
    assert unknown == Unknown("MaxConnectionsPercent is not given, and its default depends on EngineFamily: Ref F")


def test_of_several_target_groups_the_one_that_opens_most_counts() -> None:
    def several(*percents: object) -> int | Unknown:
        groups = [
            {"ConnectionPoolConfigurationInfo": {} if percent is None else {"MaxConnectionsPercent": percent}}
            for percent in percents
        ]
        found: int | Unknown = proxy_facts({}, groups)[0]["max_connections_percent"]
        return found

    assert several(20, 90) == several(90, 20) == 90
    assert several(20, None) == several(None, 20) == 100
    assert several(20, {"Ref": "P"}) == Unknown("MaxConnectionsPercent is Ref P")
