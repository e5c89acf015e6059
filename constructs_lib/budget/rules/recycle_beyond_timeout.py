"""A pool keeps connections for longer than something on the way does."""

from collections.abc import Iterator

from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.recycle import idle_timeouts
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.variables import IAM_RECYCLE_S
from constructs_lib.budget.workloads import PooledWorkload


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, workload in document.workloads.items():
        if not isinstance(workload, PooledWorkload) or workload.pool_recycle is None:
            continue  # what the budget chooses stays below every timeout
        recycle, timeouts = workload.pool_recycle, idle_timeouts(workload, document)
        bounds = [timeout // 2 for timeout in timeouts.values()] + ([IAM_RECYCLE_S] if workload.iam_auth else [])
        fix = f"pool_recycle={max(1, min(bounds, default=1))} for {name}, or leave it out to have it chosen"
        beyond = {what: timeout for what, timeout in timeouts.items() if recycle >= timeout}
        if beyond:
            yield (
                Subject("workloads", name),
                (
                    f"{name} keeps a connection for {recycle} s and can be handed one that was dropped:"
                    f" {' and '.join(f'{what} is {timeout} s' for what, timeout in beyond.items())}"
                ),
                fix,
            )
        elif workload.iam_auth and recycle > IAM_RECYCLE_S:
            yield (
                Subject("workloads", name),
                (
                    f"{name} keeps a connection for {recycle} s and opens it with an IAM token, which is good for"
                    f" 900 s and checked only then: the budget keeps none for more than {IAM_RECYCLE_S} s"
                ),
                fix,
            )


RULE = Rule(
    id="recycle-beyond-timeout",
    severity=Severity.WARNING,
    title="a pool keeps connections for longer than something on the way does",
    why="a connection that was dropped on the way is found dead when it is used next, one reconnection for each",
    example="pool_recycle is 3600 behind a proxy whose idle client timeout is 1800 s: idle connections are dead first",
    remedy="a pool_recycle below every idle timeout on the way, half of the smallest at the most; 800 s with IAM",
    source='Amazon RDS User Guide, "RDS Proxy connection considerations"; SQLAlchemy, "Dealing with Disconnects"',
    look=_look,
)
