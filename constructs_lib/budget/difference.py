"""What a change does to a budget."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.budget.plan import Plan
from constructs_lib.budget.schema import plain
from constructs_lib.budget.transition import Counterpart, counterparts
from constructs_lib.budget.transition.pairs import Entry
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
    of_template: bool = False
    """Whether it is a property of the resource, as the template has it, that the resource is replaced for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One database, proxy or workload that is not what it was."""

    kind: str
    name: str
    """In the new budget, or in the old one if it is removed."""
    what: str
    """`added`, `removed`, `changed`, or `replaced`: created anew before the old one is deleted."""
    values: tuple[Value, ...]
    where: str | None = None
    """The construct, the file or the resource; where the other budget has something else of the same name."""

    def to_json(self) -> dict[str, Any]:
        """The difference in JSON's own types."""
        values = {value.key: {"from": value.before, "to": value.after} for value in self.values}
        return {"kind": self.kind, "name": self.name, "what": self.what, "values": values}


def differences(base: Plan, head: Plan) -> tuple[Difference, ...]:
    """Every entry that the new budget adds, removes, changes or replaces; what stays is not mentioned.

    An entry is told by what it stands for, as while the change deploys, and not by its name.
    """
    found = counterparts(base.tally, head.tally)
    called = {kind: _called(items, getattr(head.document, kind)) for kind, items in found.items()}
    return tuple(
        difference
        for kind, items in found.items()
        for difference in _of_kind(kind, items, _entries(base, kind, called), _entries(head, kind, {}))
    )


def _called(items: Iterable[Counterpart], new: Mapping[str, Entry]) -> dict[str, str]:
    """What the new budget calls the entries of the old one; for what is removed, a name that it has for nothing."""
    names = {}
    for item in items:
        if item.before is not None:
            old = item.before.name
            removed = f"{old} ({_where(item.before)})" if old in new else old
            names[old] = removed if item.after is None else item.after.name
    return names


def _of_kind(
    kind: str, items: Iterable[Counterpart], old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[Difference]:
    for item in items:
        before, after = item.before, item.after
        values = _values(old[before.name] if before is not None else {}, new[after.name] if after is not None else {})
        if before is None and after is not None:
            where = _where(after) if after.name in old else None
            yield Difference(kind=kind, name=after.name, what="added", values=values, where=where)
        elif after is None and before is not None:
            where = _where(before) if before.name in new else None
            yield Difference(kind=kind, name=before.name, what="removed", values=values, where=where)
        elif before is not None and after is not None:
            values = (*_of_itself(before, after, replaced=item.replaced), *values)
            if values or item.replaced:
                what = "replaced" if item.replaced else "changed"
                yield Difference(kind=kind, name=after.name, what=what, values=values)


def _where(entry: Entry) -> str:
    """What tells an entry from another of the same name."""
    resource = getattr(entry, "resource", None)
    defined = None if resource is None else resource.template or resource.logical_id
    return entry.construct_path or defined or "another of this name"


def _of_itself(before: Entry, after: Entry, *, replaced: bool) -> Iterator[Value]:
    """Its name and, where it is replaced, what it is replaced for."""
    short, long = sorted((before.name, after.name), key=len)
    # where another app beside it has the name, the same entry is shown with its file or construct before its own
    if not f"/{long}".endswith(f"/{short}"):
        yield Value(key="name", before=before.name, after=after.name)
    if not replaced:
        return
    was, becomes = (getattr(entry, "resource", None) for entry in (before, after))
    if was is not None and becomes is not None and was.logical_id != becomes.logical_id:
        yield Value(key="resource", before=was.logical_id, after=becomes.logical_id)
    was, becomes = (getattr(entry, "identity", None) or {} for entry in (before, after))
    for key in dict.fromkeys([*was, *becomes]):
        if was.get(key) != becomes.get(key):
            yield Value(key=key, before=was.get(key), after=becomes.get(key), of_template=True)


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Value, ...]:
    return tuple(
        Value(key=key, before=before.get(key), after=after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    )


def _entries(plan: Plan, kind: str, called: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Any]]:
    """What a change is told by; what an entry refers to by the name that it is `called` in the new budget."""
    planned = plan.to_json()[kind]
    entries = {
        name: {
            **{key: plain(value) for key in READ[kind] if (value := getattr(entry, key, None)) is not None},
            **_percent_in_force(entry),
            **{key: planned[name][key] for key in PLANNED[kind] if key in planned[name]},
        }
        for name, entry in getattr(plan.document, kind).items()
    }
    for values in entries.values():
        for key, servers in (("database", "databases"), ("proxy", "proxies")):
            if key in values and called:
                values[key] = called[servers][values[key]]
    return entries


def _percent_in_force(entry: object) -> dict[str, Any]:
    """Only a rolling deployment goes by a percentage."""
    if isinstance(entry, TaskWorkload) and plain(entry.deployment) != "rolling":
        return {"maximum_percent": None}
    return {}
