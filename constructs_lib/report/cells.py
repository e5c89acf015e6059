"""The cells of the tables that every report has, as plain words."""

from collections.abc import Iterator

from constructs_lib.budget.plan import Plan
from constructs_lib.budget.scenario import PerScenario, Scenario
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.tally import Allotment, DatabaseTally, ProxyTally
from constructs_lib.budget.workloads import Workload
from constructs_lib.limits import Unknown
from constructs_lib.report.evidence import nothing
from constructs_lib.report.factors import factors
from constructs_lib.report.verdict import at_least, least_of

UNKNOWN = "?"


def of_workload(allotment: Allotment, usable: int | None) -> Iterator[str]:
    """Name, factors, pools, pool, the three scenarios and the share of what is usable."""
    size, pools = allotment.in_force, allotment.demand.pools
    workload = allotment.workload
    yield f"{workload.name}{'*' if 'database' in workload.assumed_keys() else ''}"
    yield factors(allotment.workload)
    yield (UNKNOWN if isinstance(pools, Unknown) else str(pools.peak)) if allotment.demand.pooled else ""
    given = "none" if size is None else UNKNOWN if isinstance(size, Unknown) else _pool(workload, size)
    yield given if allotment.demand.pooled else ""
    least = least_of(allotment) if allotment.connections is None else None
    for scenario in Scenario:
        if allotment.connections is not None:
            yield str(allotment.connections[scenario])
        else:
            yield UNKNOWN if least is None else f"≥ {least[scenario]}"
    yield _share(allotment.connections, usable)


def of_proxy(proxy: ProxyTally, usable: int | None) -> Iterator[str]:
    """The same columns for a proxy: what it may open counts in every scenario."""
    ceiling = UNKNOWN if isinstance(proxy.ceiling, Unknown) else str(proxy.ceiling)
    percent = proxy.proxy.max_connections_percent
    yield proxy.proxy.name
    where = "the server" if proxy.proxy.targets == 1 else f"each of {proxy.proxy.targets} readers"
    mark = "*" if "max_connections_percent" in proxy.proxy.by_default or proxy.proxy.percent_assumed else ""
    yield f"proxy, {UNKNOWN if isinstance(percent, Unknown) else f'{percent}{mark}'} % of {where}"
    yield from ("", "")
    yield from (ceiling for _ in Scenario)
    known = None if isinstance(proxy.ceiling, Unknown) else PerScenario(proxy.ceiling, proxy.ceiling, proxy.ceiling)
    yield _share(known, usable)


def of_total(database: DatabaseTally) -> Iterator[str]:
    """The sum in each scenario, as far as it is known, and at least one connection for each pool."""
    more = "" if database.complete else "≥ "
    yield from (f"{more}{number}" for number in at_least(database))


def of_headroom(database: DatabaseTally, usable: int) -> Iterator[str]:
    """What each scenario leaves of what is usable."""
    for number in at_least(database):
        left = usable - number
        if database.complete:
            yield str(left)
        else:
            yield f"≤ {left}" if left < 0 else UNKNOWN


def placed(plan: Plan, name: str) -> str:
    """The name, and the budget's construct where there is one: several databases may be called alike."""
    path = plan.document.databases[name].construct_path
    return f"{name} ({path})" if path else name


def of_nothing(database: DatabaseTally, uncounted: int) -> str:
    """What is said of a database for which no client is counted, and who may still be one."""
    capacity = database.capacity
    usable = UNKNOWN if capacity.usable is None else f"{capacity.usable}{'*' if capacity.assumptions() else ''}"
    found = f"{nothing('', uncounted)}, {usable} usable"
    return (
        f"{found}; let in on {capacity.port} is what no template shows: {capacity.unseen}" if capacity.unseen else found
    )


def server(plan: Plan, name: str) -> str:
    """Such as `postgres 16.4 on db.r6g.large`, as far as it is known."""
    described = plan.document.databases[name]
    known = (described.engine, described.engine_version)
    what = " ".join(str(part) for part in known if part is not None and not isinstance(part, Unknown))
    where = f" on {described.instance_class}" if isinstance(described.instance_class, str) else ""
    return (what + where).strip()


def _pool(workload: Workload, size: PoolSize) -> str:
    """Such as `5* + 10*`, where nobody gave what is in force."""
    assumed = workload.assumed_keys() if getattr(workload, "fixed", None) == size else ()
    marks = ["*" if key in assumed else "" for key in ("pool_size", "max_overflow")]
    return f"{size.pool_size}{marks[0]} + {size.max_overflow}{marks[1]}"


def _share(connections: PerScenario | None, usable: int | None) -> str:
    """The peak as a percentage of what is usable, rounded down to a tenth."""
    if connections is None or not usable:
        return ""
    tenths = connections.peak * 1000 // usable
    return f"{tenths // 10}.{tenths % 10} %"
