"""Which entry of the old budget is which of the new one."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from constructs_lib.budget.database import Database
from constructs_lib.budget.proxy import Proxy
from constructs_lib.budget.resource import Resource
from constructs_lib.budget.workloads import Workload

Entry = Database | Proxy | Workload
T = TypeVar("T")
Pair = tuple[T | None, T | None]
"""What an entry was and what it will be; None where it was not, or will not be."""


def pairs(old: Iterable[T], new: Iterable[T], entry: Callable[[T], Entry]) -> list[Pair[T]]:
    """Every entry of both sides, each once.

    An entry is what it was if it stands for the same resource, whatever it is called; where the resource of either side
    is not known, if it has the same name. One whose resource is another is replaced: CloudFormation creates the new one
    before it deletes the old one, so both are there for a while, and neither is the other's.
    """
    before = {entry(item).name: item for item in old}
    after = {entry(item).name: item for item in new}
    same: dict[str, str] = {}
    for key, may_be in ((_resource, _not_recreated), (_name, _not_replaced), (_logical_id, _not_elsewhere)):
        left: dict[Hashable, dict[str, T]] = {}
        taken = set(same.values())
        for name, item in before.items():
            if name not in taken:
                left.setdefault(key(entry(item)), {})[name] = item
        for name, item in after.items():
            if name in same or key(entry(item)) is None:
                continue
            found = left.get(key(entry(item)), {})
            # one resource may have two entries, each with a prefix of its own
            for candidate in ([name] if name in found else []) + list(found):
                if may_be(entry(found[candidate]), entry(item)):
                    same[name] = candidate
                    del found[candidate]
                    break
    kept = set(same.values())
    return [
        *((item, None) for name, item in before.items() if name not in kept),
        *((before[same[name]] if name in same else None, item) for name, item in after.items()),
    ]


def _resource(entry: Entry) -> Resource | None:
    return getattr(entry, "resource", None)


def _name(entry: Entry) -> str:
    return entry.name


def _logical_id(entry: Entry) -> str | None:
    resource = _resource(entry)
    return None if resource is None else resource.logical_id


def _not_recreated(old: Entry, new: Entry) -> bool:
    """Whether a resource of one logical id keeps what CloudFormation would replace it for."""
    before, after = (getattr(entry, "identity", None) for entry in (old, new))
    return before is None or after is None or before == after


def _not_replaced(old: Entry, new: Entry) -> bool:
    """Whether two entries of one name may stand for one resource."""
    if _resource(old) is None or _resource(new) is None:
        return True
    if _logical_id(old) == _logical_id(new):
        return _not_elsewhere(old, new)
    if not isinstance(old, Database):
        return False
    # the endpoint of a cluster leads old and new tasks alike to whichever instance is the writer
    return not isinstance(old.engine, str) or old.engine.lower().startswith("aurora") or old.failover is not None


def _not_elsewhere(old: Entry, new: Entry) -> bool:
    """Whether two resources of one logical id may be one: a file that either does not say may be the other's."""
    before, after = _resource(old), _resource(new)
    files = {resource.template for resource in (before, after) if resource is not None and resource.template}
    # a server that is taken for new would be one that nothing is connected to yet
    return isinstance(old, Database) or (len(files) <= 1 and _not_recreated(old, new))
