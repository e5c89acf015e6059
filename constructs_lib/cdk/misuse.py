"""Errors for what the caller of a construct can see to be wrong."""

from constructs_lib.budget.schema import DocumentError

_KEYWORDS = {
    "processes": "processes_per_task",
    "tasks": "desired_count",
    "reserved.engine": "engine_reserve",
    "reserved.admin": "admin_reserve",
    "max_connections_percent": "proxy_max_connections_percent",
}
"""Keys of the document that the constructs call otherwise, with what they stand in where they could be mistaken."""


_CHANGES = {
    "processes": "give the number of worker processes that one task starts",
    "split": 'write it as "70/30": the share that the pool keeps, and its overflow',
    "pool_size": "give both pool_size and max_overflow, or leave both out to have them chosen",
    "max_overflow": "give both pool_size and max_overflow, or leave both out to have them chosen",
    "pool": "give the worker's --pool",
    "concurrency": "give the worker's --concurrency, with --autoscale its maximum",
    "overlap": "give the number of runs that can be alive at once",
    "reserved_concurrency": "give the function's reserved concurrency",
    "task_sets": "give the number of task sets that the external controller runs at once",
    "extra_connections": "give the connections of each worker beside its pools",
    "largest_pool": "give the most connections that a chosen pool may open, or leave it out",
    "multiplexing": "leave it out, or connect through a proxy",
    "env_prefix": "give the beginning of a variable's name, such as REPORTS_",
    "connections": "give the number of connections to set aside",
}
"""What to change, by the document's key."""


class MisuseError(ValueError):
    """A call that cannot be meant: what is wrong, the value got, what is allowed, what to change."""


def misuse(error: DocumentError, owner: str, change: str) -> MisuseError:
    """The document's complaint in the words of the construct's keywords."""
    outer, _, key = error.place.rpartition(".")
    keyword = _KEYWORDS.get(f"{outer.rpartition('.')[2]}.{key}", _KEYWORDS.get(key, key))
    return MisuseError(f"{keyword} {error.problem} ({owner}); {_CHANGES.get(key, change)}")
