"""A larger server."""

from collections.abc import Iterator, Sequence

from constructs_lib.budget.fixes.case import Case
from constructs_lib.budget.fixes.fix import Fix
from constructs_lib.budget.fixes.search import first, share
from constructs_lib.limits import Unknown, current_classes, family_classes, limit_of, memory_bytes_of


def family_class(case: Case) -> Iterator[Fix]:
    """The smallest class of the same family that fits."""
    server = case.part.databases[case.database]
    if isinstance(server.instance_class, str):
        engine = server.engine if isinstance(server.engine, str) else None
        yield from _smallest(case, family_classes(server.instance_class, engine=engine))


def current_class(case: Case) -> Iterator[Fix]:
    """The smallest class of any current family that fits."""
    server = case.part.databases[case.database]
    if isinstance(server.instance_class, str):
        engine = server.engine if isinstance(server.engine, str) else None
        yield from _smallest(case, current_classes(server.instance_class, engine=engine))


def _smallest(case: Case, names: Sequence[str]) -> Iterator[Fix]:
    """The first of the names, smallest memory first, that fits; sought by what each accepts, which is quick to tell."""
    server = case.part.databases[case.database]
    if server.facts is not None and server.per_role is not None:
        return  # what was looked up holds for the class that there is, but for a role's limit, which would remain
    extra: dict[str, None] = {key: None for key in ("memory_bytes", "facts") if getattr(server, key) is not None}
    now = limit_of(server.server)
    least = 0 if isinstance(now, Unknown) else now.max_connections
    accepts: dict[str, int] = {}
    for name in names:
        trial = case.trial(server, {"instance_class": name, **extra})
        limit = limit_of(trial.databases[case.database].server)
        if not isinstance(limit, Unknown) and limit.max_connections > least:
            accepts[name] = limit.max_connections
    ranked = sorted(accepts, key=accepts.__getitem__)  # stable: of equal ones the one with the least memory
    index = first(ranked, lambda name: case.reached(case.trial(server, {"instance_class": name, **extra})))
    if index is None:
        return
    enough = accepts[ranked[index]]
    name = next(name for name in accepts if accepts[name] >= enough)
    if case.reached(case.trial(server, {"instance_class": name, **extra})):
        yield case.fix(server, {"instance_class": name, **extra}, share=_growth(server.instance_class, name))


def _growth(before: object, after: str) -> int:
    old, new = memory_bytes_of(before) if isinstance(before, str) else Unknown("no class"), memory_bytes_of(after)
    if isinstance(old, Unknown) or isinstance(new, Unknown):
        return 1000
    return max(1000, share(old, new))  # never before a change that costs nothing
