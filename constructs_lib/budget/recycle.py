"""After how long a pooled connection is replaced."""

from constructs_lib.budget.document import Document
from constructs_lib.budget.variables import IAM_RECYCLE_S
from constructs_lib.budget.workloads import PooledWorkload

LONGEST_S = 1800
"""Half an hour: well inside every idle timeout of RDS, and a failover's new addresses are picked up by then."""


def pool_recycle_s(workload: PooledWorkload, document: Document) -> int:
    """What the user fixed; else the smallest of what the budget stays below, and at least 1 s.

    Half an hour, half of the proxy's idle client timeout and of any other on the way, 800 s with IAM tokens.
    """
    if workload.pool_recycle is not None:
        return workload.pool_recycle
    bounds = [LONGEST_S]
    bounds += [timeout // 2 for timeout in idle_timeouts(workload, document).values()]
    if workload.iam_auth:
        bounds.append(IAM_RECYCLE_S)
    return max(1, min(bounds))


def idle_timeouts(workload: PooledWorkload, document: Document) -> dict[str, int]:
    """What drops an idle connection on its way to the server, and after how many seconds."""
    timeouts = {} if workload.idle_timeout is None else {"the idle timeout on the way": workload.idle_timeout}
    if workload.proxy is not None:
        idle = document.proxies[workload.proxy].idle_client_timeout_s
        timeouts[f"the idle client timeout of {workload.proxy}"] = idle
    return timeouts
