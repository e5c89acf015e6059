"""After how long a pooled connection is replaced."""

from constructs_lib.budget.document import Document
from constructs_lib.budget.variables import IAM_RECYCLE_S
from constructs_lib.budget.workloads import TaskWorkload

LONGEST_S = 1800
"""Half an hour: well inside every idle timeout of RDS, and a failover's new addresses are picked up by then."""


def pool_recycle_s(workload: TaskWorkload, document: Document) -> int:
    """The smallest of half an hour, half the proxy's idle client timeout, and 800 s with IAM tokens; at least 1 s."""
    bounds = [LONGEST_S]
    if workload.proxy is not None:
        bounds.append(document.proxies[workload.proxy].idle_client_timeout_s // 2)
    if workload.iam_auth:
        bounds.append(IAM_RECYCLE_S)
    return max(1, min(bounds))
