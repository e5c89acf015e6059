"""The sum, taken a second time: from the document and the plan's JSON alone, without any code of the package."""

from math import prod
from typing import Any, NamedTuple

Json = dict[str, Any]
SCENARIOS = ("steady", "scaled_out", "deploying")
Sum = tuple[int, int, int]


class Sums(NamedTuple):
    """What can be open at each database and asked of each proxy, by scenario; None where that is not known."""

    databases: dict[str, Sum | None]
    proxies: dict[str, Sum | None]


def live(workload: Json) -> Sum | None:
    """Tasks alive by scenario: desired, largest, and both old and new while they are replaced."""
    if workload.get("kind") in {"function", "task"}:
        return _undeployed(workload)
    tasks, most = workload.get("tasks", 1), workload.get("max_tasks")
    declared = workload.get("sources", {}).get("max_tasks", "declared") == "declared"
    if isinstance(most, dict):
        return None
    if isinstance(tasks, dict):
        if most is None or not declared:
            return None
        tasks = most
    most = max(tasks, tasks if most is None else most)
    deploying = _deploying(workload, most)
    return None if deploying is None else (tasks, most, deploying)


def _deploying(workload: Json, most: int) -> int | None:
    deployment, percent = workload.get("deployment", "rolling"), workload.get("maximum_percent", 200)
    if deployment == "external":
        return most * workload["task_sets"] if "task_sets" in workload else None
    if isinstance(deployment, dict):
        return None
    if deployment.lower() != "rolling":
        return most + most
    return None if isinstance(percent, dict) else max(most, most * percent // 100)


def _undeployed(workload: Json) -> Sum | None:
    """Environments of a function, or tasks that a schedule starts: the same in every scenario."""
    if workload["kind"] == "function":
        factors = [workload.get("reserved_concurrency", {})]
    else:
        factors = [workload.get("tasks", 1), workload.get("overlap", 1)]
    return None if any(isinstance(factor, dict) for factor in factors) else (prod(factors),) * 3


def pools(workload: Json) -> Sum | None:
    """Pools by scenario: tasks × processes × engines × containers."""
    tasks = live(workload)
    each = workload.get("engines_per_process", 1) * len(workload.get("containers", [""]))
    celery = workload.get("kind") == "celery"
    processes = workload.get("concurrency", {}) if celery else workload.get("processes", 1)
    if tasks is None or isinstance(processes, dict) or isinstance(workload.get("extra_connections"), dict):
        return None
    if celery and workload.get("pool", "prefork") != "prefork":
        processes = 1
    return tasks[0] * processes * each, tasks[1] * processes * each, tasks[2] * processes * each


def connections(workload: Json, planned: Json) -> Sum | None:
    """What one workload can open, by scenario, with the pools that the plan gives it."""
    if workload.get("kind") == "reserved":
        number = workload["connections"]
        return number, number, number
    counted, size, overflow = pools(workload), planned["pool_size"], planned["max_overflow"]
    if counted is None or size is None or size == 0 or overflow == -1:
        return None
    shared = workload.get("multiplexing", 1)
    each = [-(-number * (size + overflow) // shared) for number in counted]
    beside = [number * _beside(workload) for number in live(workload) or (0, 0, 0)]
    steady, scaled_out, deploying = (pooled + more for pooled, more in zip(each, beside, strict=True))
    return steady, scaled_out, deploying


def _beside(workload: Json) -> int:
    """What each Celery worker opens beside its pools, in all of its containers."""
    results = 1 if workload.get("pool") == "solo" else workload.get("concurrency", 0)
    worker = workload.get("extra_connections", 0) + (results if workload.get("result_backend") else 0)
    return int(worker * len(workload.get("containers", [""])))


def sums(document: Json, plan: Json) -> Sums:
    """Add up every database and every proxy."""
    proxies = {name: _sum(document, plan, "proxy", name) for name in document.get("proxies", {})}
    databases: dict[str, Sum | None] = {}
    for name in document["databases"]:
        terms = [_sum(document, plan, "database", name)]
        for proxy, entry in document.get("proxies", {}).items():
            if entry["database"] == name:
                terms.append(
                    _ceiling(
                        entry,
                        document["databases"][name],
                        plan["databases"][name]["max_connections"],
                        plan["proxies"][proxy],
                    )
                )
        databases[name] = _added(terms)
    return Sums(databases=databases, proxies=proxies)


def _sum(document: Json, plan: Json, key: str, name: str) -> Sum | None:
    return _added(
        [
            connections(workload, plan["workloads"][member])
            for member, workload in document.get("workloads", {}).items()
            if workload.get(key) == name
        ]
    )


def _ceiling(entry: Json, database: Json, max_connections: int | None, planned: Json) -> Sum | None:
    engine = database.get("engine")
    default = 10 if isinstance(engine, str) and engine.startswith("sqlserver-") else 100
    percent = entry.get("max_connections_percent", default)
    if max_connections is None or isinstance(percent, dict):
        return None
    ceiling = max_connections * percent // 100
    assert planned["max_connections"] == ceiling * entry.get("targets", 1)
    return ceiling, ceiling, ceiling


def _added(terms: list[Sum | None]) -> Sum | None:
    total = [0, 0, 0]
    for term in terms:
        if term is None:
            return None
        total = [left + right for left, right in zip(total, term, strict=True)]
    return total[0], total[1], total[2]
