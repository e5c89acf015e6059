"""The command line of Celery: a worker with its pool and concurrency, beat, and what else it may be."""

from collections.abc import Iterator, Sequence

from constructs_lib.budget.workloads.celery import CeleryPool
from constructs_lib.limits import Unknown
from constructs_lib.template.arguments import first_setting, given, most, stray, values
from constructs_lib.template.environment import Variables
from constructs_lib.template.shell import computed
from constructs_lib.template.started import NOTHING, Count, Started

CONCURRENCY_SETTINGS = ("CELERY_WORKER_CONCURRENCY", "CELERYD_CONCURRENCY")
_POOLS = {**{pool.value: pool for pool in CeleryPool}, "processes": CeleryPool.PREFORK}
_FLAGS = "BEDCq"
"""Short options without a value."""
_BEFORE = ("-A", "--app", "-b", "--broker", "--result-backend", "--loader", "--config", "--workdir")
"""Options whose value may be called as a subcommand is."""


def celery(arguments: Sequence[str], variables: Variables) -> Started:
    """`celery worker`, also with an embedded beat, `celery beat`, `celery flower`, and `celery multi`."""
    said = list(_own(arguments))
    if "multi" in said:
        return multi(arguments, variables)
    if "worker" in said:
        return worker(arguments, variables)
    for other in ("beat", "flower"):
        if other in said:
            return Started(beats=1, words={"extra_connections": f"celery {other}"})
    if any(map(computed, said)):
        doubt = Unknown("what celery runs is computed, and may be a worker")
        return Started(worker=True, concurrency=doubt)
    return NOTHING


def worker(arguments: Sequence[str], variables: Variables) -> Started:
    """One worker."""
    words: dict[str, str] = {}
    concurrency, source = _concurrency(arguments, variables)
    # any but these is as good as prefork: a connection for each job
    pools = {_POOLS.get(name) for name in values(arguments, ("-P", "--pool"), _FLAGS)}
    pool = next(iter(pools)) if len(pools) == 1 else None
    if pool is not None:
        words["pool"] = f"celery worker --pool {pool.value}"
    if pool is CeleryPool.SOLO and (concurrency is None or isinstance(concurrency, Unknown)) and not stray(arguments):
        concurrency, source = 1, "--pool solo, so with a concurrency of "
    if concurrency is not None:
        words["concurrency"] = f"celery worker {source}{concurrency}"
    beat = given(arguments, ("-B", "--beat"), _FLAGS)
    if beat:
        words["extra_connections"] = "celery worker --beat"
    return Started(
        worker=True,
        concurrency=concurrency,
        pool=pool,
        beats=int(beat),
        lasting=given(arguments, ("-D", "--detach"), _FLAGS),
        words=words,
    )


def multi(arguments: Sequence[str], variables: Variables) -> Started:  # noqa: ARG001 - as the others
    """`celery multi`, whatever it is told."""
    return Started(worker=True, concurrency=Unknown("celery multi starts several workers"), lasting=True)


def _concurrency(arguments: Sequence[str], variables: Variables) -> tuple[Count, str]:
    autoscale = [part for value in values(arguments, ("--autoscale",)) for part in value.split(",", 1)]
    said = list(values(arguments, ("-c", "--concurrency"), _FLAGS))
    if stray(arguments):
        return Unknown("an argument of celery worker is computed, and may set --concurrency"), ""
    if autoscale:
        # Celery itself takes the larger of the two, in whichever order they stand
        return most([*autoscale, *said], "--autoscale of celery", variables), "--autoscale "
    if said:
        return most(said, "--concurrency of celery", variables), "--concurrency "
    setting = first_setting(CONCURRENCY_SETTINGS, variables)
    return (None, "") if setting is None else (setting[0], f"with {setting[1]}=")


def _own(arguments: Sequence[str]) -> Iterator[str]:
    """The words that are no value of an option which stands before the subcommand."""
    for index, word in enumerate(arguments):
        if index == 0 or arguments[index - 1] not in _BEFORE:
            yield word
