"""What a change does to a budget."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.budget.plan import Plan
from constructs_lib.budget.schema import plain
from constructs_lib.budget.workloads import TaskWorkload

READ = {
    "databases": ("engine", "engine_version", "instance_class", "min_acu", "max_acu"),
    "proxies": ("database", "max_connections_percent"),
    "workloads": (
        *("kind", "database", "proxy", "tasks", "max_tasks", "maximum_percent", "deployment", "processes"),
        *("concurrency", "pool", "connections", "engines_per_process", "multiplexing"),
    ),
}
"""Keys of the document that a change is told by."""
PLANNED = {
    "databases": ("max_connections", "reserved", "usable", "peak", "headroom"),
    "proxies": ("max_connections", "peak"),
    "workloads": ("pools", "pool_size", "max_overflow", "pool_recycle", "peak"),
}
"""Keys of the plan that a change is told by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value that is another in the new budget."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One database, proxy or workload that is not what it was."""

    kind: str
    name: str
    what: str
    """`added`, `removed` or `changed`."""
    values: tuple[Value, ...]

    def to_json(self) -> dict[str, Any]:
        """The difference in JSON's own types."""
        values = {value.key: {"from": value.before, "to": value.after} for value in self.values}
        return {"kind": self.kind, "name": self.name, "what": self.what, "values": values}


def differences(base: Plan, head: Plan) -> tuple[Difference, ...]:
    """Every entry that the new budget adds, removes or changes; what stays is not mentioned."""
    return tuple(
        difference
        for kind in ("databases", "proxies", "workloads")
        for difference in _of_kind(kind, _entries(base, kind), _entries(head, kind))
    )


def _of_kind(
    kind: str, old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[Difference]:
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name, {}), new.get(name, {})
        values = tuple(
            Value(key=key, before=before.get(key), after=after.get(key))
            for key in dict.fromkeys([*before, *after])
            if before.get(key) != after.get(key)
        )
        what = "added" if name not in old else "removed" if name not in new else "changed"
        if values or what != "changed":
            yield Difference(kind=kind, name=name, what=what, values=values)


def _entries(plan: Plan, kind: str) -> dict[str, dict[str, Any]]:
    planned = plan.to_json()[kind]
    return {
        name: {
            **{key: plain(value) for key in READ[kind] if (value := getattr(entry, key, None)) is not None},
            **_percent_in_force(entry),
            **(getattr(entry, "identity", None) or {}),
            **{key: planned[name][key] for key in PLANNED[kind] if key in planned[name]},
        }
        for name, entry in getattr(plan.document, kind).items()
    }


def _percent_in_force(entry: object) -> dict[str, Any]:
    """Only a rolling deployment goes by a percentage."""
    if isinstance(entry, TaskWorkload) and plain(entry.deployment) != "rolling":
        return {"maximum_percent": None}
    return {}
