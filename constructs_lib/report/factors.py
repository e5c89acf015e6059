"""A workload's factors in short, for a table."""

from constructs_lib.budget.fleet import Deployment
from constructs_lib.budget.workloads import (
    Celery,
    CeleryPool,
    Function,
    PooledWorkload,
    Service,
    Task,
    TaskWorkload,
    Workload,
)
from constructs_lib.limits import Unknown


def factors(workload: Workload) -> str:
    """Such as `4 → 8 × 200 % × 2`; an asterisk marks an assumption, a question mark an unknown."""
    if not isinstance(workload, PooledWorkload):
        return "reserved"
    parts = []
    if isinstance(workload, TaskWorkload):
        parts += [_tasks(workload), _surge(workload)]
    if isinstance(workload, Task):
        overlap = _marked(workload, "overlap")
        parts += [_marked(workload, "tasks"), f"{overlap} {'run' if workload.overlap == 1 else 'runs'}"]
    if isinstance(workload, Function):
        noun = "environment" if workload.reserved_concurrency == 1 else "environments"
        parts.append(f"{_marked(workload, 'reserved_concurrency')} {noun}")
    if isinstance(workload, (Service, Task)):
        parts.append(_marked(workload, "processes"))
    if isinstance(workload, Celery):
        concurrency = _marked(workload, "concurrency")
        parts.append(concurrency if workload.pool is CeleryPool.PREFORK else f"1 {workload.pool.value} pool")
    return " × ".join([*parts, *_pool_factors(workload)]) + (_beside(workload) if isinstance(workload, Celery) else "")


def _pool_factors(workload: PooledWorkload) -> list[str]:
    mark = _mark(workload, "containers")
    return [f"{factor}{mark if factor.endswith(' containers') else ''}" for factor in workload.pool_factors()]


def _beside(workload: Celery) -> str:
    """What Celery opens beside its pools."""
    words = ["results"] if workload.result_backend else []
    words += [f"{_marked(workload, 'extra_connections')} extra"] if workload.extra_connections else []
    return "".join(f" + {word}" for word in words)


def _tasks(workload: TaskWorkload) -> str:
    tasks = _marked(workload, "tasks")
    if workload.max_tasks is None:  # that nothing scales it may be an assumption as well
        return tasks if tasks[-1] in "*?" else f"{tasks}{_mark(workload, 'max_tasks')}"
    return tasks if workload.max_tasks == workload.tasks else f"{tasks} → {_marked(workload, 'max_tasks')}"


def _surge(workload: TaskWorkload) -> str:
    if workload.deployment is Deployment.ROLLING:
        return f"{_marked(workload, 'maximum_percent')} %"
    sets = workload.fleet.sets
    bake = f", bake {workload.bake_time} min" if isinstance(workload.bake_time, int) else ""
    return f"{'?' if isinstance(sets, Unknown) else sets} sets ({_marked(workload, 'deployment')}{bake})"


def _marked(workload: PooledWorkload, key: str) -> str:
    value = getattr(workload, key)
    if isinstance(value, Unknown):
        return "?"
    return f"{getattr(value, 'value', value)}{_mark(workload, key)}"


def _mark(workload: Workload, key: str) -> str:
    return "*" if key in workload.assumed_keys() else ""
