"""The kinds of workload that a document can hold, one module each."""

from collections.abc import Mapping

from constructs_lib.budget.workloads.celery import Celery, CeleryPool
from constructs_lib.budget.workloads.function import Function
from constructs_lib.budget.workloads.reservation import Reservation
from constructs_lib.budget.workloads.service import Service
from constructs_lib.budget.workloads.sized import SizedWorkload
from constructs_lib.budget.workloads.task import Task
from constructs_lib.budget.workloads.workload import PooledWorkload, TaskWorkload, Workload

KINDS: Mapping[str, type[Workload]] = {kind.kind: kind for kind in (Service, Celery, Task, Function, Reservation)}

__all__ = [
    "KINDS",
    "Celery",
    "CeleryPool",
    "Function",
    "PooledWorkload",
    "Reservation",
    "Service",
    "SizedWorkload",
    "Task",
    "TaskWorkload",
    "Workload",
]
