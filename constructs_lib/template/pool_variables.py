"""The size of a container's pools, as its variables give it to the usual libraries."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

from constructs_lib.budget.source import Source
from constructs_lib.budget.split import PoolSize
from constructs_lib.budget.variables import LIMITED_POOLS
from constructs_lib.limits import Unknown
from constructs_lib.template.environment import Variables, others_of

POOL_SIZE = 5
MAX_OVERFLOW = 10
"""What SQLAlchemy takes where nothing is said (SQLAlchemy documentation, "Engine Configuration")."""
SQLALCHEMY = PoolSize(POOL_SIZE, MAX_OVERFLOW)
LARGEST = 100_000
"""Beyond that a variable is surely something else."""
_KINDS = {
    "least": re.compile(r"(.*_)?(?:MIN|MINIMUM|INITIAL|CORE)_?POOL_?SIZE"),
    "most": re.compile(
        r"(.*?)(?:(?:MAXIMUM|MAX)_?POOL_?SIZE|POOL_MAX(?:_?SIZE)?|MAX_CONNECTIONS_PER_POOL|MAX_OPEN_CONN(?:ECTION)?S)"
        r"|(.*(?:DB|DATABASE)_)POOL"
    ),
    "pool_size": re.compile(r"(.*_)?POOL_?SIZE"),
    "max_overflow": re.compile(r"(.*_)?MAX_?OVERFLOW"),
    "class": re.compile(r"(.*_)?POOL_?CLASS"),
}
"""How variables are called that say something of a pool; `most` is a limit of the pool as a whole, as in HikariCP."""
_WORDS = ("POOL", "OVERFLOW", "CONN")
"""One of these is in each of them, which is quickly told."""
_OF_A_DATABASE = re.compile(
    r"(?:^|_)(?:\w*DB|DATABASE|SQL|SQLALCHEMY|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|AURORA|RDS|DATASOURCE|JDBC|HIKARI"
    r"|ORM|ENGINE|READER|WRITER|REPLICA|PRIMARY)[0-9]*(?:_|$)"
)
_OF_SOMETHING_ELSE = re.compile(
    r"(?:^|_)(?:REDIS|VALKEY|CACHE|MEMCACHED?|ELASTICACHE|THREADS?|HTTPX?|REQUESTS?|KAFKA|RABBIT(?:MQ)?|AMQP|BROKER"
    r"|MONGO(?:DB)?|DYNAMO(?:DB)?|ELASTIC(?:SEARCH)?|OPENSEARCH|NEO4J|INFLUX(?:DB)?|GRPC|CELERY|EXECUTOR|BUFFER)(?:_|$)"
)
_SPEAKS_OF_A_POOL = re.compile(
    r"pool[-_.]?(?:size|class|max)|max[-_.]?(?:overflow|pool)|connection[-_.]?limit", re.IGNORECASE
)

_Parts = dict[str, tuple[str, str | Unknown]]
"""The variables of one pool, each with its value, by what it says."""


@dataclass(frozen=True, slots=True)
class _Size:
    """What one pool, or several together, may open, and whether each part was read."""

    pool_size: int | Unknown = POOL_SIZE
    max_overflow: int | Unknown = MAX_OVERFLOW
    read: tuple[bool, bool] = (False, False)

    @property
    def weight(self) -> tuple[float, float]:
        """Without a limit is more than unknown, and that more than any number."""
        if self.pool_size == 0 or self.max_overflow == -1:
            return inf, 1
        if isinstance(self.pool_size, Unknown) or isinstance(self.max_overflow, Unknown):
            return inf, 0
        return self.pool_size + self.max_overflow, 0


def pool_of(
    containers: Iterable[Variables], otherwise: PoolSize = SQLALCHEMY
) -> tuple[dict[str, int | Unknown], dict[str, Source]]:
    """`pool_size` and `max_overflow` of the container that opens most, and where each came from.

    Every prefix is a pool of its own, and those of a container add up. A size that is set and cannot be read is
    Unknown; where nothing is said of the database's pool, it is `otherwise`. A pool of which it cannot be told what it
    leads to counts, but never instead of the database's.
    """
    size = max(
        (_together(variables, _Size(*otherwise)) for variables in containers),
        key=lambda item: item.weight,
        default=_Size(*otherwise),
    )
    sources = [Source.READ if read else Source.ASSUMED for read in size.read]
    return (
        {"pool_size": size.pool_size, "max_overflow": size.max_overflow},
        dict(zip(("pool_size", "max_overflow"), sources, strict=True)),
    )


def pool_names(variables: Variables) -> list[str]:
    """The variables of a container that say the size of a pool, where they speak of several."""
    said = _said(variables)
    return [name for parts in said.values() for name, _ in parts.values()] if len(said) > 1 else []


def _together(variables: Variables, otherwise: _Size) -> _Size:
    """The pools of one container; `otherwise` where it speaks of none."""
    for name, value in variables.items():
        if isinstance(value, str) and _SPEAKS_OF_A_POOL.search(value) and not _kind_of(name.upper())[0]:
            doubt = Unknown(f"{name} speaks of the size of a pool, and is not understood")
            return _Size(doubt, doubt, (True, True))
    said = _said(variables)
    sizes = {prefix: _size(parts) for prefix, parts in said.items()}
    ours = [
        size
        for prefix, size in sizes.items()
        if not prefix or (_OF_A_DATABASE.search(prefix) and not _OF_SOMETHING_ELSE.search(prefix))
    ]
    others = others_of(variables)
    if others is not None and not any(size.read == (True, True) for size in ours):
        doubt = Unknown(f"the size of the pool may be set beside the variables that are known: {others.reason}")
        return _Size(doubt, doubt, (True, True))
    total = _sum(list(sizes.values())) if sizes else otherwise
    return total if ours else max(total, otherwise, key=lambda size: size.weight)


def _said(variables: Variables) -> dict[str, _Parts]:
    """What is said of each pool that may be a database's, by the prefix of its variables."""
    said: dict[str, _Parts] = {}
    for name, value in variables.items():
        kind, prefix = _kind_of(name.upper())
        ours = not prefix or _OF_A_DATABASE.search(prefix) or not _OF_SOMETHING_ELSE.search(prefix)
        if ours and kind not in {"", "least"}:
            said.setdefault(prefix, {})[kind] = (name, value)
    return said


def _kind_of(name: str) -> tuple[str, str]:
    if not any(word in name for word in _WORDS):
        return "", ""
    for kind, pattern in _KINDS.items():
        if found := pattern.fullmatch(name):
            return kind, next(filter(None, found.groups()), "")
    return "", ""


def _size(parts: _Parts) -> _Size:
    """One pool by what is said of it; of two ways to say it, the one that opens more."""
    if "class" in parts:
        name, value = parts["class"]
        if isinstance(value, Unknown) or value.rpartition(".")[2].strip() not in LIMITED_POOLS:
            why = value.reason if isinstance(value, Unknown) else "it is another class than QueuePool, without a limit"
            doubt = Unknown(f"{name}: {why}")
            return _Size(doubt, doubt, (True, True))
    return max(_ways(parts), key=lambda size: size.weight)


def _ways(parts: _Parts) -> Iterator[_Size]:
    if "most" in parts:
        yield _Size(_number(*parts["most"], 1), 0, (True, True))
    if "most" not in parts or "pool_size" in parts or "max_overflow" in parts:
        kept = _number(*parts["pool_size"], 0) if "pool_size" in parts else POOL_SIZE
        overflow = _number(*parts["max_overflow"], -1) if "max_overflow" in parts else MAX_OVERFLOW
        yield _Size(kept, overflow, ("pool_size" in parts, "max_overflow" in parts))


def _sum(sizes: Sequence[_Size]) -> _Size:
    return _Size(
        _added([size.pool_size for size in sizes], 0),
        _added([size.max_overflow for size in sizes], -1),
        (all(size.read[0] for size in sizes), all(size.read[1] for size in sizes)),
    )


def _added(numbers: Sequence[int | Unknown], unlimited: int) -> int | Unknown:
    """The sum; Unknown, or without a limit, where one of them is."""
    doubt = next((number for number in numbers if isinstance(number, Unknown)), None)
    known = [number for number in numbers if isinstance(number, int)]
    return unlimited if unlimited in known else doubt or sum(known)


def _number(name: str, value: str | Unknown, least: int) -> int | Unknown:
    """A size as it is written; the text itself is not shown, for it may be nobody's business."""
    if isinstance(value, Unknown):
        return Unknown(f"{name}: {value.reason}")
    written = value.strip()
    if re.fullmatch(r"-?[0-9]{1,6}", written, re.ASCII) and least <= int(written) <= LARGEST:
        return int(written)
    return Unknown(f"{name} is no whole number from {least} to {LARGEST}")
