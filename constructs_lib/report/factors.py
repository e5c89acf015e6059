"""A workload's factors in short, for a table."""

from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.source import Source
from constructs_lib.budget.workloads import Celery, CeleryPool, Service, TaskWorkload, Workload
from constructs_lib.limits import Unknown


def factors(workload: Workload) -> str:
    """Such as `4 → 8 × 200 % × 2`; an asterisk marks an assumption, a question mark an unknown."""
    if not isinstance(workload, TaskWorkload):
        return "reserved"
    parts = [_tasks(workload), _surge(workload)]
    if isinstance(workload, Service):
        parts.append(_marked(workload, "processes"))
    if isinstance(workload, Celery):
        concurrency = _marked(workload, "concurrency")
        parts.append(concurrency if workload.pool is CeleryPool.PREFORK else f"1 {workload.pool.value} pool")
    return " × ".join([*parts, *workload.pool_factors()])


def _tasks(workload: TaskWorkload) -> str:
    tasks = _marked(workload, "tasks")
    return tasks if workload.max_tasks in {None, workload.tasks} else f"{tasks} → {_marked(workload, 'max_tasks')}"


def _surge(workload: TaskWorkload) -> str:
    if workload.deployment is Deployment.ROLLING:
        return f"{_marked(workload, 'maximum_percent')} %"
    return f"2 sets ({_marked(workload, 'deployment')})"


def _marked(workload: TaskWorkload, key: str) -> str:
    value = getattr(workload, key)
    if isinstance(value, Unknown):
        return "?"
    assumed = workload.given.get(key, Source.ASSUMED if workload.fields[key].assumption else None) is Source.ASSUMED
    return f"{getattr(value, 'value', value)}{'*' if assumed else ''}"
