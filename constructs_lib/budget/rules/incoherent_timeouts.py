"""Waiting for a connection can take longer than whoever asked waits for the answer."""

from collections.abc import Iterator

from constructs_lib.budget.document import Document
from constructs_lib.budget.finding import Severity, Subject
from constructs_lib.budget.rules.rule import Rule
from constructs_lib.budget.tally import Tally
from constructs_lib.budget.workloads import PooledWorkload, SizedWorkload


def _look(tally: Tally) -> Iterator[tuple[Subject, str, str]]:
    document = tally.document
    for name, workload in document.workloads.items():
        if not isinstance(workload, PooledWorkload):
            continue
        borrow, waited = _borrow_timeout(workload, document), workload.pool_timeout
        patience = workload.request_timeout
        if patience is None and borrow is None:
            continue
        if isinstance(patience, int) and waited + (borrow or 0) >= patience:
            words = f"{waited} s for the pool (pool_timeout)"
            if borrow is not None:
                words += f" and then {borrow} s for {workload.proxy} (its borrow timeout)"
            yield (
                Subject("workloads", name),
                f"{name} can wait {words}, and whoever asked has gone after {patience} s",
                f"let them add up to less than {patience} s: pool_timeout={max(1, (patience - (borrow or 0)) // 2)}"
                if (borrow or 0) + 1 < patience
                else f"a borrow timeout well below {patience} s, then a pool_timeout of what it leaves",
            )
        elif borrow is not None and borrow > waited:
            yield (
                Subject("workloads", name),
                (
                    f"{name} relies on sharing the connections of {workload.proxy}, where a session waits up to"
                    f" {borrow} s and holds its place in the pool; who waits for that place gives up after {waited} s"
                    " (pool_timeout) and reports a full pool"
                ),
                f"a borrow timeout of at most {waited} s for {workload.proxy}, so that the cause is reported first",
            )


def _borrow_timeout(workload: PooledWorkload, document: Document) -> int | None:
    """How long a session may wait inside the proxy; None where it never does, as it has a connection to itself."""
    if workload.proxy is None or not isinstance(workload, SizedWorkload) or workload.multiplexing == 1:
        return None
    borrow = document.proxies[workload.proxy].borrow_timeout
    return borrow if isinstance(borrow, int) else None


RULE = Rule(
    id="incoherent-timeouts",
    severity=Severity.WARNING,
    title="waiting for a connection outlasts whoever asked",
    why="the answer comes to nobody while the request still holds its place, and the repeated request takes another",
    example=(
        "pool_timeout is 60 s behind a load balancer whose idle timeout is 60 s: the client has its 504 before the"
        " application gives up"
    ),
    remedy="pool_timeout plus the proxy's borrow timeout below the load balancer's idle timeout",
    source=(
        'Elastic Load Balancing, "Edit attributes for your Application Load Balancer";'
        ' Amazon RDS User Guide, "RDS Proxy connection considerations"'
    ),
    look=_look,
)
