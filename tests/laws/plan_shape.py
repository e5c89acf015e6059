"""The shape of a plan's JSON, as the design has it: keys that people script against."""

from typing import Any

from constructs_lib.budget.rules import RULES

BASES = {"declared", "parameter-group", "looked-up", "documented", "estimated", None}
SEVERITIES = ("error", "warning", "info")
IDS = {rule.id: rule.severity.value for rule in RULES}
SCENARIOS = ["steady", "scaled_out", "deploying"]


def check_plan(plan: Any) -> None:
    """Fail where a plan is not shaped as the design says."""
    assert list(plan) == ["schema", "fits", "databases", "proxies", "workloads", "findings"]
    assert plan["schema"] == 1
    assert isinstance(plan["fits"], bool)
    for database in plan["databases"].values():
        expected = ["max_connections", "basis", "reserved", "usable", "arithmetic", "scenarios", "peak", "headroom"]
        expected += ["uncounted_clients"]
        assert list(database) == expected
        assert database["basis"] in BASES
        assert (database["basis"] is None) == (database["max_connections"] is None) == (database["usable"] is None)
        _numbers(database, "max_connections", "reserved", "usable", "uncounted_clients")
        _sums(database)
        assert database["headroom"] is None or type(database["headroom"]) is int
    for proxy in plan["proxies"].values():
        assert list(proxy) == ["database", "max_connections", "scenarios", "peak"]
        assert proxy["database"] in plan["databases"]
        _numbers(proxy, "max_connections")
        _sums(proxy)
    for workload in plan["workloads"].values():
        if "pools" in workload:
            sizes = ["pools", "pool_size", "max_overflow", "pool_timeout", "pool_recycle", "pool_pre_ping"]
            assert _declared(workload) == [*sizes, "scenarios", "peak", "arithmetic", "assumed"]
            assert workload["pool_pre_ping"] is True
            _numbers(workload, "pools", "pool_size", "pool_timeout", "pool_recycle")
            assert workload["max_overflow"] is None or workload["max_overflow"] >= -1
        else:
            assert _declared(workload) == ["scenarios", "peak", "arithmetic", "assumed"]
        _sums(workload)
        said = workload["arithmetic"]
        assert (said is None) == (workload["peak"] is None)
        assert said is None or f" {workload['peak']} = " in said
    for finding in plan["findings"]:
        assert list(finding) == ["id", "severity", "subject", "message", "fix", "fixes"]
        assert IDS[finding["id"]] == finding["severity"]
        assert finding["subject"] in {*plan["databases"], *plan["proxies"], *plan["workloads"]}
        for words in (finding["message"], finding["fix"]):
            assert words.strip()
            assert words.isprintable()
    order = [SEVERITIES.index(finding["severity"]) for finding in plan["findings"]]
    assert order == sorted(order)


def _declared(workload: Any) -> list[str]:
    """The keys of a workload without the last one that only a discovered one has."""
    keys = list(workload)
    if "evidence" in keys:
        assert keys.pop() == "evidence"
        assert workload["evidence"].isprintable()
    return keys


def _sums(entry: Any) -> None:
    assert list(entry["scenarios"]) == SCENARIOS
    numbers = list(entry["scenarios"].values())
    if None in numbers:
        assert numbers == [None, None, None]
        assert entry["peak"] is None
    else:
        assert all(type(number) is int for number in numbers)
        assert entry["peak"] == max(numbers)


def _numbers(entry: Any, *keys: str) -> None:
    for key in keys:
        assert entry[key] is None or (type(entry[key]) is int and entry[key] >= 0)
