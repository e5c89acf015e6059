"""A pool keeps connections for longer than something on the way does."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.recycle import idle_timeouts
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.workloads import PooledWorkload


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, workload in document.workloads.items():
        if not isinstance(workload, PooledWorkload) or workload.pool_recycle is None:
            continue  # what the budget chooses stays below every timeout
        timeouts = idle_timeouts(workload, document)
        beyond = {what: timeout for what, timeout in timeouts.items() if workload.pool_recycle >= timeout}
        if beyond:
            yield (
                Subject("workloads", name),
                (
                    f"{name} keeps a connection for {workload.pool_recycle} s and can be handed one that was dropped:"
                    f" {' and '.join(f'{what} is {timeout} s' for what, timeout in beyond.items())}"
                ),
                f"pool_recycle={max(1, min(timeouts.values()) // 2)} for {name}, or leave it out to have it chosen",
            )


RULE = Rule(
    id="recycle-beyond-timeout",
    severity=Severity.WARNING,
    title="a pool keeps connections for longer than something on the way does",
    why="a connection that was dropped on the way is found dead when it is used next, one reconnection for each",
    example="pool_recycle is 3600 behind a proxy whose idle client timeout is 1800 s: idle connections are dead first",
    remedy="a pool_recycle below every idle timeout on the way, half of the smallest at the most",
    source='Amazon RDS User Guide, "RDS Proxy connection considerations"; SQLAlchemy, "Dealing with Disconnects"',
    look=_look,
)
