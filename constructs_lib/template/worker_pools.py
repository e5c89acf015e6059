"""The pool of a Celery worker that runs several jobs at once in one process."""

from collections.abc import Sequence

from constructs_lib.budget.source import Source
from constructs_lib.limits import Unknown
from constructs_lib.template.environment import Variables
from constructs_lib.template.pool_variables import has_whole_pool, pool_of
from constructs_lib.template.started import Started, one_of
from constructs_lib.template.variable_labels import Labels


def worker_pool(started: Sequence[Started], environments: Sequence[Variables], labels: Labels) -> dict[str, int]:
    """The sizes by the keys of a document; none where its variables do not say both of them, whichever way it is run.

    For then nobody knows of a pool: Django and plain drivers have none, and each job has a connection of its own.
    """
    if not _is_one_process(one_of(started)):
        return {}
    pools = [_said(variables, labels) for variables in environments]
    return max(pools, key=lambda sizes: sum(sizes.values()), default={}) if all(pools) else {}


def _is_one_process(started: Started) -> bool:
    """Whether what runs is one worker, with its jobs in its own process: two have a pool each."""
    shared = started.pool is not None and started.pool.in_one_process
    return shared and not started.program and started.in_all == 1 + started.beats


def _said(variables: Variables, labels: Labels) -> dict[str, int]:
    """The sizes that one set of variables says; nothing where one of them is assumed, unknown or without a limit."""
    if not has_whole_pool(variables, labels):
        return {}
    sizes, sources = pool_of([variables], labels=labels)
    known = {key: size for key, size in sizes.items() if sources[key] is Source.READ and not isinstance(size, Unknown)}
    unlimited = known.get("pool_size") == 0 or known.get("max_overflow") == -1
    return {} if unlimited or known.keys() != sizes.keys() else known
