"""Budget documents as JSON values, from the ordinary to the absurd, all of them valid."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

Json = dict[str, Any]

LAW = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
"""A law is tried on this many examples; how long one takes says more about the machine than about the law."""

ODD_NAMES = (
    "[red]api[/red]",
    "[/]",
    "[bold",
    ":warning:",
    "a.b/c d",
    "100 %",
    "{0} %s \\n \\x1b[31m",
    "Größe",
    "注文データベース",
    "𝔞𝔭𝔦",
    "é" * 40,
    "x" * 500,
    "日本" * 100,
    "workloads",
    "unknown",
    "-",
)
printable = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=60)
odd_names = st.sampled_from(ODD_NAMES) | printable.filter(lambda text: bool(text.strip()))
"""Any name that a document may give."""
PLAIN_NAMES = ("api", "orders", "workers", "reports", "shop", "admin", "batch", "search", "mail", "audit")
plain_names = st.sampled_from(PLAIN_NAMES)

unknown = st.builds(lambda reason: {"unknown": reason}, odd_names)
counts = st.integers(0, 12) | st.integers(0, 1_000_000)
CLASSES = ("db.t4g.micro", "db.t3.medium", "db.r6g.large", "db.m5.24xlarge", "db.serverless", "db.x2m.xlarge", "odd")
ENGINES = ("postgres", "mysql", "mariadb", "aurora-postgresql", "aurora-mysql", "oracle-ee", "sqlserver-se", "db2-se")
VERSIONS = ("16.4", "16", "11.2", "8.0.35", "18.1", "odd")
FORMULAS = (
    "{DBInstanceClassMemory/9531392}",
    "LEAST({DBInstanceClassMemory/9531392},5000)",
    "GREATEST({log(DBInstanceClassMemory/805306368,2)*45},200)",
    "{DBInstanceVCPU*50}",
    "{DBInstanceClassMemory*99999999999999999999}",
    "SUM({AllocatedStorage},1)",
    "683",
    "-683",
    "six",
)
SPLITS = ("70/30", "60/40", "80/20", "100/0", "1/99", "50/50")
DEPLOYMENTS = ("rolling", "blue-green", "linear", "canary", "code-deploy", "external", "BLUE/GREEN", "Rolling")
CELERY_POOLS = ("prefork", "threads", "gevent", "eventlet", "solo")
capacities = st.integers(0, 512).map(lambda halves: halves / 2) | st.integers(0, 256) | st.sampled_from(["0.5", "8"])
resources = st.fixed_dictionaries({"logical_id": odd_names}, optional={"template": odd_names})
limits = st.integers(6, 300) | st.integers(1, 16_000) | st.integers(1, 1_000_000)

facts = st.fixed_dictionaries(
    {"looked_up": st.just("2026-11-22"), "engine": st.sampled_from(ENGINES)},
    optional={
        "engine_version": st.sampled_from(VERSIONS),
        "instance_class": st.sampled_from(CLASSES),
        "role": st.sampled_from(["instance", "writer", "reader"]),
        "max_acu": st.integers(0, 512).map(lambda halves: halves / 2),
        "max_connections": st.none() | st.integers(0, 1_000_000),
        "parameter": st.sampled_from(FORMULAS),
        "reserved": st.fixed_dictionaries({"engine": st.integers(0, 20)}),
        "role_connection_limit": st.integers(0, 1000),
        "database_connection_limit": st.integers(0, 1000),
        "proxies": st.dictionaries(plain_names, st.just({"max_connections_percent": 50}), max_size=1),
    },
)

any_databases = st.fixed_dictionaries(
    {},
    optional={
        "engine": st.sampled_from(ENGINES) | odd_names | unknown,
        "engine_version": st.sampled_from(VERSIONS) | odd_names | unknown,
        "instance_class": st.sampled_from(CLASSES) | odd_names | unknown,
        "max_connections": limits | st.sampled_from(FORMULAS) | odd_names | unknown,
        "parameter_max_connections": limits | st.sampled_from(FORMULAS) | odd_names | unknown,
        "parameter_reserve": counts | unknown,
        "parameter_per_role": st.integers(1, 5000) | unknown,
        "reserved": st.fixed_dictionaries({}, optional={"engine": counts, "admin": counts}),
        "min_acu": capacities | unknown,
        "max_acu": capacities | unknown,
        "memory_bytes": st.integers(1, 2**47),
        "failover_class": st.sampled_from(CLASSES) | unknown,
        "failover": resources,
        "resource": resources,
        "parameter_group": resources,
        "construct_path": odd_names,
        "facts": facts,
    },
)
known_databases = st.fixed_dictionaries(
    {"max_connections": st.integers(10, 100) | st.integers(100, 5000)},
    optional={
        "engine": st.sampled_from(["postgres", "mysql", "aurora-mysql"]),
        "engine_version": st.sampled_from(VERSIONS),
        "instance_class": st.sampled_from(["db.serverless", "db.t4g.micro"]),
        "parameter_per_role": st.integers(10, 5000),
        "reserved": st.fixed_dictionaries({}, optional={"engine": st.integers(0, 9), "admin": st.integers(0, 20)}),
    },
)


def _of(parts: tuple[st.SearchStrategy[Json], ...]) -> st.SearchStrategy[Json]:
    """One entry with the keys of all parts."""
    return st.tuples(*parts).map(lambda found: {key: value for part in found for key, value in part.items()})


def _numbers(*, wild: bool) -> st.SearchStrategy[Any]:
    return counts | unknown if wild else st.integers(0, 6)


def _pooled(*, wild: bool) -> st.SearchStrategy[Json]:
    """What all workloads with pools have in common."""
    optional: dict[str, st.SearchStrategy[Any]] = {
        "engines_per_process": st.integers(1, 1_000_000 if wild else 2),
        "iam_auth": st.booleans(),
        "pool_recycle": st.integers(1, 86_400),
        "idle_timeout": st.integers(1, 86_400),
        "request_timeout": st.integers(1, 86_400) | unknown if wild else st.integers(1, 300),
        "env_prefix": st.sampled_from(["DB_", "ORDERS_", "_"]),
    }
    if wild:
        optional |= {
            "pool_timeout": st.integers(1, 3600),
            "application_name": odd_names,
            "resource": resources,
            "construct_path": odd_names,
            "evidence": odd_names,
        }
    return st.fixed_dictionaries({}, optional=optional)


def _sized(*, wild: bool, processes: bool = True) -> st.SearchStrategy[Json]:
    """What workloads whose pools have a share have in common."""
    optional: dict[str, st.SearchStrategy[Any]] = {
        "split": st.sampled_from(SPLITS),
        "weight": st.integers(1, 1_000_000 if wild else 4),
        "largest_pool": st.integers(1, 1_000_000 if wild else 20),
    }
    if processes:
        optional["processes"] = st.integers(1, 1_000_000) | unknown if wild else st.integers(1, 4)
        if wild:
            optional["overruled"] = st.fixed_dictionaries({"processes": st.integers(1, 8)})
    return st.fixed_dictionaries({}, optional=optional)


def _tasked(*, wild: bool) -> st.SearchStrategy[Json]:
    """What a service and Celery workers have in common."""
    numbers = _numbers(wild=wild)
    optional: dict[str, st.SearchStrategy[Any]] = {
        "tasks": numbers,
        "max_tasks": numbers,
        "maximum_percent": st.sampled_from([100, 200, 150, 125, 0, 10_000 if wild else 110]),
        "deployment": st.sampled_from(DEPLOYMENTS if wild else [item for item in DEPLOYMENTS if item != "external"]),
        "task_sets": st.integers(1, 100 if wild else 3),
        "bake_time": st.integers(0, 100_000) | unknown,
        "containers": st.lists(plain_names, min_size=1, max_size=3),
    }
    if wild:
        optional["maximum_percent"] |= unknown
        optional["deployment"] |= unknown
        optional["task_definition"] = resources
    external = st.fixed_dictionaries({"deployment": st.just("external"), "task_sets": st.integers(1, 3)})
    return _of((_pooled(wild=wild), st.fixed_dictionaries({}, optional=optional), st.just({}) | external))


def _scheduled(*, wild: bool) -> st.SearchStrategy[Json]:
    """A task that no service keeps running."""
    optional = {
        "tasks": _numbers(wild=wild),
        "overlap": st.integers(1, 1_000_000) | unknown if wild else st.integers(1, 3),
        "containers": st.lists(plain_names, min_size=1, max_size=3),
    }
    kind = st.fixed_dictionaries({"kind": st.just("task")}, optional=optional)
    return _of((_sized(wild=wild), _pooled(wild=wild), kind))


def _function(*, wild: bool) -> st.SearchStrategy[Json]:
    concurrency = {"reserved_concurrency": _numbers(wild=wild)}
    required, optional = ({}, concurrency) if wild else (concurrency, {})
    kind = st.fixed_dictionaries({"kind": st.just("function"), **required}, optional=optional)
    return _of((_sized(wild=wild, processes=False), _pooled(wild=wild), kind))


def _service(*, wild: bool) -> st.SearchStrategy[Json]:
    return _of((_sized(wild=wild), st.fixed_dictionaries({}, optional={"kind": st.just("service")})))


def _celery(*, wild: bool) -> st.SearchStrategy[Json]:
    required: Json = {"kind": st.just("celery")}
    optional: Json = {
        "pool": st.sampled_from(CELERY_POOLS),
        "result_backend": st.booleans(),
        "extra_connections": st.integers(0, 1_000_000 if wild else 3),
    }
    if wild:
        optional["concurrency"] = st.integers(1, 1_000_000) | unknown
        optional["extra_connections"] |= unknown
        said = {"concurrency": st.integers(1, 8), "extra_connections": st.integers(0, 8)}
        optional["overruled"] = st.fixed_dictionaries({}, optional=said)
    else:
        required["concurrency"] = st.integers(1, 8)
    return st.fixed_dictionaries(required, optional=optional)


def _reserved(*, wild: bool) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({"kind": st.just("reserved"), "connections": st.integers(0, 1_000_000 if wild else 9)})


def _workloads(*, wild: bool) -> st.SearchStrategy[Json]:
    """Workloads of every kind, still without a database."""
    service, tasked = _service(wild=wild), _tasked(wild=wild)
    fixed = st.fixed_dictionaries(
        {
            "pool_size": st.integers(0, 1_000_000) | unknown if wild else st.integers(1, 12),
            "max_overflow": st.integers(-1, 1_000_000) | unknown if wild else st.integers(0, 12),
        }
    )
    return st.one_of(
        _of((service, tasked)),
        _of((service, tasked)),
        _of((service, tasked, fixed)),
        _of((_celery(wild=wild), tasked)),
        _scheduled(wild=wild),
        _of((_scheduled(wild=wild), fixed)),
        _function(wild=wild),
        _of((_function(wild=wild), fixed)),
        _reserved(wild=wild),
    )


WORKLOADS = {wild: _workloads(wild=wild) for wild in (True, False)}
sources = st.sampled_from(["declared", "read", "documented", "estimated", "assumed"])


def _sourced(draw: st.DrawFn, entry: Json) -> Json:
    """Now and then, say of some keys that they were read or assumed."""
    if entry and draw(st.integers(0, 4)) == 4:
        entry["sources"] = draw(st.dictionaries(st.sampled_from(sorted(entry)), sources, max_size=3))
    return entry


@st.composite
def documents(draw: st.DrawFn, *, wild: bool | None = None) -> Json:
    """A whole document; unless `wild`, every term is known and small, so that every pool has a sum and many fit."""
    wild = draw(st.booleans()) if wild is None else wild
    names = odd_names | plain_names if wild else plain_names
    databases = draw(st.dictionaries(names, any_databases if wild else known_databases, min_size=1, max_size=3))
    percent = st.integers(1, 100) | unknown if wild else st.integers(1, 60)
    fronting: dict[str, st.SearchStrategy[Any]] = {"database": st.sampled_from(list(databases))}
    timeouts = {
        "idle_client_timeout": st.integers(1, 28_800) | unknown,
        "borrow_timeout": st.integers(0, 300) | unknown,
        "targets": st.integers(1, 4),
    }
    if wild:
        odd = {
            "max_connections_percent": percent,
            "resource": resources,
            "endpoint": resources,
            "construct_path": odd_names,
            **timeouts,
        }
        fronts = st.fixed_dictionaries(fronting, optional=odd)
    else:
        fronts = st.fixed_dictionaries({**fronting, "max_connections_percent": percent}, optional=timeouts)
    proxies = draw(st.dictionaries(names, fronts, max_size=2))
    routes = st.sampled_from([("database", name) for name in databases] + [("proxy", name) for name in proxies])
    members = draw(st.dictionaries(names, WORKLOADS[wild], max_size=5))
    for member in members.values():
        kind, target = draw(routes)
        member[kind] = target
        if kind == "proxy" and member.get("kind", "service") not in {"celery", "reserved"} and draw(st.booleans()):
            member["multiplexing"] = draw(st.integers(1, 1_000_000 if wild else 20))
    sections: Json = {"databases": databases, "proxies": proxies, "workloads": members}
    for section in sections.values():
        for entry in section.values():
            _sourced(draw, entry)
    return {"schema": 1} | {key: section for key, section in sections.items() if section}


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(0, 10**500)
    | st.floats()
    | st.text(max_size=20)
    | odd_names,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=10), children, max_size=4),
    max_leaves=20,
)
"""Anything that JSON can hold, and NaN and the infinities, which Python's reader lets through."""
