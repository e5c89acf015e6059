"""The size of a container's pools, as its variables give it to the usual libraries."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from constructs_lib.budget.source import Source
from constructs_lib.budget.split import SQLALCHEMY, PoolSize
from constructs_lib.budget.variables import LIMITED_POOLS
from constructs_lib.limits import Unknown, sum_of
from constructs_lib.template.environment import Variables, others_of
from constructs_lib.template.pool_names import (
    kind_of,
    limit_in,
    not_understood,
    of_a_database,
    of_something_else,
    of_workers,
)
from constructs_lib.template.variable_labels import ANY, Labels, begins_with, label_of

LARGEST = 100_000
"""Beyond that a variable is surely something else."""
_RAILS = "RAILS_MAX_THREADS"
"""The size of the pool in the database.yml that Rails generates, unless a variable of the pool's own says another."""

_Parts = dict[str, tuple[str, str | Unknown]]
"""The variables of one pool, each with its value, by what it says."""


@dataclass(frozen=True, slots=True)
class _Size:
    """What one pool, or several together, may open, and whether each part was read."""

    pool_size: int | Unknown = SQLALCHEMY.pool_size
    max_overflow: int | Unknown = SQLALCHEMY.max_overflow
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
    containers: Iterable[Variables], otherwise: PoolSize = SQLALCHEMY, labels: Labels = ANY
) -> tuple[dict[str, int | Unknown], dict[str, Source]]:
    """`pool_size` and `max_overflow` of the container that opens most, and where each came from.

    Every prefix is a pool of its own, and those of a container add up, but for those that `labels` give to another
    database. A size that is set and cannot be read is Unknown; where nothing is said of the database's pool, it is
    `otherwise`. A pool of which it cannot be told what it leads to counts, but never instead of the database's.
    """
    size = max(
        (_together(variables, _Size(*otherwise), labels) for variables in containers),
        key=lambda item: item.weight,
        default=_Size(*otherwise),
    )
    sources = [Source.READ if read else Source.ASSUMED for read in size.read]
    return (
        {"pool_size": size.pool_size, "max_overflow": size.max_overflow},
        dict(zip(("pool_size", "max_overflow"), sources, strict=True)),
    )


def pool_names(variables: Variables, labels: Labels = ANY, least: int = 2) -> list[str]:
    """The variables of a container that say the size of a database's pool, where they speak of so many at least."""
    said = _ours(_said(variables), labels)
    return [name for parts in said.values() for name, _ in parts.values()] if len(said) >= least else []


def pool_signs(variables: Variables) -> dict[str, str]:
    """The variables of a container that say, or may say, the size of a database's pool: the first of each label."""
    signs = [(label_of(prefix), name) for prefix, parts in _said(variables).items() for name, _ in parts.values()]
    signs += [(label_of(name), name) for name, value in variables.items() if not_understood(name, value) is not None]
    return dict(reversed(signs))


def _together(variables: Variables, otherwise: _Size, labels: Labels) -> _Size:
    """The pools of one container that may lead to one database; `otherwise` where it speaks of none."""
    for name, value in variables.items():
        if (problem := not_understood(name, value)) is not None and not _of_another(name, labels):
            doubt = Unknown(problem)
            return _Size(doubt, doubt, (True, True))
    said = _ours(every := _said(variables), labels)
    sizes = {prefix: _size(parts) for prefix, parts in said.items()}
    leading = _leading(said, labels)
    ours = [size for prefix, size in sizes.items() if not prefix or of_a_database(prefix) or prefix in leading]
    others = others_of(variables)
    if others is not None and not any(size.read == (True, True) for size in ours):
        doubt = Unknown(f"the size of the pool may be set beside the variables that are known: {others.reason}")
        return _Size(doubt, doubt, (True, True))
    if _one_is_missing({label_of(prefix) for prefix in every}, labels):
        return _sum([*sizes.values(), otherwise])
    total = _sum(list(sizes.values())) if sizes else otherwise
    found = total if ours else max(total, otherwise, key=lambda size: size.weight)
    if not _of_another_too(every, labels):
        return found
    numbers = (found.pool_size, found.max_overflow)
    read = [known and isinstance(size, Unknown) for size, known in zip(numbers, found.read, strict=True)]
    return replace(found, read=(read[0], read[1]))


def _said(variables: Variables) -> dict[str, _Parts]:
    """What is said of each pool that may be a database's, by the prefix of its variables."""
    said: dict[str, _Parts] = {}
    for name, written in variables.items():
        value = written
        kind, prefix = kind_of(name.upper())
        if (limit := limit_in(value)) is not None:
            kind, prefix, value = "most", f"{name.upper()}_", limit
        if kind not in {"", "least"} and not (prefix and of_something_else(prefix)):
            said.setdefault(prefix, {})[kind] = (name, value)
    if not said and (threads := variables.get(_RAILS)) is not None:
        said[""] = {"most": (_RAILS, threads)}
    return said


def _elsewhere(labels: Labels) -> set[str]:
    """The labels of pools that lead to other databases alone."""
    return {*labels.others} - {*labels.own} if labels.own else set()


def _of_another(name: str, labels: Labels) -> bool:
    """Whether the name of a variable begins with the label of another database."""
    label = label_of(name)
    return any(label == other or begins_with(label, other) for other in _elsewhere(labels))


def _ours(said: dict[str, _Parts], labels: Labels) -> dict[str, _Parts]:
    """The pools that may lead to a database: one without a label serves whatever has none of its own."""
    others = _elsewhere(labels)
    if _of_another_too(said, labels):
        others -= {""}
    return {prefix: parts for prefix, parts in said.items() if label_of(prefix) not in others}


def _of_another_too(said: Iterable[str], labels: Labels) -> bool:
    """Whether a database that has no pool of its label is taken to have one like that without a label of another.

    Nothing says so: its size is assumed.
    """
    prefixes = {label_of(prefix) for prefix in said}
    return "" in prefixes & _elsewhere(labels) and prefixes.isdisjoint(labels.own)


def _leading(said: Mapping[str, _Parts], labels: Labels) -> set[str]:
    """The prefixes that tell a database by the label alone of the variable that leads there and nowhere else.

    None where one of these variables has no pool with its label: another pool may be for that one as well.
    """
    if not {*labels.own} <= {label_of(prefix) for prefix in said}:
        return set()
    alone = {*labels.own} - {*labels.others, ""}
    return {
        prefix
        for prefix, parts in said.items()
        if label_of(prefix) in alone and ("max_overflow" in parts or not of_workers(prefix))
    }


def _one_is_missing(said: Collection[str], labels: Labels) -> bool:
    """Whether a variable leads to the database whose pool none of those is that a size is said of."""
    anyones = {*said} - {*labels.own, *labels.others, *labels.strange}
    return bool(said) and not anyones and "" not in said and any(label not in said for label in labels.own)


def _size(parts: _Parts) -> _Size:
    """One pool by what is said of it; of two ways to say it, the one that opens more."""
    if "class" in parts:
        name, value = parts["class"]
        if isinstance(value, Unknown) or value.rpartition(".")[2].strip() not in LIMITED_POOLS:
            why = value.reason if isinstance(value, Unknown) else "it is another class than QueuePool, without a limit"
            # what has no limit has more than any size that could be said of it
            doubt = Unknown(f"{name}: {why}", 0 if isinstance(value, Unknown) else LARGEST)
            return _Size(doubt, doubt, (True, True))
    return max(_ways(parts), key=lambda size: size.weight)


def _ways(parts: _Parts) -> Iterator[_Size]:
    if "limit" in parts and not {"most", "pool_size"} & parts.keys():
        parts = {**parts, "most": parts["limit"]}
    if "most" in parts:
        yield _Size(_number(*parts["most"], 1), 0, (True, True))
    if "most" not in parts or "pool_size" in parts or "max_overflow" in parts:
        kept = _number(*parts["pool_size"], 0) if "pool_size" in parts else SQLALCHEMY.pool_size
        overflow = _number(*parts["max_overflow"], -1) if "max_overflow" in parts else SQLALCHEMY.max_overflow
        yield _Size(kept, overflow, ("pool_size" in parts, "max_overflow" in parts))


def _sum(sizes: Sequence[_Size]) -> _Size:
    return _Size(
        _added([size.pool_size for size in sizes], 0),
        _added([size.max_overflow for size in sizes], -1),
        (all(size.read[0] for size in sizes), all(size.read[1] for size in sizes)),
    )


def _added(numbers: Sequence[int | Unknown], unlimited: int) -> int | Unknown:
    """The sum; Unknown, or without a limit, where one of them is."""
    return unlimited if unlimited in numbers else sum_of(numbers)


def _number(name: str, value: str | Unknown, least: int) -> int | Unknown:
    """A size as it is written; the text itself is not shown, for it may be nobody's business."""
    if isinstance(value, Unknown):
        return Unknown(f"{name}: {value.reason}")
    written = value.strip()
    if re.fullmatch(r"-?[0-9]{1,6}", written, re.ASCII) and least <= int(written) <= LARGEST:
        return int(written)
    return Unknown(f"{name} is no whole number from {least} to {LARGEST}")
