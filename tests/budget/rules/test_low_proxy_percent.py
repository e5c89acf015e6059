"""Percentages below what AWS advises."""

import pytest

from constructs_lib.budget.rules.low_proxy_percent import advised_percent
from tests.budget.orders import findings, only, planned


@pytest.mark.parametrize(
    ("engine", "instance_class", "percent"),
    [
        ("postgres", "db.t3.small", 30),
        ("postgres", "db.t4g.micro", 30),
        ("mysql", "db.t3.large", 20),
        ("postgres", "db.r6g.large", 20),
        ("aurora-postgresql", "db.t3.small", 100),
        ("aurora-mysql", "db.t3.medium", 55),
        ("aurora-mysql", "db.t4g.large", 35),
        ("aurora-postgresql", "db.r6g.large", 20),
        ("aurora-postgresql", "db.serverless", 20),
    ],
)
def test_the_advice_goes_by_engine_and_class(engine: str, instance_class: str, percent: int) -> None:
    assert advised_percent(engine, instance_class) == percent


def test_a_percentage_below_the_advice_is_a_warning() -> None:
    proxies = {"front": {"database": "orders", "max_connections_percent": 54}}
    keys = {"engine": "aurora-mysql", "instance_class": "db.t3.medium"}
    finding = only(planned({}, proxies=proxies, **keys), "low-proxy-percent")
    assert (finding.severity.value, finding.subject) == ("warning", "front")
    assert "front may open 54 % of the connections of orders" in finding.message
    assert finding.fix.startswith("max_connections_percent=55 for front")
    proxies["front"]["max_connections_percent"] = 55
    assert findings(planned({}, proxies=proxies, **keys), "low-proxy-percent") == []


def test_a_class_or_a_percentage_that_is_unknown_is_passed_over() -> None:
    proxies = {"front": {"database": "orders", "max_connections_percent": 5}}
    assert findings(planned({}, proxies=proxies), "low-proxy-percent") == []
    unknown = {"front": {"database": "orders", "max_connections_percent": {"unknown": "a token"}}}
    made = planned({}, proxies=unknown, instance_class="db.t3.small")
    assert findings(made, "low-proxy-percent") == []
