"""What a command starts: processes, Celery workers, and the sums of several commands."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from constructs_lib.budget.schema import MOST
from constructs_lib.budget.workloads.celery import HOST_CPUS, CeleryPool
from constructs_lib.budget.workloads.facts import Fact
from constructs_lib.limits import Unknown, at_least, largest_of, sum_of

Count = int | Unknown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What runs at once; None where nothing is said of it."""

    program: bool = False
    """Whether something runs that is one process, unless `processes` says more."""
    web: bool = False
    """Whether it is a server whose own way to tell the number of its workers was looked at."""
    processes: Count = None
    server: str | None = None
    """The name of a web server among it, which is no Celery worker whatever else may be one."""
    several: bool = False
    """Whether a program runs at the same time as another, or as a Celery worker."""
    worker: bool = False
    """Whether a Celery worker runs, of the host's CPUs unless `concurrency` is given."""
    concurrency: Count = None
    pool: CeleryPool | None = None
    beats: int = 0
    threads: Count = None
    """Requests that each process serves at once, where it is said; they matter only without a pool."""
    per_thread: bool = False
    """Whether each of these threads has a connection of its own instead of a pool, as in Django."""
    lasting: bool = False
    """Whether it goes on running behind the command that started it."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Such as `gunicorn --workers 4`, by what they say: never an argument that could be a secret."""

    total: Count = None
    """What `in_all` is, where several commands make it up."""
    beside: Fact | None = None
    """Why what it opens beside Celery workers is unknown; None where nothing is known to run beside them."""

    @property
    def without_workers(self) -> "Started":
        """What runs beside its Celery workers, where those are counted apart."""
        if not self.worker:
            return self
        words = {key: text for key, text in self.words.items() if key == "processes" and self.processes is not None}
        return replace(self, worker=False, concurrency=None, pool=None, beats=0, total=None, words=words)

    @property
    def workers_alone(self) -> "Started":
        """Its Celery workers, where what runs beside them is counted apart."""
        return self if self.beside is None else replace(self, beside=None)

    @property
    def in_all(self) -> Count:
        """Processes with pools, a web server's and Celery's together; None where one is assumed."""
        if self.total is not None or not (self.worker or (self.beats and self.program)):
            return self.processes if self.total is None else self.total
        own = self.processes if self.processes is not None else int(self.program)
        alone = self.pool not in {None, CeleryPool.PREFORK} or not self.worker
        children = int(self.worker) if alone else HOST_CPUS if self.concurrency is None else self.concurrency
        return _sum((own, children, self.beats), sum)


NOTHING = Started()


def unknown(reason: str) -> Started:
    """Something that cannot be read."""
    return Started(program=True, web=True, processes=Unknown(reason), concurrency=Unknown(reason))


def doubted(started: Started, reason: str) -> Started:
    """The same kind of thing, in a number that is not known."""
    doubt = Unknown(reason)
    counted = started.program or started.processes is not None
    return replace(
        started,
        processes=doubt if counted else None,
        concurrency=doubt if started.worker else started.concurrency,
        total=doubt if started.worker else None,
        words={},
    )


def one_of(items: Iterable[Started]) -> Started:
    """The most that any of them starts, as where one runs after the other; what goes on running counts with all."""
    found = [item for item in items if item != NOTHING]
    lasting = [item for item in found if item.lasting]
    passing = [item for item in found if not item.lasting]
    if any(item.worker for item in passing):  # which opens no less than what only came before it
        passing = [
            item
            for item in passing
            if item.server or item.web or item.worker or item.processes is not None or item.beats
        ]
    if lasting:
        return replace(all_of([*lasting, one_of(passing)]), lasting=True)
    return _combined(passing, max)


def all_of(items: Iterable[Started]) -> Started:
    """What all of them start together."""
    return _combined([item for item in items if item != NOTHING], sum)


def _combined(items: Sequence[Started], fold: Callable[[Iterable[int]], int]) -> Started:
    if len(items) < 2:  # noqa: PLR2004 - one needs no combining
        return items[0] if items else NOTHING
    workers = [item for item in items if item.worker]
    said = any(item.processes is not None for item in items)
    programs = sum(item.program for item in items) if fold is sum else 0
    words: dict[str, str] = {}
    for item in items:
        for key, text in item.words.items():
            words[key] = f"{words[key]} and {text}" if key in words and words[key] != text else text
    processes: Count = None
    if said or programs > 1:
        processes = _sum([item.processes or (1 if item.program else None) for item in items], fold)
        words.setdefault("processes", "several programs at once")
    return Started(
        program=any(item.program for item in items),
        web=any(item.web for item in items),
        server=next((item.server for item in items if item.server is not None), None),
        several=(programs > 0 and programs + len(workers) > 1) or any(item.several for item in items),
        processes=processes,
        worker=bool(workers),
        concurrency=_concurrency(items, workers, fold),
        pool=_pool(workers, fold),
        beats=fold([item.beats for item in items]),
        threads=_sum([item.threads for item in items], max),
        per_thread=all(item.per_thread for item in items if item.program),
        words=words,
        total=_sum([item.in_all or int(item.program or item.beats > 0) for item in items], fold) if workers else None,
    )


def _concurrency(items: Sequence[Started], workers: Sequence[Started], fold: Callable[[Iterable[int]], int]) -> Count:
    """Jobs at once; of several workers, one of whose concurrency nobody speaks takes the host's CPUs."""
    if len(workers) < 2:  # noqa: PLR2004 - as it is
        return _sum([item.concurrency for item in items], fold)
    counts = [
        1 if item.pool is CeleryPool.SOLO else HOST_CPUS if item.concurrency is None else item.concurrency
        for item in workers
    ]
    return _sum([*counts, *(item.concurrency for item in items if not item.worker)], fold)


def _pool(workers: Sequence[Started], fold: Callable[[Iterable[int]], int]) -> CeleryPool | None:
    """One kind of pool for several: a connection for each job is as many in any of them, but for solo."""
    pools = {worker.pool for worker in workers}
    if len(pools) > 1 or (fold is sum and len(workers) > 1 and pools == {CeleryPool.SOLO}):
        return CeleryPool.PREFORK
    return next(iter(pools), None)


def _sum(counts: Iterable[Count], fold: Callable[[Iterable[int]], int]) -> Count:
    found = [count for count in counts if count is not None]
    if not found:
        return None
    total = sum_of(found) if fold is sum else largest_of(found)
    if at_least(total) > MOST:
        return Unknown(f"the command starts more than {MOST} processes", MOST)
    return total
