"""Workers of task queues other than Celery, whose processes are read from their arguments."""

from collections.abc import Sequence
from dataclasses import dataclass

from constructs_lib.limits import Unknown
from constructs_lib.template.arguments import first_setting, given, is_another, most, stray, values
from constructs_lib.template.environment import Variables
from constructs_lib.template.started import Count, Started


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskQueue:
    """How a worker is told the number of its processes, and what it starts where nothing is said."""

    name: str
    options: tuple[str, ...]
    """The options that say it; the last one is what messages call it."""
    otherwise: int | Unknown
    settings: tuple[str, ...] = ()
    """Variables that say it where no option does."""
    threads: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Options that say whether its workers are processes, which they are not unless it is said."""
    more: tuple[str, ...] = ()
    """Options that start other processes beside these."""
    command: str | None = None
    """The one of its commands that starts workers; any other is one process."""

    def started(self, arguments: Sequence[str], variables: Variables) -> Started:
        """What it starts with these arguments."""
        if self.command is not None and is_another(arguments, (self.command,)):
            return Started(program=True, web=True, server=self.name)
        number, source = self._workers(arguments, variables)
        if self.kinds and not stray(arguments) and _THREADS.issuperset(values(arguments, self.kinds)):
            return Started(program=True, web=True, server=self.name, threads=number)
        threads = list(values(arguments, self.threads))
        return Started(
            program=True,
            web=True,
            server=self.name,
            processes=number,
            threads=most(threads, f"{self.threads[-1]} of {self.name}", variables) if threads else None,
            words={"processes": f"{self.name} {source}{number}"},
        )

    def _workers(self, arguments: Sequence[str], variables: Variables) -> tuple[Count, str]:
        """Their number, and the words for where it stands."""
        option = (*self.settings, *self.options)[-1]
        if self.options and stray(arguments):
            return Unknown(f"an argument of {self.name} is computed, and may set {option}"), ""
        if other := next((name for name in self.more if given(arguments, (name,))), None):
            return Unknown(f"{other} of {self.name} starts processes beside its workers"), ""
        if said := list(values(arguments, self.options)):
            return most(said, f"{option} of {self.name}", variables), f"{option} "
        if (found := first_setting(self.settings, variables)) is not None:
            return found[0], f"with {found[1]}="
        return self.otherwise, f"without {option}, so with "


_THREADS = {"thread", "greenlet"}
_EVERY_CPU = Unknown("the command has no --processes, without which dramatiq starts one for every CPU of the host,")
_DRAMATIQ = ("dramatiq", "dramatiq-gevent", "rundramatiq")
"""As a program, and as the subcommand of manage.py that starts it."""
_QUEUES = (
    *(
        TaskQueue(
            name=name,
            options=("-p", "--processes"),
            otherwise=_EVERY_CPU,
            threads=("-t", "--threads"),
            more=("-f", "--fork-function"),
        )
        for name in _DRAMATIQ
    ),
    TaskQueue(name="taskiq", command="worker", options=("-w", "--workers"), otherwise=2, more=("--use-process-pool",)),
    TaskQueue(name="rq", command="worker-pool", options=("-n", "--num-workers"), otherwise=1),
    *(
        TaskQueue(name=name, options=("-w", "--workers"), otherwise=1, kinds=("-k", "--worker-type"))
        for name in ("run_huey", "huey_consumer", "huey_consumer.py", "huey")
    ),
    TaskQueue(
        name="sidekiqswarm",
        options=(),
        settings=("SIDEKIQ_COUNT",),
        otherwise=Unknown("SIDEKIQ_COUNT is not set, without which sidekiqswarm starts one for every CPU of the host,"),
        threads=("-c", "--concurrency"),
    ),
)
TASK_QUEUES = {queue.name: queue for queue in _QUEUES}
"""By the name of the program."""
